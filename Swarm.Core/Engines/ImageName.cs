using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

/// <summary>An image reference taken apart as the pull call wants it.</summary>
/// <param name="Repository">The repository, with its registry if one is named.</param>
/// <param name="Version">The tag or the digest.</param>
internal readonly record struct ImageName(string Repository, string Version)
{
    private const int MaxLength = 512;

    /// <summary>Takes a reference apart.</summary>
    /// <param name="reference">The reference; without tag or digest it means <c>latest</c>.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ArgumentException">It is no image reference.</exception>
    public static ImageName Parse(string reference)
    {
        if (!IsPlausible(reference))
        {
            throw new ArgumentException($"'{CleanText.Of(reference)}' is not an image reference.", nameof(reference));
        }

        var at = reference.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            return new ImageName(WithoutTag(reference[..at]), reference[(at + 1)..]);
        }

        var name = WithoutTag(reference);
        return new ImageName(name, name.Length == reference.Length ? "latest" : reference[(name.Length + 1)..]);
    }

    /// <summary>Gets the host of the registry that an image comes from, as docker's own clients find it.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>What stands before the first slash when it has a dot, a colon or a capital, or is <c>localhost</c>; else <c>docker.io</c>, as for its other name <c>index.docker.io</c>.</returns>
    public static string RegistryOf(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? "" : reference[..slash];
        var isHost = host == "localhost" || host.AsSpan().ContainsAny('.', ':') || host.AsSpan().ContainsAnyInRange('A', 'Z');
        return isHost && host != "index.docker.io" ? host : "docker.io";
    }

    /// <summary>Tells whether a text can be an image reference or image ID, so that it may stand in a path.</summary>
    /// <param name="reference">The text.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsPlausible(string reference)
    {
        if (reference.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (var segment in reference.Split('/', '@', ':'))
        {
            if (segment.Length == 0 || !char.IsAsciiLetterOrDigit(segment[^1]) || !segment.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+'))
            {
                return false;
            }
        }

        return true;
    }

    // A colon before the last slash belongs to the registry's port.
    private static string WithoutTag(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
