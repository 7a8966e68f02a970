using Swarm.Core.Discovery;

namespace Swarm.Core.Fakes;

/// <summary>A discovery backend that does what the test says, counted from 1.</summary>
internal sealed class DelegateDiscovery(Func<int, CancellationToken, IAsyncEnumerable<DiscoverySnapshot>> watch) : IDiscoveryBackend
{
    private int _watches;

    public int Watches => Volatile.Read(ref _watches);

    public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken cancellationToken) => watch(Interlocked.Increment(ref _watches), cancellationToken);
}
