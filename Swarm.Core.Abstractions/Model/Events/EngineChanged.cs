using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>An engine came, went, failed or recovered.</summary>
/// <param name="Time">When the cluster learned of it, in UTC by the clock of the host program.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Address">The address of the engine.</param>
/// <param name="EngineId">The ID of the engine; empty before its first connection.</param>
/// <param name="EngineName">The name of the engine; empty before its first connection.</param>
/// <param name="Reason">Why, as a sentence; <see langword="null"/> when there is nothing to say.</param>
public sealed record EngineChanged(DateTimeOffset Time, EngineEventKind Kind, EngineAddress Address, string EngineId, string EngineName, string? Reason)
    : ClusterEvent(Time)
{
    /// <summary>Gets why, as a sentence; <see langword="null"/> when there is nothing to say. Cleaned.</summary>
    public string? Reason { get; init; } = Reason is null ? null : CleanText.Of(Reason, CleanText.LongestMessage);
}
