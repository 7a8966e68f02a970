namespace Swarm.Core.Testing;

/// <summary>What a run of the scenario can be like beside what goes wrong in it: options of the cluster, kinds of machines, and how long late requests take.</summary>
internal enum Setting
{
    /// <summary>CPU shares are a number of CPUs.</summary>
    CpuSharesAsCpus,

    /// <summary>The memory reservation counts where there is one.</summary>
    CountMemoryReservation,

    /// <summary>A node gives away what it has and no more.</summary>
    NoOvercommit,

    /// <summary>Machines say how many containers they take.</summary>
    Slots,

    /// <summary>Machines have named resources, and containers ask for some.</summary>
    NamedResources,

    /// <summary>Soft rules count as score.</summary>
    SoftRulesAsScore,

    /// <summary>Few events wait for a slow subscriber.</summary>
    SmallEventBuffers,

    /// <summary>Requests whose callers have gone are carried out minutes later, not seconds.</summary>
    VeryLateRequests,

    /// <summary>Machines have clocks of their own, hours ahead or behind.</summary>
    ClockSkew,

    /// <summary>Containers that people make on the engines directly have limits and ports.</summary>
    HungryStrangers,

    /// <summary>Images are on few machines and have to be pulled on the others.</summary>
    MissingImages,

    /// <summary>Other things happen between a decision and its reservation.</summary>
    Interleaving,

    /// <summary>There are a thousand engines.</summary>
    ThousandEngines,

    /// <summary>Containers that people make on the engines directly have thousands of ports.</summary>
    ManyPorts,
}
