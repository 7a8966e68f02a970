namespace Swarm.Core.Testing;

/// <summary>One run of a container's process.</summary>
internal sealed class InMemoryRun
{
    /// <summary>Gets what to complete, outside the lock, when the run is over.</summary>
    public TaskCompletionSource Ended { get; } = new();

    /// <summary>Gets or sets the timer at which the process ends by itself.</summary>
    public Alarm? End { get; set; }

    /// <summary>Gets or sets the timer at which the daemon loses patience with a process that was asked to stop.</summary>
    public Alarm? Patience { get; set; }

    /// <summary>Gets or sets whether a stop call waits for the end.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Gets or sets what to complete, outside the lock, once the container runs again after a restart call stopped it.</summary>
    public TaskCompletionSource? Restarted { get; set; }

    /// <summary>Gets or sets the exit code of a process that ended while no daemon was there to see it.</summary>
    public int? UnseenExitCode { get; set; }

    public DateTimeOffset UnseenEnd { get; set; }
}
