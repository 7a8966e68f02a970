using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

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
        await cluster.UntilAsync(() => log.EngineKinds(9).Count >= 3, "the conflict is announced");

        log.EngineKinds(9).Should().Equal(EngineEventKind.Discovered, EngineEventKind.IdentityClaimed, EngineEventKind.Conflict);
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
    public async Task A_container_that_ran_too_briefly_to_be_seen_running_stops(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        var id = (await cluster.Containers.CreateAsync(TestCluster.Spec("job") with { Command = ["true"] }, cancellationToken)).Id;
        await cluster.Containers.StartAsync(id, cancellationToken);
        await cluster.UntilAsync(() => log.ContainerKinds(id).Count > 1, "something happens");

        log.ContainerKinds(id).Should().Equal(ContainerEventKind.Appeared, ContainerEventKind.Stopped);
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

    [Test]
    public async Task Every_event_names_its_engine_by_ID_name_and_address(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await using var log = new EventLog(cluster.Cluster);

        await cluster.Containers.RunAsync(TestCluster.Spec("one"), cancellationToken);
        await cluster.Containers.RunAsync(TestCluster.Spec("two"), cancellationToken);
        cluster.Host(0).BreakEventStreams();
        cluster.Host(1).BreakEventStreams();
        await cluster.PassTimeUntilAsync(() => log.EngineKinds(0).Count == 2 && log.EngineKinds(1).Count == 2, "both are lost and back");

        for (var engine = 0; engine < 2; engine++)
        {
            var address = TestCluster.AddressOf(engine);
            log.Events.OfType<ContainerChanged>().Where(each => each.Address == address).Should().HaveCountGreaterThan(1).And.OnlyContain(each => each.EngineId == $"ID-{engine}" && each.EngineName == $"engine-{engine}");
            log.Events.OfType<EngineChanged>().Where(each => each.Address == address).Should().OnlyContain(each => each.EngineId == $"ID-{engine}" && each.EngineName == $"engine-{engine}");
        }
    }

    [Test]
    public async Task A_container_that_lives_between_two_connections_is_told_of_once(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Host(0).BreakEventStreams();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the break is noticed");
        var id = await LiveBrieflyAsync(cluster.Host(0).Local.Containers);
        await cluster.PassTimeUntilAsync(() => log.ContainerKinds(id).Count == 2, "it is told of");
        cluster.Host(0).BreakEventStreams();
        await cluster.UntilAsync(() => log.EngineKinds(0).Count(kind => kind == EngineEventKind.Disconnected) == 2, "the next break is noticed");
        var last = await LiveBrieflyAsync(cluster.Host(0).Local.Containers);
        await cluster.PassTimeUntilAsync(() => log.ContainerKinds(last).Count == 2, "the next is told of");

        log.ContainerKinds(id).Should().Equal(ContainerEventKind.Appeared, ContainerEventKind.Removed);
        log.ContainerKinds(last).Should().Equal(ContainerEventKind.Appeared, ContainerEventKind.Removed);
        log.Events.OfType<ContainerChanged>().First().Container.Should().Match<ContainerView>(view => view.Name == "brief" && view.Image == "busybox" && view.Labels.Count == 0);

        async Task<string> LiveBrieflyAsync(IEngineContainers containers)
        {
            var made = (await containers.CreateAsync(TestCluster.Spec("brief"), cancellationToken)).Id;
            await containers.StartAsync(made, cancellationToken);
            await containers.RemoveAsync(made, true, false, cancellationToken);
            return made;
        }
    }

    [Test]
    public async Task Of_another_daemon_behind_a_known_address_the_old_one_goes_before_the_new_one_comes(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        await using var log = new EventLog(cluster.Cluster);
        var newcomer = new InMemoryEngine(TestCluster.Host(0, cluster.Time) with { DaemonId = "ID-new", Name = "newcomer" });

        var before = cluster.Host(0);
        cluster.Hosts.Remove(before.Address);
        cluster.Hosts.Add(newcomer);
        connector!.Engines[0].Inner = await cluster.Hosts.ConnectAsync(newcomer.Address, cancellationToken);
        before.PowerOff();
        await cluster.PassTimeUntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Admitted), "the newcomer is admitted");

        log.EngineKinds(0).Should().Equal(EngineEventKind.Disconnected, EngineEventKind.Removed, EngineEventKind.Discovered, EngineEventKind.Admitted);
        log.Events.OfType<EngineChanged>().Select(each => each.EngineId).Should().Equal("ID-0", "ID-0", "", "ID-new");
    }

    [Test]
    public async Task An_engine_that_leaves_and_comes_back_at_once_is_removed_before_it_is_discovered_again()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineRemovalGrace = TimeSpan.Zero);
        await using var log = new EventLog(cluster.Cluster);

        for (var i = 1; i <= 5; i++)
        {
            cluster.Discovery.Remove(TestCluster.AddressOf(0));
            await cluster.UntilAsync(() => cluster.Cluster.Engines.List().Count == 0, "it is let go");
            cluster.Discovery.Add(TestCluster.AddressOf(0));
            await cluster.UntilAsync(() => log.EngineKinds(0).Count == 3 * i, "all is told");
        }

        log.EngineKinds(0).Chunk(3).Should().OnlyContain(kinds => kinds.SequenceEqual(new[] { EngineEventKind.Removed, EngineEventKind.Discovered, EngineEventKind.Admitted }));
    }

    [Test]
    public async Task An_engine_that_is_lost_many_times_is_disconnected_and_reconnected_in_turn()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        for (var i = 1; i <= 5; i++)
        {
            cluster.Host(0).BreakEventStreams();
            await cluster.PassTimeUntilAsync(() => log.EngineKinds(0).Count == 2 * i, "it is lost and back");
        }

        log.EngineKinds(0).Chunk(2).Should().OnlyContain(kinds => kinds.SequenceEqual(new[] { EngineEventKind.Disconnected, EngineEventKind.Reconnected }));
    }

    [Test]
    public async Task A_reader_that_gave_up_holds_up_nobody_and_keeps_no_more_than_its_buffer(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EventBufferCapacity = 2);
        using var abandoned = cluster.Cluster.Events.Subscribe();
        await using var log = new EventLog(cluster.Cluster);
        using var given = new CancellationTokenSource();
        var reading = abandoned.GetAsyncEnumerator(given.Token).MoveNextAsync().AsTask();
        await given.CancelAsync();
        var gaveUp = () => reading;
        await gaveUp.Should().ThrowAsync<OperationCanceledException>();

        for (var i = 0; i < 10; i++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{i}"), cancellationToken);
            await cluster.UntilAsync(() => log.Events.Count == i + 1, "the other subscriber hears of each");
        }
    }

    [Test]
    public async Task Whoever_lagged_knows_everything_once_it_has_read_the_state_anew_and_followed_on(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EventBufferCapacity = 3);
        using var subscription = cluster.Cluster.Events.Subscribe();
        var known = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{i}"), cancellationToken);
        }

        await cluster.Containers.RemoveAsync("c3", cancellationToken: cancellationToken);
        await foreach (var happened in subscription.WithCancellation(cancellationToken))
        {
            switch (happened)
            {
                case EventsLagged:
                    known = [.. cluster.Containers.List().Select(container => container.Name)];
                    await cluster.Containers.RemoveAsync("c4", cancellationToken: cancellationToken);
                    await cluster.Containers.CreateAsync(TestCluster.Spec("last"), cancellationToken);
                    break;
                case ContainerChanged { Kind: ContainerEventKind.Removed } gone:
                    known.Remove(gone.Container.Name);
                    break;
                case ContainerChanged changed:
                    known.Add(changed.Container.Name);
                    break;
                default:
                    break;
            }

            if (known.Contains("last"))
            {
                break;
            }
        }

        known.Should().BeEquivalentTo(cluster.Containers.List().Select(container => container.Name));
    }
}
