using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>How a container ended that was run to its end.</summary>
/// <param name="Container">The container as it was when it had started.</param>
/// <param name="ExitCode">The exit code of its process.</param>
/// <param name="Error">What the engine says went wrong, or that it was killed for its memory; <see langword="null"/> for nothing.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="IsOutputComplete">Whether nothing of the output was missed. It may be when the connection was lost meanwhile and the container's log cannot be read, or its logging driver need not keep all: any but <c>json-file</c> without a limit of size.</param>
public sealed record CompletedRun(ClusterContainer Container, long ExitCode, string? Error, CollectedOutput Output, bool IsOutputComplete)
{
    /// <summary>Gets whether a process of it was killed because the container took more memory than it may have, or its machine had: what tells an exit code of 137 that comes of that from a kill. Of a container that removes itself that need not be known.</summary>
    public bool RanOutOfMemory { get; init; }
}
