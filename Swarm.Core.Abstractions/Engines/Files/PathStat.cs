namespace Swarm.Core.Engines;

/// <summary>What is at a path in a container.</summary>
public sealed record PathStat
{
    /// <summary>Gets the last part of the path.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the size in bytes; what a directory says depends on the file system.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Gets the permissions.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>Gets whether it is a directory.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>Gets whether it is a symbolic link.</summary>
    public bool IsSymbolicLink { get; init; }

    /// <summary>Gets where a symbolic link leads, as a path of the container; <see langword="null"/> for anything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Gets when it was changed; <see langword="null"/> when the engine does not say.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }
}
