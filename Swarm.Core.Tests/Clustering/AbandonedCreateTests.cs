using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>Creates that engines carry out long after nobody waits for them any more: room is held while that is likely, and what turns up is removed whenever that is.</summary>
[CancelAfter(120_000)]
public sealed class AbandonedCreateTests
{
    private const long MiB = 1L << 20;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [TestCase(5, 60)]
    [TestCase(5, 120)]
    [TestCase(100, 140)]
    public async Task While_an_engine_may_still_be_at_a_create_its_room_is_not_given_away(int leavesAfter, int madeAfter, CancellationToken cancellationToken)
    {
        await using var slow = await SlowCreate.StartAsync(madeAfter * _second);
        var create = await slow.BeginAsync(leavesAfter * _second);
        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

        // Somebody else wants the room all the time.
        Task<CreateResult>? rival = null;
        await slow.PassAsync(
            TimeSpan.FromMinutes(10),
            () =>
            {
                if (rival is null || (rival.IsCompleted && !rival.Result.IsCreated))
                {
                    rival = slow.Cluster.Containers.TryCreateAsync(TestCluster.Spec("rival", 700 * MiB), cancellationToken);
                }
            });

        slow.Most.Should().Be(700 * MiB, "the machine has 1,024 MiB");
        slow.Made.Should().NotBeNull();
        (await rival!).IsCreated.Should().BeTrue("the room is given away in the end");
        slow.Names.Should().Equal("rival");
    }

    [TestCase(5, 60)]
    [TestCase(5, 120)]
    [TestCase(null, 300)]
    [TestCase(5, 20 * 3600)]
    public async Task What_is_made_however_late_is_removed_and_counts_until_then(int? leavesAfter, int madeAfter, CancellationToken cancellationToken)
    {
        await using var slow = await SlowCreate.StartAsync(madeAfter * _second);
        var create = await slow.BeginAsync(leavesAfter * _second);
        await create.Awaiting(task => task).Should().ThrowAsync<Exception>();
        var seen = false;

        await slow.PassAsync((madeAfter * _second) + TimeSpan.FromMinutes(10), () => seen |= slow.Cluster.Engine(0).Used.MemoryBytes == 700 * MiB, until: () => slow.Made is not null && slow.Names.Count == 0);

        slow.Made.Should().NotBeNull();
        slow.Names.Should().BeEmpty();
        await slow.Cluster.UntilAsync(() => slow.Cluster.Engine(0).Containers.IsEmpty, "its removal is known");
        (await slow.Cluster.Containers.CreateAsync(TestCluster.Spec("web", 1024 * MiB), cancellationToken)).Name.Should().Be("web");
    }

    [Test]
    public async Task The_clock_of_a_hold_stands_while_the_engine_does_not_answer(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        using var giveUp = new CancellationTokenSource();
        cluster.Host(0).Hang();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", 700 * MiB), giveUp.Token);
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "it is known to be frozen", _second);
        await giveUp.CancelAsync();
        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await PassAsync(cluster, TimeSpan.FromMinutes(10), _second);

        cluster.Host(0).Resume();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it answers again", TimeSpan.FromMilliseconds(100));

        cluster.OpenHolds.Should().Be(1, "what was asked of it may lie in its buffers");
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "that time is over", _second);
    }

    [Test]
    public async Task A_known_orphan_is_removed_when_its_engine_is_back_in_discovery(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var orphan = await LeaveOrphanAsync(cluster, cancellationToken);

        await LeaveDiscoveryAsync(cluster, TimeSpan.FromHours(2));
        cluster.Host(0).Daemon.Containers.Should().ContainSingle(container => container.Id == orphan, "nobody could reach it");
        cluster.Discovery.Add(TestCluster.AddressOf(0));

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
        await cluster.UntilAsync(() => cluster.Engine(0).Containers.IsEmpty, "that is known");
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Name.Should().Be("web");
    }

    [Test]
    public async Task A_known_orphan_is_removed_when_its_engine_is_back_under_another_address(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await LeaveOrphanAsync(cluster, cancellationToken);
        await LeaveDiscoveryAsync(cluster, TimeSpan.FromHours(2));

        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(7));
        cluster.Discovery.Add(TestCluster.AddressOf(7));

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public async Task A_known_orphan_is_removed_when_its_engine_is_back_under_a_qualified_ID(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await LeaveOrphanAsync(cluster, cancellationToken);
        await LeaveDiscoveryAsync(cluster, TimeSpan.FromHours(2));
        cluster.Join(1, host => host with { DaemonId = "ID-0", MemoryBytes = 1024 * MiB });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "a clone has the ID");

        cluster.Discovery.Add(TestCluster.AddressOf(0));

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
        await cluster.UntilAsync(() => cluster.Engine(0).Id.Length > 0, "it takes part");
        cluster.Engine(0).Id.Should().Be($"ID-0|{TestCluster.AddressOf(0)}");
    }

    [Test]
    public async Task Another_daemon_that_has_a_container_of_the_same_operation_keeps_it(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await LeaveOrphanAsync(cluster, cancellationToken);
        var label = cluster.Host(0).Daemon.Containers.Single().Labels[SwarmLabels.Operation];
        await LeaveDiscoveryAsync(cluster, TimeSpan.FromHours(2));

        cluster.Join(1);
        await cluster.Host(1).Local.Containers.CreateAsync(TestCluster.Spec("copy") with { Labels = LabelSet.Create([new(SwarmLabels.Operation, label)]) }, cancellationToken);
        await PassAsync(cluster, TimeSpan.FromMinutes(5), _second);

        cluster.Host(1).Daemon.Containers.Should().ContainSingle();
        cluster.Engine(1).Containers.Should().ContainSingle();
    }

    [Test]
    public async Task A_create_that_is_carried_out_while_its_engine_is_out_of_discovery_is_removed_when_that_is_back(CancellationToken cancellationToken)
    {
        await using var slow = await SlowCreate.StartAsync(TimeSpan.FromMinutes(30));
        var create = await slow.BeginAsync(5 * _second);
        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

        await LeaveDiscoveryAsync(slow.Cluster, TimeSpan.FromHours(2));
        slow.Names.Should().Equal("web");
        slow.Cluster.Discovery.Add(TestCluster.AddressOf(0));

        await slow.Cluster.PassTimeUntilAsync(() => slow.Names.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
        await slow.Cluster.PassTimeUntilAsync(() => slow.Cluster.OpenHolds == 0, "nothing is held for it", _second);
    }

    [Test]
    public async Task A_create_that_a_stop_cut_short_is_removed_after_the_next_start(CancellationToken cancellationToken)
    {
        await using var slow = await SlowCreate.StartAsync(TimeSpan.FromMinutes(3));
        var create = await slow.BeginAsync(null);

        await slow.Cluster.Cluster.StopAsync(cancellationToken);
        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await slow.PassAsync(TimeSpan.FromMinutes(5));
        slow.Names.Should().Equal("web");
        await slow.Cluster.StartAsync();

        await slow.Cluster.PassTimeUntilAsync(() => slow.Names.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public async Task The_container_of_a_job_whose_engine_leaves_before_it_could_be_removed_is_removed_when_that_is_back(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.AttachContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "attach to container", "the link broke"));
        cluster.Host(0).FailNext(EngineOperation.RemoveContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "remove container", "the link broke"));
        cluster.Host(0).FailNext(EngineOperation.RemoveContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "remove container", "the link broke"));

        var job = () => cluster.Containers.RunToCompletionAsync(TestCluster.Spec("web"), cancellationToken: cancellationToken);
        await job.Should().ThrowAsync<EngineUnreachableException>();
        cluster.Host(0).Disconnect();
        await LeaveDiscoveryAsync(cluster, TimeSpan.FromHours(2));
        cluster.Host(0).Daemon.Containers.Should().ContainSingle();

        cluster.Host(0).Reconnect();
        cluster.Discovery.Add(TestCluster.AddressOf(0));

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public async Task An_orphan_that_its_engine_denied_once_is_removed_when_it_shows_again(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(TestCluster.AddressOf(0), "start container", System.Net.HttpStatusCode.InternalServerError, "no such device"));
        cluster.Host(0).FailNext(EngineOperation.RemoveContainer, new EngineApiException(TestCluster.AddressOf(0), "remove container", System.Net.HttpStatusCode.NotFound, "No such container"));

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await run.Should().ThrowAsync<EngineApiException>();

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "the next list shows it", _second);
    }

    [Test]
    public async Task A_removal_that_fails_is_tried_again_long_before_the_next_list(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(TestCluster.AddressOf(0), "start container", System.Net.HttpStatusCode.InternalServerError, "no such device"));
        for (var i = 0; i < 2; i++)
        {
            cluster.Host(0).FailNext(EngineOperation.RemoveContainer, new EngineApiException(TestCluster.AddressOf(0), "remove container", System.Net.HttpStatusCode.InternalServerError, "device or resource busy"));
        }

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await run.Should().ThrowAsync<EngineApiException>();
        var lists = cluster.Host(0).CallCount(EngineOperation.ListContainers);

        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Count == 0, "it is removed", TimeSpan.FromMilliseconds(100));

        cluster.Host(0).CallCount(EngineOperation.RemoveContainer).Should().Be(3);
        cluster.Host(0).CallCount(EngineOperation.ListContainers).Should().Be(lists);
    }

    private static Task<TestCluster> StartAsync(Func<InMemoryEngines, IEngineConnector>? connector = null) =>
        TestCluster.StartAsync(engine: (host, _) => host with { MemoryBytes = 1024 * MiB }, connector: connector);

    // A run that could not be started, on an engine that can be asked for nothing since.
    private static async Task<string> LeaveOrphanAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(TestCluster.AddressOf(0), "start container", System.Net.HttpStatusCode.InternalServerError, "no such device"));
        for (var i = 0; i < 3; i++)
        {
            cluster.Host(0).FailNext(EngineOperation.RemoveContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "remove container", "the link broke"));
        }

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await run.Should().ThrowAsync<EngineApiException>();
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.RemoveContainer) == 1, "its removal was tried");
        cluster.Host(0).Disconnect();
        return cluster.Host(0).Daemon.Containers.Single().Id;
    }

    private static async Task LeaveDiscoveryAsync(TestCluster cluster, TimeSpan duration)
    {
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 0, "it is let go", _second);
        await PassAsync(cluster, duration, TimeSpan.FromMinutes(1));
        cluster.Host(0).Reconnect();
    }

    private static Task PassAsync(TestCluster cluster, TimeSpan duration, TimeSpan step)
    {
        var until = cluster.Time.GetUtcNow() + duration;
        return cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() >= until, "time passes", step);
    }

    /// <summary>A cluster of one engine with 1,024 MiB that answers everything at once, but for one create of 700 MiB, which it carries out whoever waits for it.</summary>
    private sealed class SlowCreate(TestCluster cluster, TimeSpan duration) : IAsyncDisposable
    {
        private string? _made;
        private int _asked;

        public TestCluster Cluster => cluster;

        /// <summary>The container, once it was made.</summary>
        public string? Made => Volatile.Read(ref _made);

        /// <summary>The most memory that was really given away at a time.</summary>
        public long Most { get; private set; }

        public IReadOnlyList<string> Names => [.. Listed.Select(container => container.Names[0].TrimStart('/'))];

        // A copy: the daemon goes on meanwhile.
        private ImmutableArray<ContainerSummary> Listed => cluster.Host(0).Daemon.List(null, null);

        public static async Task<SlowCreate> StartAsync(TimeSpan duration)
        {
            TappedConnector? connector = null;
            var cluster = await AbandonedCreateTests.StartAsync(hosts => connector = new TappedConnector(hosts));
            var slow = new SlowCreate(cluster, duration);
            connector!.Engines[0].OnCreate = (config, create, token) => Interlocked.Increment(ref slow._asked) == 1 ? slow.MakeAsync(config, token) : create();
            return slow;
        }

        /// <summary>Asks for the create and, after a while, gives up waiting.</summary>
        public async Task<Task<ClusterContainer>> BeginAsync(TimeSpan? leavesAfter)
        {
            using var giveUp = new CancellationTokenSource();
            var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", 700 * MiB), giveUp.Token);
            await cluster.UntilAsync(() => cluster.OpenHolds == 1 && Volatile.Read(ref _asked) > 0, "it is under way");
            if (leavesAfter is { } while_)
            {
                await PassAsync(while_);
                await giveUp.CancelAsync();
                await cluster.UntilAsync(() => create.IsCompleted, "nobody waits any more");
            }
            else if (duration > cluster.Cluster.Current.Running.Limits.Create + TimeSpan.FromMinutes(2))
            {
                await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the time limit ends it", _second);
            }

            return create;
        }

        public Task PassAsync(TimeSpan time, Action? meanwhile = null, Func<bool>? until = null)
        {
            var end = cluster.Time.GetUtcNow() + time;
            return cluster.PassTimeUntilAsync(
                () =>
                {
                    Most = Math.Max(Most, Listed.Sum(container => MemoryOf(container.Id)));
                    meanwhile?.Invoke();
                    return until?.Invoke() == true || cluster.Time.GetUtcNow() >= end;
                },
                "time passes",
                time > TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(2) : _second);
        }

        public ValueTask DisposeAsync() => cluster.DisposeAsync();

        private long MemoryOf(string id)
        {
            try
            {
                return ContainerConfig.Parse(cluster.Host(0).CreateBodyOf(id).Span).Typed.MemoryBytes;
            }
            catch (EngineApiException)
            {
                return 0; // removed in this very moment
            }
        }

        private async Task<CreatedContainer> MakeAsync(ContainerConfig config, CancellationToken token)
        {
            var making = MakeLaterAsync(config);
            return await making.WaitAsync(token);
        }

        // On the machine itself, whatever becomes of the connection.
        private async Task<CreatedContainer> MakeLaterAsync(ContainerConfig config)
        {
            await Task.Delay(duration, cluster.Time, CancellationToken.None);
            var created = await cluster.Host(0).Local.Containers.CreateAsync(config, CancellationToken.None);
            Volatile.Write(ref _made, created.Id);
            return created;
        }
    }
}
