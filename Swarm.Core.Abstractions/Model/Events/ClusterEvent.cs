namespace Swarm.Core.Model;

/// <summary>Something that happened in a cluster. The derived types say what.</summary>
/// <param name="Time">When the cluster learned of it, in UTC by the clock of the host program.</param>
public abstract record ClusterEvent(DateTimeOffset Time);
