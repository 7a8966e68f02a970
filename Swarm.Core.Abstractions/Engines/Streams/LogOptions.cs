namespace Swarm.Core.Engines;

/// <summary>Which part of a container's log to read, and how. The defaults read all of it.</summary>
public sealed record LogOptions
{
    /// <summary>Gets whether to read what was written to standard output.</summary>
    public bool StandardOutput { get; init; } = true;

    /// <summary>Gets whether to read what was written to standard error.</summary>
    public bool StandardError { get; init; } = true;

    /// <summary>Gets whether to go on with what is written from now on, until the container ends. One that does not run ends at once.</summary>
    public bool Follow { get; init; }

    /// <summary>Gets where to begin by the engine's clock; <see langword="null"/> for the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets where to end by the engine's clock; <see langword="null"/> for the end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Gets how many of the last lines to read; <see langword="null"/> for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Gets whether each line begins with the time it was written, in RFC 3339 with nanoseconds, and a blank.</summary>
    public bool Timestamps { get; init; }
}
