namespace Swarm.Core.Clustering;

/// <summary>Says why a container is not to stay.</summary>
internal static class LeftBehindText
{
    /// <summary>Says it as a clause, for example <c>its create was reported as failed</c>.</summary>
    public static string Of(LeftBehind why) => why switch
    {
        LeftBehind.FailedCreate => "its create was reported as failed",
        LeftBehind.FailedStart => "its start was reported as failed",
        LeftBehind.FailedAttach => "attaching to it was reported as failed",
        LeftBehind.FailedWait => "waiting for its end was reported as failed",
        LeftBehind.FailedOutput => "reading its output was reported as failed",
        LeftBehind.JobGivenUp => "its job was given up",
        _ => "its job has ended",
    };
}
