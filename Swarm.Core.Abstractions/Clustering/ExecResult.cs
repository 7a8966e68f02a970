using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>How a process ended that was run in a container.</summary>
/// <param name="ExitCode">Its exit code. Code 126 or 127 also stands for a process that could not be started, and the output says why.</param>
/// <param name="Output">What it wrote.</param>
public sealed record ExecResult(long ExitCode, CollectedOutput Output);
