namespace Swarm.Core.Testing;

/// <summary>How often what goes wrong with calls to an in-memory engine over the network, and with its events. All rates are between 0 and 1; at most one fault meets a call or event.</summary>
public sealed record EngineFaultRates
{
    /// <summary>Gets the share of calls that reach the daemon late: <see cref="EngineFault.SlowCall"/>.</summary>
    public double SlowCalls { get; init; }

    /// <summary>Gets the share of calls whose answer takes long: <see cref="EngineFault.LateAnswer"/>.</summary>
    public double LateAnswers { get; init; }

    /// <summary>Gets the longest extra time of slow calls and late answers; each takes some part of it.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the share of calls that hang until their caller gives up: <see cref="EngineFault.HungCall"/>.</summary>
    public double HungCalls { get; init; }

    /// <summary>Gets the share of calls that break off before the daemon has them: <see cref="EngineFault.LostRequest"/>.</summary>
    public double LostRequests { get; init; }

    /// <summary>Gets the share of changing calls that break off and are carried out later: <see cref="EngineFault.LateRequest"/>.</summary>
    public double LateRequests { get; init; }

    /// <summary>Gets the longest time after which such a call is carried out.</summary>
    public TimeSpan LongestRequestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the share of changing calls that the daemon takes long over: <see cref="EngineFault.SlowWork"/>.</summary>
    public double SlowWork { get; init; }

    /// <summary>Gets the longest time it takes over such a call.</summary>
    public TimeSpan LongestWorkTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets the share of calls that a gateway answers: <see cref="EngineFault.GatewayError"/>. What is done later is done within <see cref="LongestRequestDelay"/>.</summary>
    public double GatewayErrors { get; init; }

    /// <summary>Gets the share of calls that are carried out and break off before the answer: <see cref="EngineFault.LostAnswer"/>.</summary>
    public double LostAnswers { get; init; }

    /// <summary>Gets the share of calls answered with status 500: <see cref="EngineFault.ServerError"/>.</summary>
    public double ServerErrors { get; init; }

    /// <summary>Gets the share of inspections of containers answered with status 404: <see cref="EngineFault.Denial"/>.</summary>
    public double Denials { get; init; }

    /// <summary>Gets the share of events that a stream does not get: <see cref="EngineFault.DroppedEvent"/>.</summary>
    public double DroppedEvents { get; init; }

    /// <summary>Gets the share of events that a stream gets twice: <see cref="EngineFault.DoubledEvent"/>.</summary>
    public double DoubledEvents { get; init; }

    /// <summary>Gets the share of events that a stream gets late, and so in another order: <see cref="EngineFault.LateEvent"/>.</summary>
    public double LateEvents { get; init; }

    /// <summary>Gets the longest delay of a late event.</summary>
    public TimeSpan LongestEventDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets the share of streams, of waits, logs, outputs, commands and readings, through which nothing gets at first: <see cref="EngineFault.SlowStream"/>. It lasts for some part of <see cref="LongestDelay"/>.</summary>
    public double SlowStreams { get; init; }

    /// <summary>Gets the share of such streams that break: <see cref="EngineFault.BrokenStream"/>.</summary>
    public double BrokenStreams { get; init; }

    /// <summary>Gets the longest time after which such a stream breaks.</summary>
    public TimeSpan LongestStreamTime { get; init; } = TimeSpan.FromSeconds(20);
}
