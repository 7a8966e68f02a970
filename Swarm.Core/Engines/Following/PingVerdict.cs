namespace Swarm.Core.Engines;

/// <summary>What <see cref="PingJudge"/> says.</summary>
internal enum PingVerdict
{
    /// <summary>Nothing is to be done for a while.</summary>
    Wait,

    /// <summary>A ping is due.</summary>
    Ping,

    /// <summary>The engine is lost.</summary>
    Lost,
}
