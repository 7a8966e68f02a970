namespace Swarm.Core.Engines;

/// <summary>What to wait for in the life of a container.</summary>
public enum WaitCondition
{
    /// <summary>The container does not run; one that was never started does not run either.</summary>
    NotRunning,

    /// <summary>The container ends the next time, also when it is started again at once by its restart policy.</summary>
    NextExit,

    /// <summary>The container is removed.</summary>
    Removed,
}
