namespace Swarm.Core.Engines;

/// <summary>How long the library waits for what, per engine.</summary>
internal sealed record EngineTimings
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ShortestRetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(30);
}
