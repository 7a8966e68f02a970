namespace Swarm.Core.Engines;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">The exit code of its process; 0 also for a container that never ran.</param>
/// <param name="Error">What the engine says went wrong while it waited, or that it was killed for its memory; <see langword="null"/> for nothing.</param>
public sealed record ContainerExit(long ExitCode, string? Error = null)
{
    /// <summary>Gets whether a process of it was killed because the container took more memory than it may have, or its machine had. Of a container that is gone as soon as it ends, such as one that removes itself, that need not be known.</summary>
    public bool RanOutOfMemory { get; init; }
}
