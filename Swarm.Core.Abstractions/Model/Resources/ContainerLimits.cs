namespace Swarm.Core.Model;

/// <summary>The limits of a container that may count as demand, in the units of the engine; 0 where there is none.</summary>
/// <param name="MemoryBytes">HostConfig.Memory.</param>
/// <param name="MemoryReservationBytes">HostConfig.MemoryReservation; below 0 where an update has taken it away.</param>
/// <param name="NanoCpus">HostConfig.NanoCpus.</param>
/// <param name="CpuQuota">HostConfig.CpuQuota in microseconds; below 0 for no limit.</param>
/// <param name="CpuPeriod">HostConfig.CpuPeriod in microseconds.</param>
/// <param name="CpuShares">HostConfig.CpuShares.</param>
internal readonly record struct ContainerLimits(long MemoryBytes, long MemoryReservationBytes, long NanoCpus, long CpuQuota, long CpuPeriod, long CpuShares)
{
    /// <summary>Gets whether nothing limits memory.</summary>
    public bool HasNoMemory => MemoryBytes == 0 && MemoryReservationBytes == 0;

    /// <summary>Gets whether nothing limits CPU time.</summary>
    public bool HasNoCpus => NanoCpus == 0 && CpuQuota == 0 && CpuShares == 0;
}
