using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /containers/json</c>.</summary>
internal static class ContainerListReader
{
    public static ImmutableArray<ContainerSummary> Read(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "container list", DocumentReader.ListLimit);
        var containers = ImmutableArray.CreateBuilder<ContainerSummary>();
        if (json.BeginList())
        {
            while (json.NextItem())
            {
                containers.Add(ReadOne(ref json));
            }
        }

        json.End();
        return containers.ToImmutable();
    }

    private static ContainerSummary ReadOne(ref DocumentReader json)
    {
        string id = "", image = "", imageId = "", status = "";
        ImmutableArray<string> names = [];
        var labels = LabelSet.Empty;
        var state = ContainerState.Unknown;
        DateTimeOffset? created = null;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Id"u8))
                {
                    id = json.ContainerId();
                }
                else if (json.Is("Names"u8))
                {
                    names = json.Strings();
                }
                else if (json.Is("Image"u8))
                {
                    image = json.String();
                }
                else if (json.Is("ImageID"u8))
                {
                    imageId = json.String();
                }
                else if (json.Is("Labels"u8))
                {
                    labels = json.Labels();
                }
                else if (json.Is("State"u8))
                {
                    state = json.State();
                }
                else if (json.Is("Status"u8))
                {
                    status = json.String();
                }
                else if (json.Is("Created"u8))
                {
                    created = json.UnixTime();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        if (id.Length == 0)
        {
            throw json.Fault("has no Id");
        }

        return new ContainerSummary
        {
            Id = id,
            Names = names,
            Image = image,
            ImageId = imageId,
            Labels = labels,
            State = state,
            Status = status,
            Created = created ?? DateTimeOffset.UnixEpoch,
        };
    }
}
