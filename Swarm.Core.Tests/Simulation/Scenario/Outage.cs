namespace Swarm.Core.Testing;

/// <summary>What can befall one engine, or the discovery of it, for a while.</summary>
internal enum Outage
{
    /// <summary>The machine loses power and comes back with its containers, restarted where their policies say so.</summary>
    Crash,

    /// <summary>The machine loses power and comes back without containers.</summary>
    CrashEmpty,

    /// <summary>The daemon stops and comes back; the containers run on without it.</summary>
    DaemonRestart,

    /// <summary>The network is cut.</summary>
    Disconnect,

    /// <summary>The daemon accepts calls and answers none.</summary>
    Hang,

    /// <summary>The daemon is frozen, and what reached it meanwhile is carried out when it thaws, whoever still waits.</summary>
    Freeze,

    /// <summary>The daemon starts again, and its first list is empty although it has containers.</summary>
    FalseEmptyList,

    /// <summary>One kind of call fails, or never gets an answer: a list, or the inspection of one container.</summary>
    Degraded,

    /// <summary>The machine gets another host name.</summary>
    HostRenamed,

    /// <summary>The program that holds the cluster crashes, and starts again.</summary>
    ManagerCrash,

    /// <summary>The event streams break.</summary>
    StreamBreak,

    /// <summary>A new machine with a daemon of its own takes over the address.</summary>
    Replaced,

    /// <summary>The daemon can be reached under a second address as well.</summary>
    SecondAddress,

    /// <summary>The machine gets another address, and discovery says so at once.</summary>
    Moved,

    /// <summary>The machine gets another address, and discovery knows of neither for less than the grace time.</summary>
    MovedInGrace,

    /// <summary>A copy of the machine turns up, with the same ID of its daemon and a host name of its own.</summary>
    Clone,

    /// <summary>Discovery forgets the engine for less than the grace time.</summary>
    DiscoveryFlap,

    /// <summary>Discovery forgets the engine for longer than the grace time.</summary>
    DiscoveryRemoval,

    /// <summary>Discovery gives an empty set for a moment.</summary>
    DiscoveryEmpty,

    /// <summary>Discovery fails.</summary>
    DiscoveryOutage,
}
