using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class EngineRegistryLoopTests
{
    [Test]
    public async Task A_loop_that_failed_at_a_message_tries_it_again_and_goes_on(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var hosts = new InMemoryEngines(new InMemoryEngine(TestCluster.Host(0, time)), new InMemoryEngine(TestCluster.Host(1, time)));
        var (timings, identifiers, opened) = (new EngineTimings(), IdentifierSource.Create(1), 0);
        using var metrics = new SwarmMetrics(factory: null, nameof(EngineRegistryLoopTests));
        var state = new EngineChangeRouter(new ReservationLedger(0, TimeSpan.FromSeconds(30), time), new ClusterEventHub(16), new StateChanges(), time, (_, _) => { });
        await using var registry = new EngineRegistry(
            new InMemoryDiscovery(hosts.Addresses),
            (address, owner) => Interlocked.Increment(ref opened) == 1
                ? throw new InvalidOperationException("a defect")
                : new ManagedEngine(address, hosts, new EventsMonitor(timings, time, identifiers), owner, timings, new EngineIntake(new EngineLimits()), time, identifiers, metrics, NullLogger.Instance),
            state,
            new OverlayBook(),
            timings,
            TimeSpan.FromMinutes(1),
            100,
            time,
            identifiers,
            new DiscoveryJournal(NullLogger.Instance, metrics, time),
            NullLogger.Instance);

        registry.Start();
        var outcomes = registry.WaitForFirstOutcomesAsync(cancellationToken);
        await Eventually.IsTrueAsync(() => outcomes.IsCompleted, "each engine is taken in", () => time.Advance(TimeSpan.FromMilliseconds(250)));

        await outcomes;
        registry.Engines.Keys.Should().Equal(TestCluster.AddressOf(0), TestCluster.AddressOf(1));
        opened.Should().Be(3);
        registry.Find("ID-1")!.State.Status.Should().Be(EngineStatus.Healthy);
    }
}
