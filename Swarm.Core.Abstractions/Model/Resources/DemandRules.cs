namespace Swarm.Core.Model;

/// <summary>Which limits of a container count as what it takes. They hold for requests, promises, updates and what engines show alike.</summary>
internal sealed record DemandRules
{
    /// <summary>Gets the rules of a cluster that sets no option: hard limit of memory, nano-CPUs or else quota by period.</summary>
    public static DemandRules Default { get; } = new();

    /// <summary>Gets whether CPU shares are a number of CPUs, as classic Swarm has it. Where they are 0 the CPU limit counts.</summary>
    public bool CpuSharesAsCpus { get; init; }

    /// <summary>Gets whether a memory reservation, where there is one, counts as the demand in place of the limit.</summary>
    public bool CountMemoryReservation { get; init; }
}
