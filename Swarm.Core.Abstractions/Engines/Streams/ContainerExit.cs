namespace Swarm.Core.Engines;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">The exit code of its process; 0 also for a container that never ran.</param>
/// <param name="Error">What the engine says went wrong while it waited; <see langword="null"/> for nothing.</param>
public sealed record ContainerExit(long ExitCode, string? Error = null);
