using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What the engine makes of image references: which it refuses, and what it fills in.</summary>
internal static class DaemonImageReference
{
    /// <summary>Says what is wrong with a reference in the engine's words, or returns <see langword="null"/>.</summary>
    public static string? Validate(string reference)
    {
        var (repository, tag, digest) = ImageReference.Split(reference);
        if (repository.Length == 0 || (tag is null && digest is null && reference.EndsWith(':')))
        {
            return "invalid reference format";
        }

        // A host in front of the first slash may have capitals; the path may not.
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var hasHost = slash > 0 && repository.AsSpan(0, slash).IndexOfAny('.', ':') >= 0;
        var path = hasHost ? repository[(slash + 1)..] : repository;
        if (path.AsSpan().IndexOfAnyInRange('A', 'Z') >= 0)
        {
            return "invalid reference format: repository name must be lowercase";
        }

        var wrongPath = path.Length == 0 || path.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '/'))
            || path.Split('/').Any(part => part.Length == 0 || !char.IsAsciiLetterOrDigit(part[0]) || !char.IsAsciiLetterOrDigit(part[^1]));
        var wrongTag = tag is not null && (tag.Length is 0 or > 128 || tag[0] is '.' or '-'
            || tag.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')));
        return wrongPath || wrongTag ? "invalid reference format" : null;
    }

    /// <summary>Returns the reference with the tag <c>latest</c> when it has neither tag nor digest, without the parts that only name the default registry.</summary>
    public static string WithTag(string reference)
    {
        var (repository, tag, digest) = ImageReference.Split(reference);
        foreach (var prefix in (ReadOnlySpan<string>)["docker.io/", "index.docker.io/"])
        {
            if (repository.StartsWith(prefix, StringComparison.Ordinal))
            {
                repository = repository[prefix.Length..];
            }
        }

        if (repository.StartsWith("library/", StringComparison.Ordinal))
        {
            repository = repository["library/".Length..];
        }

        return digest is not null ? $"{repository}@{digest}" : $"{repository}:{(string.IsNullOrEmpty(tag) ? "latest" : tag)}";
    }
}
