namespace Swarm.Core.Model;

/// <summary>The subscriber was too slow: events were dropped. Read the state of the cluster anew and go on; it holds what was missed.</summary>
/// <param name="Time">When the first event was dropped, in UTC by the clock of the host program.</param>
/// <param name="Dropped">How many events were dropped.</param>
public sealed record EventsLagged(DateTimeOffset Time, long Dropped) : ClusterEvent(Time);
