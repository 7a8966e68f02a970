using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterMemoryTests
{
    private const long MiB = 1L << 20;

    [Test]
    public async Task An_engine_beyond_its_memory_is_degraded_and_what_it_holds_goes_on_counting(CancellationToken cancellationToken)
    {
        var hostile = new Hostile();
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hostile.Tap, logs: logs, options: options => options.EngineLimits.MaxBytes = MiB);
        await using var log = new EventLog(cluster.Cluster);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: A.GiB) with { Constraints = ["node==engine-0"], PortBindings = [new PortBinding("80/tcp", "", "8080")] }, cancellationToken);

        hostile.IsLarge = true;
        await CreateAsync(cluster.Host(0), 20, cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).Containers.Length == 21 && !cluster.Engine(0).IsEligible, "it is too much");

        var engine = cluster.Engine(0);
        engine.Status.Should().Be(EngineStatus.Healthy);
        engine.KeptBytes.Should().BeLessThan(MiB);
        engine.Degradations.Should().ContainSingle().Which.Should().Match<EngineDegradation>(each => each.Kind == EngineDegradationKind.AbridgedContainers && each.Limit == MiB && each.Observed > 5 * MiB);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(A.GiB + (20 * 16 * MiB));
        cluster.Cluster.Snapshot.Nodes[0].IsHostPortTaken(new PortBinding("80/tcp", "", "8080")).Should().BeTrue();
        cluster.Containers.Get("theirs-7").View.Should().Match<ContainerView>(view => view.IsAbridged && view.OmittedLabels >= 128);
        await cluster.Awaiting(each => each.Containers.TryCreateAsync(TestCluster.Spec("theirs-7"), cancellationToken)).Should().ThrowAsync<NameConflictException>();
        (await cluster.Containers.StartAsync(web.Id, cancellationToken)).State.Should().Be(ContainerState.Running);
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1", "the other one takes work");
        await cluster.UntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Degraded), "it is announced");
        await cluster.UntilAsync(() => logs.Entries.Any(entry => entry.Event == "EngineOverMemory"), "it is logged");
    }

    [Test]
    public async Task Degraded_it_stays_so_without_a_word_until_there_is_room_again(CancellationToken cancellationToken)
    {
        var hostile = new Hostile { IsLarge = true };
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(connector: hostile.Tap, logs: logs, options: options => options.EngineLimits.MaxBytes = MiB);
        await CreateAsync(cluster.Host(0), 20, cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).Containers.Length == 20 && cluster.Engine(0).IsDegraded, "it is too much");
        await PassAsync(cluster, TimeSpan.FromSeconds(100));
        await using var log = new EventLog(cluster.Cluster);

        await PassAsync(cluster, TimeSpan.FromSeconds(200));

        log.Events.Should().BeEmpty("nothing has changed");

        hostile.IsLarge = false;
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).IsEligible, "the next list tells that there is room", TimeSpan.FromSeconds(1));
        cluster.Engine(0).Should().Match<EngineState>(engine => !engine.IsDegraded && engine.Containers.All(container => !container.IsAbridged));
        await cluster.UntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Restored), "it is announced");
        await cluster.UntilAsync(() => logs.Entries.Any(entry => entry.Event == "EngineWithinMemory"), "it is logged");
        logs.Entries.Should().ContainSingle(entry => entry.Event == "EngineOverMemory", "once however often it was read");
    }

    [Test]
    public async Task A_few_hostile_engines_cost_the_others_nothing(CancellationToken cancellationToken)
    {
        var hostile = new Hostile { Addresses = [TestCluster.AddressOf(0), TestCluster.AddressOf(1)] };
        await using var cluster = await TestCluster.StartAsync(engines: 5, connector: hostile.Tap, options: options => options.EngineLimits.MaxBytesTogether = 4 * MiB);
        foreach (var honest in new[] { 2, 3, 4 })
        {
            await CreateAsync(cluster.Host(honest), 15, cancellationToken);
        }

        hostile.IsLarge = true;
        await CreateAsync(cluster.Host(0), 20, cancellationToken);
        await CreateAsync(cluster.Host(1), 20, cancellationToken);
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).IsDegraded && cluster.Engine(1).IsDegraded && Containers(cluster) == 85, "they make do with less", TimeSpan.FromSeconds(1));

        cluster.Cluster.Engines.List().Sum(engine => engine.KeptBytes).Should().BeLessThan(4 * MiB);
        cluster.Cluster.Engines.List().Skip(2).Should().OnlyContain(engine => !engine.IsDegraded && engine.Containers.All(container => !container.IsAbridged));
        cluster.Engine(0).Containers.Should().HaveCount(20);
    }

    [Test]
    public async Task An_engine_that_came_first_makes_room_at_once_for_one_that_comes_later(CancellationToken cancellationToken)
    {
        var hostile = new Hostile { IsLarge = true };
        await using var cluster = await TestCluster.StartAsync(engines: 1, connector: hostile.Tap, options: options => options.EngineLimits.MaxBytesTogether = 8 * MiB);
        await CreateAsync(cluster.Host(0), 20, cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).Containers.Length == 20 && !cluster.Engine(0).IsDegraded, "it has all for itself");
        var second = cluster.Hosts.Add(TestCluster.Host(1, cluster.Time));
        await CreateAsync(second, 20, cancellationToken);

        cluster.Discovery.Add(second.Address);
        await cluster.UntilAsync(() => cluster.Is(1, EngineStatus.Healthy) && cluster.Engine(0).IsDegraded, "no time has to pass");

        cluster.Cluster.Engines.List().Should().OnlyContain(engine => engine.KeptBytes < 4 * MiB && engine.Containers.Length == 20);
    }

    [Test]
    public async Task Engines_that_are_let_go_give_their_memory_back(CancellationToken cancellationToken)
    {
        var hostile = new Hostile { IsLarge = true };
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hostile.Tap, options: options =>
        {
            options.EngineLimits.MaxBytesTogether = 8 * MiB;
            options.EngineRemovalGrace = TimeSpan.Zero;
        });
        await CreateAsync(cluster.Host(0), 20, cancellationToken);
        await CreateAsync(cluster.Host(1), 20, cancellationToken);
        await cluster.UntilAsync(() => Containers(cluster) == 40 && cluster.Engine(0).IsDegraded, "both want too much");

        cluster.Discovery.Remove(TestCluster.AddressOf(1));

        await cluster.PassTimeUntilAsync(() => !cluster.Engine(0).IsDegraded, "there is room for one", TimeSpan.FromSeconds(1));
    }

    private static async Task PassAsync(TestCluster cluster, TimeSpan time)
    {
        var end = cluster.Time.GetUtcNow() + time;
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() >= end, "time passes", TimeSpan.FromSeconds(1));
    }

    private static int Containers(TestCluster cluster) => cluster.Cluster.Engines.List().Sum(engine => engine.Containers.Length);

    private static async Task CreateAsync(InMemoryEngine host, int count, CancellationToken cancellationToken)
    {
        for (var number = 0; number < count; number++)
        {
            await host.Local.Containers.CreateAsync(TestCluster.Spec($"theirs-{number}", memory: 16 * MiB), cancellationToken);
        }
    }

    /// <summary>Engines whose answers are as large as they may be.</summary>
    private sealed class Hostile
    {
        public bool IsLarge { get; set; }

        public EngineAddress[]? Addresses { get; init; }

        public IEngineConnector Tap(InMemoryEngines hosts) => new TappedConnector(hosts)
        {
            OnConnected = engine => engine.OnInspected = inspection => IsLarge && Addresses?.Contains(engine.Address) != false
                ? inspection with { View = inspection.View with { Labels = LabelSet.Create([.. inspection.View.Labels, .. Large.Labels(inspection.View.Id.GetHashCode(StringComparison.Ordinal))]) } }
                : inspection,
        };
    }
}
