namespace Swarm.Core.Engines;

/// <summary>How long the library waits for what, per engine.</summary>
internal sealed record EngineTimings
{
    /// <summary>Gets what holds unless the host says otherwise; its options begin with these.</summary>
    public static EngineTimings Default { get; } = new();

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets how long the loop of an engine may take to end: what it started has the time of a call, and it itself a little more.</summary>
    public TimeSpan LeaveTimeout => CallTimeout + TimeSpan.FromSeconds(1);

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long a ping may be silent before another one is sent; see <see cref="PingJudge"/>.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ShortestRetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long a container may go uninspected of which nothing tells that it changed.</summary>
    public TimeSpan InspectionInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how long lists of images, networks and volumes are believed of which no event tells that they changed.</summary>
    public TimeSpan ObjectListInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how long an inspection may take before it makes room for others.</summary>
    public TimeSpan SlowInspection { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long after an empty list another one has to confirm it before a reconnected engine is believed to have lost everything.</summary>
    public TimeSpan EmptyListConfirmation { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long after an engine has said that a container is not there it has to say so again before that is believed, where nothing else tells that it is gone.</summary>
    public TimeSpan DenialConfirmation { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long before a certificate expires that is told.</summary>
    public TimeSpan CertificateWarningTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Gets how long after an engine was taken back it is taken back again, unless nobody listened at its address meanwhile.</summary>
    public TimeSpan ReturnInterval { get; init; } = TimeSpan.FromSeconds(10);
}
