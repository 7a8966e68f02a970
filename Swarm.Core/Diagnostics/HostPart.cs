namespace Swarm.Core.Diagnostics;

/// <summary>The parts of a host that only watch the cluster, or lend it the time: it goes on without them when they fail.</summary>
internal enum HostPart
{
    /// <summary>Where logs go.</summary>
    Logger,

    /// <summary>Where meters come from, and who listens to them.</summary>
    Meter,

    /// <summary>Who listens to activities.</summary>
    Activity,

    /// <summary>The clock and its timers.</summary>
    Clock,

    /// <summary>What a plug-in has registered on a token it was given.</summary>
    Registration,
}
