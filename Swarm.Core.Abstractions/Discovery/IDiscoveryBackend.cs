namespace Swarm.Core.Discovery;

/// <summary>Tells where the engines of a cluster are.</summary>
/// <remarks>
/// The cluster enumerates one watch for as long as it runs. When the watch throws or ends, the cluster keeps the last set, waits and starts
/// another; so a backend reports an outage by throwing, never by an empty set.
/// </remarks>
public interface IDiscoveryBackend
{
    /// <summary>Watches the set of engines.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Whole sets, the first as soon as it is known; each replaces the one before.</returns>
    IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken cancellationToken);
}
