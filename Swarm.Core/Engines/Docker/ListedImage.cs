using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Finds an image in the list of an engine, for where the engine cannot be asked for it.</summary>
internal static class ListedImage
{
    private const string Hub = "docker.io/";
    private const string Library = "library/";
    private const string IdPrefix = "sha256:";
    private const int ShortestId = 12;

    /// <summary>Tells whether an image is the one that is meant.</summary>
    /// <param name="image">An image of the list.</param>
    /// <param name="reference">What is meant; must be plausible.</param>
    /// <returns>Whether it is, by its ID, a digest or a tag. What names no registry is Docker Hub's, and engines write that with and without it.</returns>
    public static bool Is(ImageView image, string reference)
    {
        if (IsId(image.Id, reference))
        {
            return true;
        }

        var meant = ImageReference.Split(reference);
        var (repository, version) = (Familiar(meant.Repository), meant.Version);
        foreach (var name in meant.Digest is null ? image.RepoTags : image.RepoDigests)
        {
            var listed = ImageReference.Split(name);
            if (string.Equals(listed.Version, version, StringComparison.Ordinal) && Familiar(listed.Repository).Equals(repository, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsId(string id, string reference)
    {
        var (whole, part) = (WithoutPrefix(id), WithoutPrefix(reference));
        return part.Length >= ShortestId && whole.StartsWith(part, StringComparison.Ordinal);
    }

    private static string WithoutPrefix(string id) => id.StartsWith(IdPrefix, StringComparison.Ordinal) ? id[IdPrefix.Length..] : id;

    private static string Familiar(string repository)
    {
        var name = repository.StartsWith(Hub, StringComparison.Ordinal) ? repository[Hub.Length..] : repository;
        return name.StartsWith(Library, StringComparison.Ordinal) ? name[Library.Length..] : name;
    }
}
