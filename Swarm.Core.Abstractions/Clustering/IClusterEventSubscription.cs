using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>One subscriber's events. Enumerate it once; the enumeration ends when the subscription or the cluster is disposed of.</summary>
public interface IClusterEventSubscription : IAsyncEnumerable<ClusterEvent>, IDisposable;
