using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /volumes</c>.</summary>
internal static class VolumeListReader
{
    public static ImmutableArray<VolumeView> Read(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "volume list", DocumentReader.ListLimit);
        var volumes = ImmutableArray.CreateBuilder<VolumeView>();
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Volumes"u8))
                {
                    ReadAll(ref json, volumes);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        return volumes.ToImmutable();
    }

    private static void ReadAll(ref DocumentReader json, ImmutableArray<VolumeView>.Builder volumes)
    {
        if (json.BeginList())
        {
            while (json.NextItem())
            {
                volumes.Add(ReadOne(ref json));
            }
        }
    }

    private static VolumeView ReadOne(ref DocumentReader json)
    {
        string name = "", driver = "";
        var labels = LabelSet.Empty;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Name"u8))
                {
                    name = json.String();
                }
                else if (json.Is("Driver"u8))
                {
                    driver = json.String();
                }
                else if (json.Is("Labels"u8))
                {
                    labels = json.Labels();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return name.Length == 0 ? throw json.Fault("has no Name") : new VolumeView { Name = name, Driver = driver, Labels = labels };
    }
}
