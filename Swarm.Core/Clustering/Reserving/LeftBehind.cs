namespace Swarm.Core.Clustering;

/// <summary>Why a container is not to stay.</summary>
internal enum LeftBehind
{
    /// <summary>Its create was reported as failed, or was given up.</summary>
    FailedCreate,

    /// <summary>Its start was reported as failed.</summary>
    FailedStart,

    /// <summary>It was made for a job that could not listen to it.</summary>
    FailedAttach,

    /// <summary>It ran for a job, and waiting for its end was reported as failed.</summary>
    FailedWait,

    /// <summary>It ran for a job, and its output could not be had.</summary>
    FailedOutput,

    /// <summary>It ran for a job that its caller gave up.</summary>
    JobGivenUp,

    /// <summary>It ran for a job that has ended, and could not be removed right then.</summary>
    JobEnded,
}
