using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>A process that is run in a simulated container. Its engine's lock guards it.</summary>
internal sealed class InMemoryExec
{
    public required string Id { get; init; }

    public required InMemoryContainer Container { get; init; }

    public required ExecConfig Config { get; init; }

    public required InMemoryProcess Process { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>Gets what to complete, outside the lock, when it was started or never will be.</summary>
    public TaskCompletionSource Started { get; } = new();

    public bool WasStarted { get; set; }

    public bool IsRunning { get; set; }

    public long? ExitCode { get; set; }

    /// <summary>Gets or sets the connection to its outputs, if there is one.</summary>
    public InMemoryPipe? Pipe { get; set; }

    /// <summary>Gets its timers.</summary>
    public List<Alarm> Alarms { get; } = [];

    public int Written { get; set; }
}
