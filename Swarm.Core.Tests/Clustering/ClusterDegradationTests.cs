using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterDegradationTests
{
    private const long GiB = 1L << 30;

    [Test]
    public async Task An_engine_with_too_many_containers_gets_no_new_work_works_on_and_recovers(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineLimits.MaxContainers = 2);
        await using var log = new EventLog(cluster.Cluster);
        var ours = await cluster.Containers.CreateAsync(TestCluster.Spec("ours"), cancellationToken);
        var first = await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("theirs-1"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).Containers.Length == 2, "both are known");

        var second = await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("theirs-2", memory: 7 * GiB), cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).IsDegraded, "one is too many");

        cluster.Engine(0).Should().Match<EngineState>(engine => engine.Status == EngineStatus.Healthy && !engine.IsEligible && engine.Containers.Length == 2);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).Placement.Explain().Should().Contain("more containers than are followed");
        (await cluster.Containers.StartAsync(ours.Id, cancellationToken)).State.Should().Be(ContainerState.Running);

        await cluster.Host(0).Local.Containers.RemoveAsync(first.Id, false, false, cancellationToken);
        await cluster.PassTimeUntilAsync(() => !cluster.Engine(0).IsDegraded, "the list tells that there is room again", TimeSpan.FromSeconds(1));

        cluster.Engine(0).FindContainer(second.Id).Should().NotBeNull();
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(7 * GiB);
        await cluster.UntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Restored), "both are announced");
        log.EngineKinds(0).Should().ContainInOrder(EngineEventKind.Degraded, EngineEventKind.Restored);
    }

    [Test]
    public async Task The_cluster_itself_puts_no_more_containers_on_an_engine_than_are_followed(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineLimits.MaxContainers = 2);
        await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
        await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);

        var third = await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken);

        third.Placement.RejectionCounts.Select(reason => reason.Code).Should().Equal(RejectionCodes.Slots);
        cluster.Engine(0).IsDegraded.Should().BeFalse();
    }

    [Test]
    public async Task An_engine_that_is_degraded_from_the_start_is_announced_as_such_under_its_ID()
    {
        await using var cluster = TestCluster.Create(
            engine: (host, _) => host with { Images = [InMemoryImage.BusyBox, new InMemoryImage("redis:7")] },
            options: options => options.EngineLimits.MaxImages = 1);
        await using var log = new EventLog(cluster.Cluster);

        await cluster.StartAsync();
        await cluster.UntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Admitted), "it is admitted");

        log.Events.OfType<EngineChanged>().Should().ContainSingle(change => change.Kind == EngineEventKind.Degraded)
            .Which.Should().Match<EngineChanged>(change => change.EngineId == "ID-0" && change.Reason!.Contains("images"));
    }

    [Test]
    public async Task An_engine_with_too_many_images_goes_on_getting_work(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(
            engine: (host, _) => host with { Images = [InMemoryImage.BusyBox, new InMemoryImage("redis:7"), new InMemoryImage("nginx:1")] },
            options: options => options.EngineLimits.MaxImages = 1);

        cluster.Engine(0).Degradations.Select(each => each.Kind).Should().Equal(EngineDegradationKind.TooManyImages);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeTrue();
    }

    [Test]
    public async Task A_container_whose_inspection_hangs_from_the_start_keeps_new_work_away_but_not_the_engine_out(CancellationToken cancellationToken)
    {
        var stuck = new TaskCompletionSource();
        var time = new CountingTimeProvider();
        var host = new InMemoryEngine(TestCluster.Host(0, time));
        var slow = (await host.Local.Containers.CreateAsync(TestCluster.Spec("slow", memory: 7 * GiB), cancellationToken)).Id;
        await using var cluster = TestCluster.Create(
            engines: 0,
            connector: hosts => new DelegateConnector(async (address, token) => new TappedEngine(await hosts.ConnectAsync(address, token))
            {
                OnInspect = (id, limit) => id == slow ? stuck.Task.WaitAsync(limit) : Task.CompletedTask,
            }),
            time: time);
        cluster.Hosts.Add(host);
        cluster.Discovery.Add(host.Address);

        await cluster.StartAsync();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is admitted without");

        cluster.Engine(0).Degradations.Should().ContainSingle(each => each.Kind == EngineDegradationKind.UnreadableContainers && each.Reason.Contains(slow));
        cluster.Containers.Get("slow").View.Should().Match<ContainerView>(view => view.IsUnread && view.State == ContainerState.Created);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 4 * GiB), cancellationToken)).IsCreated.Should().BeFalse();
        var again = () => cluster.Containers.TryCreateAsync(TestCluster.Spec("slow"), cancellationToken);
        await again.Should().ThrowAsync<NameConflictException>("its name is known");

        stuck.SetResult();
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).IsEligible, "it is looked at with the next list", TimeSpan.FromSeconds(1));
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(7 * GiB);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 4 * GiB), cancellationToken)).IsCreated.Should().BeFalse();
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: GiB), cancellationToken)).IsCreated.Should().BeTrue();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_container_that_appears_and_cannot_be_looked_at_keeps_new_work_away(bool isTimeout, CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        var address = TestCluster.AddressOf(0);
        connector!.Engines[0].OnInspect = (_, _) => throw (isTimeout
            ? new EngineTimeoutException(address, "inspect container", TimeSpan.FromSeconds(15))
            : new EngineProtocolException(address, "inspect container", "its answer is nonsense"));

        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("theirs"), cancellationToken);

        await cluster.UntilAsync(() => cluster.Engine(0).IsDegraded, "the list tells of it at once");
        cluster.Engine(0).Should().Match<EngineState>(engine => engine.Status == EngineStatus.Healthy && engine.UnreadContainers == 1);
    }

    [Test]
    public async Task An_engine_that_claims_what_none_can_be_waits_with_the_reason_and_harms_nobody(CancellationToken cancellationToken)
    {
        await using var cluster = TestCluster.Create(engines: 2, engine: (host, number) => number == 0 ? host with { Cpus = 5000 } : host);

        await cluster.StartAsync();

        cluster.Engine(0).Status.Should().Be(EngineStatus.Pending);
        cluster.Engine(0).Reason.Should().Contain("5000 CPUs").And.Contain("4096");
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1");
    }

    [Test]
    public async Task A_reason_has_no_control_characters_and_an_end()
    {
        await using var cluster = TestCluster.Create(connector: _ => new DelegateConnector((_, _) => throw new NotSupportedException("\u001b[31m\r\n" + new string('x', 5000))));

        await cluster.StartAsync();

        cluster.Engine(0).Reason.Should().Contain("\\u001b").And.EndWith("… (+4542 characters)");
        cluster.Engine(0).Reason!.Any(char.IsControl).Should().BeFalse();
        cluster.Engine(0).Reason!.Length.Should().BeLessThanOrEqualTo(512);
    }

    [Test]
    public async Task Legacy_K14_an_engine_that_changed_its_ID_and_has_it_back_takes_part_again(CancellationToken cancellationToken)
    {
        var time = new CountingTimeProvider();
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts), time: time);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var before = cluster.Host(0);
        var other = new InMemoryEngine(TestCluster.Host(0, time) with { DaemonId = "ID-new" });

        await ReplaceAsync(before, other, "ID-new");
        await ReplaceAsync(other, before, "ID-0");

        cluster.Containers.Get("web").Id.Should().Be(web.Id);

        async Task ReplaceAsync(InMemoryEngine old, InMemoryEngine now, string id)
        {
            cluster.Hosts.Remove(old.Address);
            cluster.Hosts.Add(now);
            foreach (var engine in connector!.Engines)
            {
                engine.Inner = await cluster.Hosts.ConnectAsync(now.Address, cancellationToken);
            }

            old.BreakEventStreams();
            await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes is [{ HealthIndicator: 100 } node] && node.Id == id, $"{id} is the only node");
        }
    }

    [Test]
    public async Task Legacy_K18_an_engine_that_was_away_for_a_day_is_back_within_half_a_minute(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).PowerOff();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the cut is noticed");
        for (var minutes = 0; minutes < 24 * 60; minutes += 10)
        {
            cluster.Time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        cluster.Host(0).PowerOn();
        var since = cluster.Time.GetUtcNow();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is back");

        (cluster.Time.GetUtcNow() - since).Should().BeLessThan(TimeSpan.FromSeconds(30));
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeTrue();
    }
}
