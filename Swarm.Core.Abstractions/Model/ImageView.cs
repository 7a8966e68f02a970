using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>One image present on an engine.</summary>
public sealed record ImageView
{
    /// <summary>Gets the image ID, for example <c>sha256:…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the tags, for example <c>busybox:latest</c>.</summary>
    public ImmutableArray<string> RepoTags { get; init; } = [];

    /// <summary>Gets the digests, for example <c>busybox@sha256:…</c>.</summary>
    public ImmutableArray<string> RepoDigests { get; init; } = [];

    /// <summary>Gets the labels.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets when the image was built, in UTC; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Gets the size on disk, in bytes.</summary>
    public long SizeBytes { get; init; }
}
