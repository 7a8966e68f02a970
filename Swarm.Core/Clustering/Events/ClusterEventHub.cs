using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Hands events to subscribers, each with a bounded buffer of its own.</summary>
/// <param name="capacity">The size of a buffer.</param>
/// <param name="dropped">Hears of each event a subscriber misses, and how many in a row that are.</param>
internal sealed class ClusterEventHub(int capacity, Action<long>? dropped = null) : IClusterEvents
{
    private ImmutableArray<ClusterEventSubscription> _subscriptions = [];
    private int _closed;

    public bool HasSubscribers => !_subscriptions.IsEmpty;

    public IClusterEventSubscription Subscribe()
    {
        var subscription = new ClusterEventSubscription(capacity, Unsubscribe, dropped);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        if (Volatile.Read(ref _closed) == 1)
        {
            subscription.Dispose();
        }

        return subscription;
    }

    public void Publish(ClusterEvent published)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Offer(published);
        }
    }

    public void Close()
    {
        Volatile.Write(ref _closed, 1);
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Unsubscribe(ClusterEventSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, (all, removed) => all.Remove(removed), subscription);
}
