using System.Buffers;
using System.Globalization;
using System.Net;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>An image reference taken apart. Nothing is normalised: neither registry nor tag is filled in.</summary>
/// <param name="Repository">The repository, with its registry if one is named.</param>
/// <param name="Tag">The tag; <see langword="null"/> when there is none.</param>
/// <param name="Digest">The digest; <see langword="null"/> when there is none.</param>
internal readonly record struct ImageReference(string Repository, string? Tag, string? Digest)
{
    private const int MaxLength = 512;
    private const int MaxTag = 128;
    private const string IdPrefix = "sha256:";

    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> _addressCharacters = SearchValues.Create("0123456789abcdefABCDEF:");

    /// <summary>Gets what the pull call wants beside the repository: the digest, else the tag, else <c>latest</c>.</summary>
    public string Version => Digest ?? Tag ?? "latest";

    /// <summary>Takes a reference apart.</summary>
    /// <param name="reference">The reference.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ArgumentException">It is no image reference.</exception>
    public static ImageReference Parse(string reference) => IsPlausible(reference)
        ? Split(reference)
        : throw new ArgumentException($"'{Shown(reference)}' is not an image reference.", nameof(reference));

    /// <summary>Takes apart what may be no reference, without judging it.</summary>
    /// <param name="reference">The text.</param>
    /// <returns>The parts.</returns>
    public static ImageReference Split(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : reference[(at + 1)..];
        var name = at < 0 ? reference : reference[..at];
        var repository = WithoutTag(name);
        return new ImageReference(repository.ToString(), repository.Length == name.Length ? null : name[(repository.Length + 1)..], digest);
    }

    /// <summary>Returns the repository of a reference as classic Swarm sees it: what stands before the digest, a tag included, or else before the tag.</summary>
    /// <param name="reference">The reference, for example <c>registry:5000/team/app:1.2</c>.</param>
    /// <returns>The repository, for example <c>registry:5000/team/app</c>.</returns>
    public static ReadOnlySpan<char> RepositoryOf(ReadOnlySpan<char> reference)
    {
        var digest = reference.IndexOf('@');
        return digest >= 0 ? reference[..digest] : WithoutTag(reference);
    }

    /// <summary>Tells whether a reference says that it is of Docker Hub.</summary>
    /// <param name="reference">The reference.</param>
    /// <returns>Whether it begins with a name of that registry.</returns>
    public static bool NamesDockerHub(ReadOnlySpan<char> reference) => reference.StartsWith("docker.io/") || reference.StartsWith("index.docker.io/");

    /// <summary>Returns a reference as Docker says it: without the registry of Docker Hub, and without the <c>library</c> of the images that have no other owner. Podman says both.</summary>
    /// <param name="reference">The reference, for example <c>docker.io/library/nginx:1.27</c>.</param>
    /// <returns>The familiar name, for example <c>nginx:1.27</c>.</returns>
    public static ReadOnlySpan<char> FamiliarOf(ReadOnlySpan<char> reference)
    {
        var name = reference.StartsWith("docker.io/") ? reference["docker.io/".Length..]
            : reference.StartsWith("index.docker.io/") ? reference["index.docker.io/".Length..]
            : reference;
        return name.StartsWith("library/") && !name["library/".Length..].Contains('/') ? name["library/".Length..] : name;
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

        var (repository, tag, digest) = Split(reference);
        return (tag is null || IsTag(tag)) && (digest is null || digest.Split(':').All(IsSegment)) && IsRepository(repository);
    }

    /// <summary>Tells whether a text is the whole ID of an image, which no registry can be asked for.</summary>
    /// <param name="reference">The text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsId(string reference)
    {
        const int Digits = 64;
        var digits = reference.StartsWith(IdPrefix, StringComparison.Ordinal) ? reference.AsSpan(IdPrefix.Length) : reference;
        return digits.Length == Digits && !digits.ContainsAnyExcept(_digits);
    }

    // What follows a user and a password is a registry and a path; what follows a tag is a digest, which has none.
    private static string Shown(string text) => text.AsSpan(text.LastIndexOf('@') + 1).Contains('/') ? AddressText.Of(text) : CleanText.Of(text);

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MaxTag && tag[0] is not ('.' or '-') && tag.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    private static bool IsRepository(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? "" : repository[..slash];
        var path = repository;
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || host.AsSpan(1, end - 1).ContainsAnyExcept(_addressCharacters) || !IPAddress.TryParse(host.AsSpan(1, end - 1), out _) || !IsPort(host[(end + 1)..]))
            {
                return false;
            }

            path = repository[(slash + 1)..];
        }

        return path.Split('/', ':').All(IsSegment);
    }

    private static bool IsPort(string text) => text.Length == 0 || (text[0] == ':' && ushort.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static bool IsSegment(string segment) =>
        segment.Length > 0 && char.IsAsciiLetterOrDigit(segment[^1]) && segment.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+');

    // What follows the last colon is a port, not a tag, when a slash comes after it.
    private static ReadOnlySpan<char> WithoutTag(ReadOnlySpan<char> name)
    {
        var colon = name.LastIndexOf(':');
        return colon >= 0 && !name[colon..].Contains('/') ? name[..colon] : name;
    }
}
