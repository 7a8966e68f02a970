namespace Swarm.Core.Placement;

/// <summary>How a create body is read as demand.</summary>
internal sealed record PlacementRequestOptions
{
    /// <summary>Gets whether CPU shares are a number of CPUs, as classic Swarm has it. Where they are 0 the CPU limit counts.</summary>
    public bool CpuSharesAsCpus { get; init; }

    /// <summary>Gets whether a memory reservation, where there is one, counts as the demand in place of the limit.</summary>
    public bool HonourMemoryReservation { get; init; }
}
