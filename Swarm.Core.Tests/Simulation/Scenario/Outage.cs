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

    /// <summary>The event streams break.</summary>
    StreamBreak,

    /// <summary>A new machine with a daemon of its own takes over the address.</summary>
    Replaced,

    /// <summary>The daemon can be reached under a second address as well.</summary>
    SecondAddress,

    /// <summary>Discovery forgets the engine for less than the grace time.</summary>
    DiscoveryFlap,

    /// <summary>Discovery forgets the engine for longer than the grace time.</summary>
    DiscoveryRemoval,

    /// <summary>Discovery gives an empty set for a moment.</summary>
    DiscoveryEmpty,

    /// <summary>Discovery fails.</summary>
    DiscoveryOutage,
}
