using System.Collections.Concurrent;
using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Builders;

/// <summary>Writes down what a cluster announces.</summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly IClusterEventSubscription _subscription;
    private readonly ConcurrentQueue<ClusterEvent> _events = new();

    public EventLog(ICluster cluster)
    {
        _subscription = cluster.Events.Subscribe();
        Ended = ReadAsync();
    }

    /// <summary>Gets a task that ends with the subscription.</summary>
    public Task Ended { get; }

    public IReadOnlyList<ClusterEvent> Events => [.. _events];

    public IReadOnlyList<EngineEventKind> EngineKinds(int engine) =>
        [.. _events.OfType<EngineChanged>().Where(change => change.Address == TestCluster.AddressOf(engine)).Select(change => change.Kind)];

    public IReadOnlyList<ContainerEventKind> ContainerKinds(string containerId) =>
        [.. _events.OfType<ContainerChanged>().Where(change => change.Container.Id == containerId).Select(change => change.Kind)];

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await Ended;
    }

    private async Task ReadAsync()
    {
        await foreach (var happened in _subscription)
        {
            _events.Enqueue(happened);
        }
    }
}
