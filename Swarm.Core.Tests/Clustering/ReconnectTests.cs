using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ReconnectTests
{
    [Test]
    public async Task A_reading_from_before_an_outage_does_not_make_its_engine_healthy(CancellationToken cancellationToken)
    {
        var hosts = new InMemoryEngines();
        var host = hosts.Add(TestCluster.Host(0, TimeProvider.System));
        var connector = new SlowVolumes(hosts);
        var monitor = new ToldMonitor();
        await using var cluster = SwarmCluster.Create(new SwarmOptions(), new SwarmPlugins { Discovery = new InMemoryDiscovery(hosts.Addresses), Connector = connector, EventsMonitor = monitor });
        using var events = cluster.Events.Subscribe();
        monitor.Tell(new EventsSubscribed());
        await cluster.StartAsync(cancellationToken);

        var (old, next) = (connector.HoldNext(), connector.HoldNext());
        host.AddNetwork("old");
        monitor.Tell(new EventReceived(new EngineEvent(EngineEventType.Daemon, "reload", "", LabelSet.Empty, DateTimeOffset.UnixEpoch)));
        await old.Reached.WaitAsync(cancellationToken);
        monitor.Tell(new EventsLost(new EngineUnreachableException(host.Address, "follow events", "the link is gone"), 1));
        await cluster.Engines.WaitUntilAsync(engines => engines[0].Status == EngineStatus.Unhealthy, cancellationToken);
        await host.Local.Containers.CreateAsync(TestCluster.Spec("meanwhile"), cancellationToken);
        monitor.Tell(new EventsSubscribed());
        await next.Reached.WaitAsync(cancellationToken);
        old.Release();
        cluster.Engines.List()[0].Should().Match<EngineState>(engine => engine.Status == EngineStatus.Unhealthy && !engine.Networks.Any(network => network.Name == "old"), "the old reading was given up");
        next.Release();

        var kinds = new List<string>();
        await foreach (var each in events.WithCancellation(cancellationToken))
        {
            kinds.Add(each is EngineChanged engine ? engine.Kind.ToString() : ((ContainerChanged)each).Kind.ToString());
            if (kinds.Contains("Appeared") && kinds.Contains("Reconnected"))
            {
                break;
            }
        }

        kinds.Should().Equal("Discovered", "Admitted", "Disconnected", "Appeared", "Reconnected");
    }

    /// <summary>Engines that list their volumes, the last thing to be read, only when the test lets them.</summary>
    private sealed class SlowVolumes(IEngineConnector engines) : IEngineConnector
    {
        private readonly Queue<Hold> _holds = [];

        public Hold HoldNext()
        {
            lock (_holds)
            {
                var hold = new Hold();
                _holds.Enqueue(hold);
                return hold;
            }
        }

        public async Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken) =>
            new Engine(await engines.ConnectAsync(address, cancellationToken), this);

        private async Task WaitAsync(CancellationToken cancellationToken)
        {
            Hold? hold;
            lock (_holds)
            {
                _holds.TryDequeue(out hold);
            }

            if (hold is not null)
            {
                await hold.WaitAsync(cancellationToken);
            }
        }

        internal sealed class Hold
        {
            private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task Reached => _reached.Task;

            public void Release() => _released.SetResult();

            public Task WaitAsync(CancellationToken cancellationToken)
            {
                _reached.SetResult();
                return _released.Task.WaitAsync(cancellationToken);
            }
        }

        private sealed class Engine(IEngine inner, SlowVolumes owner) : IEngine, IEngineVolumes
        {
            public EngineAddress Address => inner.Address;

            public IEngineSystem System => inner.System;

            public IEngineContainers Containers => inner.Containers;

            public IEngineImages Images => inner.Images;

            public IEngineNetworks Networks => inner.Networks;

            public IEngineExecs Execs => inner.Execs;

            public IEngineVolumes Volumes => this;

            public async Task<ImmutableArray<VolumeView>> ListAsync(CancellationToken cancellationToken)
            {
                await owner.WaitAsync(cancellationToken);
                return await inner.Volumes.ListAsync(cancellationToken);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
