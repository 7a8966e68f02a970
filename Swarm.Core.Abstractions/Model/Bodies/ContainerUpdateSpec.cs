namespace Swarm.Core.Model;

/// <summary>What is to change of a container that exists, in types: its limits and its restart policy. What is not set stays as it is.</summary>
/// <remarks>
/// A plain record: set what is to change. Engines take 0 for "leave it", so a limit cannot be taken away but for those that say so here. An
/// engine has rules of its own on what fits together: memory beyond the present limit of memory and swap needs <see cref="MemorySwapBytes"/>
/// in the same update, and a container limited by <see cref="NanoCpus"/> cannot change to a quota or back. Immutable.
/// </remarks>
public sealed record ContainerUpdateSpec
{
    private readonly string _cpusetCpus = "";
    private readonly RestartPolicy? _restartPolicy;

    /// <summary>Gets the memory limit, in bytes; 0 to leave it. What scheduling counts unless the cluster counts reservations.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets the memory the engine tries to leave the container under pressure, in bytes; 0 to leave it. What scheduling counts in a cluster that counts reservations.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Gets memory and swap together, in bytes; 0 to leave it, -1 for no limit of swap.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>Gets the CPU limit, in billionths of a CPU; 0 to leave it. What scheduling counts.</summary>
    public long NanoCpus { get; init; }

    /// <summary>
    /// Gets the weight against other containers when the CPU is short; 0 to leave it. A number of CPUs, and what scheduling counts, for
    /// containers that were created by a cluster that counts shares as CPUs, in such a cluster.
    /// </summary>
    public long CpuShares { get; init; }

    /// <summary>Gets the CPU time per period, in microseconds; 0 to leave it, -1 for no limit. Scheduling counts it where the container has no limit in nano-CPUs.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Gets the period of the quota, in microseconds; 0 to leave it.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Gets the CPUs the container may run on, for example <c>0-2,7</c>; empty to leave them.</summary>
    public string CpusetCpus
    {
        get => _cpusetCpus;
        init => _cpusetCpus = value ?? "";
    }

    /// <summary>Gets how many processes and threads it may have; <see langword="null"/> to leave it, 0 or -1 for no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Gets when the engine starts the container again by itself; <see langword="null"/> to leave it.</summary>
    public RestartPolicy? RestartPolicy
    {
        get => _restartPolicy;
        init => _restartPolicy = value is { Name: "" or null } ? null : value;
    }

    /// <summary>Gets the limits that may count as demand.</summary>
    internal ContainerLimits Limits => new(MemoryBytes, MemoryReservationBytes, NanoCpus, CpuQuota, CpuPeriod, CpuShares);

    /// <summary>Returns what a container with these settings has after an update, as the engine merges them.</summary>
    internal ContainerUpdateSpec With(ContainerUpdateSpec update) => this with
    {
        MemoryBytes = Or(update.MemoryBytes, MemoryBytes),
        MemoryReservationBytes = Or(update.MemoryReservationBytes, MemoryReservationBytes),
        MemorySwapBytes = Or(update.MemorySwapBytes, MemorySwapBytes),
        NanoCpus = Or(update.NanoCpus, NanoCpus),
        CpuShares = Or(update.CpuShares, CpuShares),
        CpuQuota = Or(update.CpuQuota, CpuQuota),
        CpuPeriod = Or(update.CpuPeriod, CpuPeriod),
        CpusetCpus = update.CpusetCpus.Length > 0 ? update.CpusetCpus : CpusetCpus,
        PidsLimit = update.PidsLimit is null ? PidsLimit : Math.Max(0, update.PidsLimit.Value),
        RestartPolicy = update.RestartPolicy ?? RestartPolicy,
    };

    private static long Or(long update, long present) => update != 0 ? update : present;
}
