namespace Swarm.Core.Clustering;

/// <summary>What happens in a cluster, as it happens.</summary>
public interface IClusterEvents
{
    /// <summary>Subscribes. Everything that happens after the call is delivered, in order, until the subscription is disposed of or the cluster is.</summary>
    /// <returns>The subscription; dispose of it when done.</returns>
    /// <remarks>
    /// Each subscriber has its own bounded buffer. One that reads too slowly misses events and is told so by one
    /// <see cref="Model.EventsLagged"/>; it never slows down the cluster or another subscriber.
    /// </remarks>
    IClusterEventSubscription Subscribe();
}
