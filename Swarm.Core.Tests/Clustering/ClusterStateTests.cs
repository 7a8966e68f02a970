using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterStateTests
{
    private const long GiB = 1L << 30;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task A_container_that_somebody_else_creates_shows_up_with_its_room(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await Local(cluster).CreateAsync(TestCluster.Spec("theirs", memory: GiB), cancellationToken);

        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it shows up");
        cluster.Containers.Get("theirs").State.Should().Be(ContainerState.Created);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task What_somebody_else_does_to_a_container_shows_up(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var id = (await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken)).Id;

        await Local(cluster).StartAsync(id, cancellationToken);
        await StateIsAsync(cluster, id, ContainerState.Running);
        cluster.Host(0).Pause(id);
        await StateIsAsync(cluster, id, ContainerState.Paused);
        cluster.Host(0).Unpause(id);
        await StateIsAsync(cluster, id, ContainerState.Running);
        await Local(cluster).KillAsync(id, null, cancellationToken);
        await StateIsAsync(cluster, id, ContainerState.Exited);
        cluster.Host(0).Rename(id, "renamed");
        await cluster.UntilAsync(() => cluster.Containers.Get(id).Name == "renamed", "it is renamed");
        await Local(cluster).RemoveAsync(id, false, false, cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 0, "it is gone");

        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_somebody_else_renames_gives_its_old_name_free_and_takes_the_new_one(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        HostOf(cluster, web).Rename(web.Id, "old");
        await cluster.UntilAsync(() => cluster.Containers.Get(web.Id).Name == "old", "it is renamed");

        var next = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var taken = () => cluster.Containers.CreateAsync(TestCluster.Spec("old"), cancellationToken);

        next.Id.Should().NotBe(web.Id);
        await taken.Should().ThrowAsync<NameConflictException>();
    }

    [Test]
    public async Task A_process_that_ends_by_itself_shows_up_as_stopped_and_keeps_its_room(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var container = await cluster.Containers.RunAsync(TestCluster.Spec("job", memory: GiB), cancellationToken);

        cluster.Host(0).EndProcess(container.Id, exitCode: 3);

        await StateIsAsync(cluster, container.Id, ContainerState.Exited);
        cluster.Containers.Get("job").View.ExitCode.Should().Be(3);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task What_no_event_told_of_shows_up_by_the_next_list(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var gone = (await cluster.Containers.CreateAsync(TestCluster.Spec("gone", memory: GiB), cancellationToken)).Id;
        var started = (await cluster.Containers.CreateAsync(TestCluster.Spec("started", memory: GiB), cancellationToken)).Id;
        cluster.Host(0).DropEvents(1_000);
        await Local(cluster).RemoveAsync(gone, false, false, cancellationToken);
        await Local(cluster).StartAsync(started, cancellationToken);
        var made = (await Local(cluster).CreateAsync(TestCluster.Spec("made", memory: 2 * GiB), cancellationToken)).Id;

        await cluster.PassTimeUntilAsync(() => cluster.Containers.List().Any(container => container.Id == made), "the list is read", _second);

        cluster.Containers.List().Select(container => (container.Id, container.State)).Should()
            .BeEquivalentTo([(started, ContainerState.Running), (made, ContainerState.Created)]);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(3 * GiB);
        cluster.Time.GetUtcNow().Should().BeBefore(new DateTimeOffset(2026, 1, 1, 0, 2, 0, TimeSpan.Zero), "the list is read at least once a minute");
    }

    [Test]
    public async Task Events_that_come_twice_change_nothing(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);
        cluster.Host(0).DuplicateEvents(1_000);

        var id = (await Local(cluster).CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken)).Id;
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it shows up");
        await Local(cluster).StartAsync(id, cancellationToken);
        await StateIsAsync(cluster, id, ContainerState.Running);
        await Local(cluster).RemoveAsync(id, true, false, cancellationToken);
        await cluster.UntilAsync(() => log.ContainerKinds(id).Contains(ContainerEventKind.Removed), "it is gone");

        log.ContainerKinds(id).Should().ContainSingle(kind => kind == ContainerEventKind.Appeared)
            .And.ContainSingle(kind => kind == ContainerEventKind.Started)
            .And.ContainSingle(kind => kind == ContainerEventKind.Removed);
        cluster.Cluster.Snapshot.Nodes[0].Should().Match<NodeView>(node => node.ContainerCount == 0 && node.Used.MemoryBytes == 0);
    }

    [Test]
    public async Task A_broken_event_stream_makes_an_engine_unhealthy_until_everything_was_read_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var gone = (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Id;

        cluster.Host(0).BreakEventStreams();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the break is noticed");
        cluster.Engine(0).Reason.Should().Contain("reset");
        await Local(cluster).RemoveAsync(gone, false, false, cancellationToken);
        var made = (await Local(cluster).CreateAsync(TestCluster.Spec(), cancellationToken)).Id;

        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is healthy again");
        cluster.Engine(0).Reason.Should().BeNull();
        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(made);
    }

    [Test]
    public async Task A_power_cut_is_noticed_and_survived(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        var engine = web.EngineId == "ID-0" ? 0 : 1;

        cluster.Host(engine).PowerOff();
        await cluster.UntilAsync(() => cluster.Is(engine, EngineStatus.Unhealthy), "the cut is noticed");
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().NotBe(web.EngineId);
        var start = () => cluster.Containers.StartAsync("web", cancellationToken);
        await start.Should().ThrowAsync<EngineUnreachableException>();

        cluster.Host(engine).PowerOn();
        await cluster.PassTimeUntilAsync(() => cluster.Is(engine, EngineStatus.Healthy), "it is healthy again");
        cluster.Containers.Get("web").View.Should().Match<ContainerView>(view => view.State == ContainerState.Exited && view.ExitCode == 255);
    }

    [Test]
    public async Task A_daemon_that_hangs_is_unhealthy_gets_no_work_and_recovers(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        cluster.Host(0).Hang();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "pings are not answered");
        cluster.Engine(0).Reason.Should().Contain("ping");
        for (var i = 0; i < 3; i++)
        {
            (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1");
        }

        cluster.Host(0).Resume();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it answers again");
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-0");
    }

    [Test]
    public async Task What_an_unhealthy_engine_holds_stays_counted(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 3 * GiB), cancellationToken);
        var engine = web.EngineId == "ID-0" ? 0 : 1;

        cluster.Host(engine).Disconnect();
        await cluster.UntilAsync(() => cluster.Is(engine, EngineStatus.Unhealthy), "it is unhealthy");

        var node = cluster.Cluster.Snapshot.Nodes.Single(each => each.Id == web.EngineId);
        (node.HealthIndicator, node.Used.MemoryBytes, node.ContainerCount).Should().Be((0, 3 * GiB, 1));
        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await again.Should().ThrowAsync<NameConflictException>();
    }

    [Test]
    public async Task When_every_engine_is_unhealthy_the_reason_is_given_per_node(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        cluster.Host(0).Disconnect();
        cluster.Host(1).Disconnect();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy) && cluster.Is(1, EngineStatus.Unhealthy), "both are unhealthy");

        var result = await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken);

        result.IsCreated.Should().BeFalse();
        result.Placement.Rejections.Should().HaveCount(2).And.OnlyContain(each => each.Rejection.Code == Placement.RejectionCodes.Unhealthy);
    }

    [Test]
    public async Task A_container_that_is_slow_to_inspect_delays_no_other(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        var slow = (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Id;
        var quick = (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Id;
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connector!.Engines[0].OnInspect = (id, token) => id == slow ? stuck.Task.WaitAsync(token) : Task.CompletedTask;

        await Local(cluster).StartAsync(slow, cancellationToken);
        await Local(cluster).StartAsync(quick, cancellationToken);
        await StateIsAsync(cluster, quick, ContainerState.Running);

        cluster.Containers.Get(slow).State.Should().Be(ContainerState.Created);
        stuck.SetResult();
        await StateIsAsync(cluster, slow, ContainerState.Running);
    }

    [Test]
    public async Task A_container_the_daemon_is_stuck_on_does_not_take_its_engine_out(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        await using var log = new EventLog(cluster.Cluster);
        var stuck = (await cluster.Containers.CreateAsync(TestCluster.Spec("stuck", memory: GiB), cancellationToken)).Id;
        var asked = 0;
        connector!.Engines[0].OnInspect = async (id, token) =>
        {
            if (id == stuck)
            {
                Interlocked.Increment(ref asked);
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        cluster.Host(0).DropEvents(1_000);
        var made = (await Local(cluster).CreateAsync(TestCluster.Spec("made"), cancellationToken)).Id;

        await cluster.PassTimeUntilAsync(() => cluster.Containers.List().Any(container => container.Id == made), "the list is read all the same", _second);

        asked.Should().BePositive();
        cluster.Containers.Get("stuck").View.Resources.MemoryBytes.Should().Be(GiB);
        log.Events.OfType<EngineChanged>().Where(change => change.Reason?.Contains("inspect", StringComparison.Ordinal) == true).Should().BeEmpty();
    }

    [Test]
    public async Task After_all_the_coming_and_going_the_totals_are_the_sum_of_what_is_there(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var ids = new List<string>();
        for (var i = 1; i <= 8; i++)
        {
            ids.Add((await cluster.Containers.CreateAsync(TestCluster.Spec($"c{i}", memory: i * 100_000_003L, cpus: 0.1 * i), cancellationToken)).Id);
        }

        await cluster.Containers.RemoveAsync(ids[2], cancellationToken: cancellationToken);
        await cluster.Containers.RemoveAsync(ids[5], cancellationToken: cancellationToken);
        await Local(cluster).CreateAsync(TestCluster.Spec("theirs", memory: 77_000_001), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 7, "everything shows");

        foreach (var node in cluster.Cluster.Snapshot.Nodes)
        {
            node.Used.Should().Be(NodeView.SumOf([.. node.Containers]));
            node.ContainerCount.Should().Be(node.Containers.Count);
        }

        cluster.Cluster.Snapshot.Nodes.Sum(node => node.Used.MemoryBytes).Should().Be(((1 + 2 + 4 + 5 + 7 + 8) * 100_000_003L) + 77_000_001);
        cluster.Cluster.Snapshot.Nodes.Sum(node => node.Used.Slots).Should().Be(7);
    }

    private static IEngineContainers Local(TestCluster cluster) => cluster.Host(0).Local.Containers;

    private static InMemoryEngine HostOf(TestCluster cluster, ClusterContainer container) =>
        cluster.Hosts[cluster.Cluster.Engines.Get(container.EngineId).Address];

    private static Task StateIsAsync(TestCluster cluster, string id, ContainerState state) =>
        cluster.UntilAsync(() => cluster.Containers.Get(id).State == state, $"the container is {state}");
}
