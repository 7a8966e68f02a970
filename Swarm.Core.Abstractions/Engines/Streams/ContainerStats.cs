namespace Swarm.Core.Engines;

/// <summary>What a container used up to one moment. A number the engine did not give is <see langword="null"/>; for a container that does not run that is all of them.</summary>
public sealed record ContainerStats
{
    /// <summary>Gets when the engine looked; <see langword="null"/> when the container does not run.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Gets the processor time used since the start, in nanoseconds.</summary>
    public long? CpuNanoseconds { get; init; }

    /// <summary>Gets how many processors were busy with the container since the reading before: 1.5 is one and a half. <see langword="null"/> where there was none before.</summary>
    public double? CpusInUse { get; init; }

    /// <summary>Gets how many processors the container may run on.</summary>
    public int? OnlineCpus { get; init; }

    /// <summary>Gets how often the container was held back by its CPU quota.</summary>
    public long? ThrottledPeriods { get; init; }

    /// <summary>Gets the memory in use without what can be given back at once (inactive file cache), in bytes: what <c>docker stats</c> shows.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Gets the most memory the container can have, in bytes: its limit, or that of the machine.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Gets the bytes received over all networks.</summary>
    public long? NetworkReceivedBytes { get; init; }

    /// <summary>Gets the bytes sent over all networks.</summary>
    public long? NetworkSentBytes { get; init; }

    /// <summary>Gets the bytes read from block devices.</summary>
    public long? BlockReadBytes { get; init; }

    /// <summary>Gets the bytes written to block devices.</summary>
    public long? BlockWrittenBytes { get; init; }

    /// <summary>Gets the number of processes and threads.</summary>
    public long? Pids { get; init; }
}
