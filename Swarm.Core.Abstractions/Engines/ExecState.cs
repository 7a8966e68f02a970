namespace Swarm.Core.Engines;

/// <summary>What an engine knows of a process that was run in a container.</summary>
public sealed record ExecState
{
    /// <summary>Gets the ID of the exec.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the full ID of the container.</summary>
    public required string ContainerId { get; init; }

    /// <summary>Gets whether the process runs.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Gets the exit code; <see langword="null"/> until it ended. Code 126 or 127 also stands for a process that could not be started, and its output says why.</summary>
    public long? ExitCode { get; init; }

    /// <summary>Gets whether the process has a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Gets the process ID on the engine's machine; <see langword="null"/> when it was never started.</summary>
    public int? ProcessId { get; init; }
}
