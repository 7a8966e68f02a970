using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterEventsTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task An_engine_is_discovered_then_admitted()
    {
        await using var cluster = TestCluster.Create();
        await using var log = new EventLog(cluster.Cluster);

        await cluster.StartAsync();
        await cluster.UntilAsync(() => log.Events.Count >= 2, "both are announced");

        log.EngineKinds(0).Should().Equal(EngineEventKind.Discovered, EngineEventKind.Admitted);
        log.Events[^1].Should().BeEquivalentTo(new { EngineId = "ID-0", EngineName = "engine-0", Reason = (string?)null });
    }

    [Test]
    public async Task An_engine_that_fails_and_recovers_is_disconnected_once_and_reconnected_once()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Host(0).Disconnect();
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).FailureCount >= 3, "several attempts fail");
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Reconnected), "it is back");

        log.EngineKinds(0).Should().Equal(EngineEventKind.Disconnected, EngineEventKind.Reconnected);
        ((EngineChanged)log.Events[0]).Reason.Should().NotBeNullOrEmpty();
        ((EngineChanged)log.Events[1]).Reason.Should().BeNull();
    }

    [Test]
    public async Task An_engine_that_is_let_go_is_removed()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Removed), "it is let go", _second);

        log.EngineKinds(0)[^1].Should().Be(EngineEventKind.Removed);
        log.EngineKinds(0).Should().ContainSingle(kind => kind == EngineEventKind.Removed);
    }

    [Test]
    public async Task A_second_address_of_one_daemon_is_a_conflict_told_once()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));
        cluster.Discovery.Add(TestCluster.AddressOf(9));
        await cluster.UntilAsync(() => log.EngineKinds(9).Count >= 2, "the conflict is announced");

        log.EngineKinds(9).Should().Equal(EngineEventKind.Discovered, EngineEventKind.Conflict);
        log.Events.OfType<EngineChanged>().Last().Reason.Should().Contain("two addresses");
    }

    [Test]
    public async Task A_container_appears_starts_changes_stops_and_goes(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        var id = (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Id;
        await cluster.Containers.StartAsync(id, cancellationToken);
        cluster.Host(0).Pause(id);
        await cluster.UntilAsync(() => cluster.Containers.Get(id).State == ContainerState.Paused, "it is paused");
        cluster.Host(0).Unpause(id);
        await cluster.UntilAsync(() => cluster.Containers.Get(id).State == ContainerState.Running, "it goes on");
        await cluster.Containers.KillAsync(id, cancellationToken: cancellationToken);
        await cluster.Containers.RemoveAsync(id, cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => log.ContainerKinds(id).Contains(ContainerEventKind.Removed), "it is gone");

        log.ContainerKinds(id).Should().Equal(
            ContainerEventKind.Appeared,
            ContainerEventKind.Started,
            ContainerEventKind.Updated,
            ContainerEventKind.Updated,
            ContainerEventKind.Stopped,
            ContainerEventKind.Removed);
        log.Events.OfType<ContainerChanged>().Should().OnlyContain(change => change.EngineId == "ID-0" && change.EngineName == "engine-0");
    }

    [Test]
    public async Task What_an_engine_held_when_it_was_admitted_is_not_announced(CancellationToken cancellationToken)
    {
        await using var cluster = TestCluster.Create();
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("old"), cancellationToken);
        await using var log = new EventLog(cluster.Cluster);

        await cluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("new"), cancellationToken);
        await cluster.UntilAsync(() => log.Events.OfType<ContainerChanged>().Any(), "the new one is announced");

        log.Events.OfType<ContainerChanged>().Should().ContainSingle().Which.Container.Name.Should().Be("new");
    }

    [Test]
    public async Task A_refresh_that_finds_nothing_new_announces_nothing(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await using var log = new EventLog(cluster.Cluster);
        var lists = cluster.Hosts.CallCount(Testing.EngineOperation.ListVolumes);

        await cluster.PassTimeUntilAsync(() => cluster.Hosts.CallCount(Testing.EngineOperation.ListVolumes) >= lists + 3, "it is read three times", _second);

        log.Events.OfType<ContainerChanged>().Should().BeEmpty();
    }

    [Test]
    public async Task A_subscriber_that_lags_is_told_and_goes_on(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EventBufferCapacity = 2);
        using var subscription = cluster.Cluster.Events.Subscribe();
        for (var i = 0; i < 5; i++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{i}"), cancellationToken);
        }

        await using var reader = subscription.GetAsyncEnumerator(cancellationToken);
        var read = new List<ClusterEvent>();
        while (read is not [.., EventsLagged])
        {
            (await reader.MoveNextAsync()).Should().BeTrue();
            read.Add(reader.Current);
        }

        await cluster.Containers.CreateAsync(TestCluster.Spec("next"), cancellationToken);
        await reader.MoveNextAsync();

        read.Should().HaveCount(3);
        ((EventsLagged)read[^1]).Dropped.Should().Be(3);
        reader.Current.Should().BeOfType<ContainerChanged>().Which.Container.Name.Should().Be("next");
    }

    [Test]
    public async Task A_subscriber_that_does_not_read_holds_up_nobody(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EventBufferCapacity = 1);
        using var idle = cluster.Cluster.Events.Subscribe();

        for (var i = 0; i < 10; i++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
        }

        cluster.Containers.List().Should().HaveCount(10);
    }

    [Test]
    public async Task The_enumeration_ends_when_the_cluster_is_disposed_of()
    {
        var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        await cluster.DisposeAsync();

        await log.Ended;
        log.EngineKinds(0).Should().Equal(EngineEventKind.Removed);
    }

    [Test]
    public async Task A_subscription_outlives_a_stop_and_sees_the_next_start()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        await cluster.Cluster.StopAsync();
        await cluster.StartAsync();
        await cluster.UntilAsync(() => log.Events.Count >= 3, "the second start is announced");

        log.EngineKinds(0).Should().Equal(EngineEventKind.Removed, EngineEventKind.Discovered, EngineEventKind.Admitted);
    }
}
