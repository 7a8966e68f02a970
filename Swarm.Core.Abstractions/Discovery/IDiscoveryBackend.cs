namespace Swarm.Core.Discovery;

/// <summary>Tells where the engines of a cluster are.</summary>
/// <remarks>
/// The cluster enumerates one watch for as long as it runs. When the watch throws or ends, the cluster keeps the last set, waits and starts
/// another; so a backend reports an outage by throwing, never by an empty set. It is called on a thread of the cluster's own, never on that of
/// whoever starts or stops the cluster; one that does not end its watch when it is told to is left to itself after a while.
/// </remarks>
public interface IDiscoveryBackend
{
    /// <summary>Watches the set of engines.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Whole sets, the first as soon as it is known; each replaces the one before.</returns>
    IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken cancellationToken);
}
