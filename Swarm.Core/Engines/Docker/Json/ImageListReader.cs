using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /images/json</c>.</summary>
internal static class ImageListReader
{
    public static ImmutableArray<ImageView> Read(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "image list", DocumentReader.ListLimit);
        var images = ImmutableArray.CreateBuilder<ImageView>();
        if (json.BeginList())
        {
            while (json.NextItem())
            {
                images.Add(ReadOne(ref json));
            }
        }

        json.End();
        return images.ToImmutable();
    }

    private static ImageView ReadOne(ref DocumentReader json)
    {
        var id = "";
        ImmutableArray<string> tags = [], digests = [];
        var labels = LabelSet.Empty;
        DateTimeOffset? created = null;
        var size = 0L;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Id"u8))
                {
                    id = json.String();
                }
                else if (json.Is("RepoTags"u8))
                {
                    tags = json.Strings();
                }
                else if (json.Is("RepoDigests"u8))
                {
                    digests = json.Strings();
                }
                else if (json.Is("Labels"u8))
                {
                    labels = json.Labels();
                }
                else if (json.Is("Created"u8))
                {
                    created = json.UnixTime();
                }
                else if (json.Is("Size"u8))
                {
                    size = json.Int64();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return id.Length == 0
            ? throw json.Fault("has no Id")
            : new ImageView { Id = id, RepoTags = tags, RepoDigests = digests, Labels = labels, Created = created, SizeBytes = size };
    }
}
