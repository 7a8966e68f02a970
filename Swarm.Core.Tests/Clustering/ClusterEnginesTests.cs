using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterEnginesTests
{
    private const long GiB = 1L << 30;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task An_engine_that_discovery_finds_is_connected_to_and_admitted()
    {
        await using var cluster = await TestCluster.StartAsync();

        cluster.Join(1);

        await cluster.UntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "the new engine is admitted");
        cluster.Cluster.Snapshot.Nodes.Select(node => node.Id).Should().Equal("ID-0", "ID-1");
    }

    [Test]
    public async Task An_engine_that_leaves_discovery_gets_no_new_work(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "the engine is known to leave");

        for (var i = 0; i < 4; i++)
        {
            (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1");
        }
    }

    [Test]
    public async Task An_engine_that_leaves_keeps_its_containers_and_names_for_the_grace_time(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, options: options => options.EngineRemovalGrace = 60 * _second);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await LeaveAsync(cluster, web);

        cluster.Time.Advance(59 * _second);

        cluster.Containers.Get("web").EngineId.Should().Be(web.EngineId);
        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await again.Should().ThrowAsync<NameConflictException>();
        (await cluster.Containers.StartAsync("web", cancellationToken)).State.Should().Be(ContainerState.Running, "it can still be reached");
    }

    [Test]
    public async Task After_the_grace_time_an_engine_is_let_go_and_its_names_are_free(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await LeaveAsync(cluster, web);

        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 1, "the engine is let go", _second);

        cluster.Cluster.Engines.List().Should().ContainSingle();
        cluster.Containers.List().Should().BeEmpty();
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).EngineId.Should().NotBe(web.EngineId);
    }

    [Test]
    public async Task A_create_nobody_knows_the_end_of_frees_its_name_when_its_engine_is_let_go(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, options: options => options.UnknownHoldTime = TimeSpan.FromHours(1));
        var engine = cluster.Cluster.Plan(TestCluster.Spec("web")).Node!.Id == "ID-0" ? 0 : 1;
        cluster.Host(engine).Hang();
        var lost = cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => lost.IsCompleted, "the create ends by its time limit", _second);
        await lost.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();

        cluster.Discovery.Remove(TestCluster.AddressOf(engine));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 1, "the engine is let go", _second);

        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Name.Should().Be("web");
    }

    [Test]
    public async Task An_engine_that_comes_back_within_the_grace_time_gets_work_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 1);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "the engine is known to leave");

        cluster.Discovery.Add(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => cluster.Engine(0).IsEligible, "the engine is back");
        await PassAsync(cluster, 120 * _second);

        cluster.Cluster.Engines.List().Should().ContainSingle();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it answers");
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-0");
        cluster.Host(0).CallCount(EngineOperation.Connect).Should().Be(1, "it was never let go");
    }

    [Test]
    public async Task A_discovery_outage_keeps_the_last_set_and_the_watch_is_restarted()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        cluster.Discovery.Fail(new DiscoveryException("memory", "out of order"));
        await cluster.UntilAsync(() => cluster.Discovery.WatchCount == 0, "the watch has failed");
        cluster.Hosts.Add(TestCluster.Host(2, cluster.Time));
        cluster.Discovery.Set(cluster.Hosts.Addresses);

        await PassAsync(cluster, 180 * _second);
        cluster.Cluster.Engines.List().Should().HaveCount(2);

        cluster.Discovery.Recover();
        await cluster.PassTimeUntilAsync(() => cluster.Is(2, EngineStatus.Healthy), "the set is read again");
        cluster.Discovery.WatchCount.Should().Be(1);
    }

    [Test]
    public async Task Whatever_discovery_does_wrong_it_is_asked_again()
    {
        DelegateDiscovery? broken = null;
        await using var cluster = await TestCluster.StartAsync(discovery: memory => broken = new DelegateDiscovery((watch, cancellationToken) => watch switch
        {
            1 => throw new NotSupportedException("thrown before the first set"),
            2 => Sets(null!),
            3 => throw new OperationCanceledException("nobody cancelled"),
            4 => Sets(),
            _ => memory.WatchAsync(cancellationToken),
        }));

        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "the engine is found in the end");

        broken!.Watches.Should().Be(5);
    }

    [Test]
    public async Task A_watch_that_ends_takes_no_engine_away()
    {
        DelegateDiscovery? brief = null;
        await using var cluster = await TestCluster.StartAsync(discovery: memory =>
            brief = new DelegateDiscovery((_, _) => Sets(new DiscoverySnapshot(memory.Addresses))));

        await cluster.PassTimeUntilAsync(() => brief!.Watches >= 3, "it is watched again and again");

        cluster.Cluster.Engines.List().Should().ContainSingle();
        cluster.Engine(0).IsEligible.Should().BeTrue();
    }

    [Test]
    public async Task An_engine_that_is_down_at_the_start_is_admitted_when_it_comes_up()
    {
        await using var cluster = TestCluster.Create(engines: 2);
        cluster.Host(0).PowerOff();

        await cluster.StartAsync();

        cluster.Engine(0).Status.Should().Be(EngineStatus.Pending);
        cluster.Engine(0).Reason.Should().Contain("no route to host");
        cluster.Engine(1).Status.Should().Be(EngineStatus.Healthy);
        cluster.Host(0).PowerOn();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is admitted");
        cluster.Engine(0).Reason.Should().BeNull();
    }

    [Test]
    public async Task A_second_address_of_one_daemon_waits_and_says_why()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        AddSecondAddress(cluster);
        await cluster.UntilAsync(() => log.EngineKinds(9).Contains(EngineEventKind.Conflict), "the conflict is announced");

        var second = cluster.Engine(9);
        second.Status.Should().Be(EngineStatus.Pending);
        second.Reason.Should().Contain("ID-0").And.Contain(TestCluster.AddressOf(0).ToString());
        cluster.Cluster.Snapshot.Nodes.Should().ContainSingle();
    }

    [Test]
    public async Task A_second_address_takes_over_everything_when_the_first_leaves_discovery(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        AddSecondAddress(cluster);
        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().Any(engine => engine.Reason?.Contains("ID-0", StringComparison.Ordinal) == true), "the second address waits");

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => cluster.Is(9, EngineStatus.Healthy) && cluster.Cluster.Engines.List().Count == 1, "the second address takes over, without waiting for the next refresh");
        await cluster.UntilAsync(() => cluster.Hosts[TestCluster.AddressOf(0)].CallCount(EngineOperation.Connect) == 2, "there were two connections");
        await PassAsync(cluster, 5 * _second);

        cluster.Containers.Get("web").Should().Match<ClusterContainer>(found => found.Id == web.Id && found.EngineId == "ID-0");
        cluster.Cluster.Snapshot.Nodes.Should().ContainSingle().Which.Used.MemoryBytes.Should().Be(GiB);
        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await again.Should().ThrowAsync<NameConflictException>();
    }

    [Test]
    public async Task An_engine_that_moves_to_another_address_is_never_out_of_sight(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var host = cluster.Host(0);
        cluster.Hosts.Add(host, TestCluster.AddressOf(9));
        var seen = new List<int>();
        using var watching = new CancellationTokenSource();
        var watch = cluster.Cluster.Engines.WaitUntilAsync(
            _ =>
            {
                seen.Add(cluster.Cluster.Snapshot.Nodes.Count);
                return false;
            },
            watching.Token);

        cluster.Discovery.Set(TestCluster.AddressOf(9));
        await cluster.UntilAsync(() => cluster.Is(9, EngineStatus.Healthy) && cluster.Cluster.Engines.List().Count == 1, "it is taken over");
        await watching.CancelAsync();
        await watch.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

        seen.Should().OnlyContain(nodes => nodes == 1);
        cluster.Containers.Get("web").EngineId.Should().Be("ID-0");
    }

    [Test]
    public async Task An_engine_whose_events_break_while_it_is_read_at_its_new_address_gets_no_work_until_it_was_read_there(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        connector!.OnConnected = engine => engine.OnListNetworks = async (listed, _) =>
        {
            held.TrySetResult();
            await release.Task; // deaf to its token, as an answer is that is on its way already
            return listed;
        };
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));

        cluster.Discovery.Set(TestCluster.AddressOf(9));
        await held.Task.WaitAsync(cancellationToken);
        connector.Engines[^1].StreamsBreak.SetResult();
        await cluster.UntilAsync(() => cluster.Engine(9).FailureCount > 0, "the loss is known");
        release.SetResult();
        for (var i = 0; i < 50; i++)
        {
            await Task.Delay(1, CancellationToken.None);
        }

        var node = cluster.Cluster.Snapshot.Nodes.Single();
        (node.HealthIndicator == 0 || cluster.Is(0, EngineStatus.Healthy)).Should().BeTrue("somebody has to speak for what is healthy");
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeFalse();
        node.Used.MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task Cloned_machines_are_both_admitted_and_told_apart_by_their_address(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        cluster.Join(1, host => host with { DaemonId = "ID-0" });

        await cluster.UntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "the clone is admitted");
        cluster.Engine(1).Id.Should().Be($"ID-0|{TestCluster.AddressOf(1)}");
        var first = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
        var second = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
        new[] { first.EngineName, second.EngineName }.Should().BeEquivalentTo("engine-0", "engine-1");
    }

    [Test]
    public async Task Another_daemon_behind_a_known_address_inherits_nothing(CancellationToken cancellationToken)
    {
        var time = new CountingTimeProvider();
        var newcomer = new InMemoryEngine(TestCluster.Host(0, time) with { DaemonId = "ID-new", Name = "newcomer" });
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts), time: time);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        var before = cluster.Host(0);
        cluster.Hosts.Remove(before.Address);
        cluster.Hosts.Add(newcomer);
        connector!.Engines[0].Inner = await cluster.Hosts.ConnectAsync(newcomer.Address, cancellationToken);
        before.PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes is [{ Id: "ID-new", HealthIndicator: 100 }], "the newcomer is the only node");

        cluster.Containers.List().Should().BeEmpty();
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(0);
        cluster.Engine(0).Name.Should().Be("newcomer");
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).EngineId.Should().Be("ID-new");
    }

    [TestCase("throws")]
    [TestCase("throws at once")]
    [TestCase("says it was cancelled")]
    [TestCase("hangs")]
    [TestCase("gives nothing")]
    public async Task A_connector_that_misbehaves_harms_only_its_engine(string manner, CancellationToken cancellationToken)
    {
        var mended = false;
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hosts => new DelegateConnector((address, token) =>
            Volatile.Read(ref mended) || address != TestCluster.AddressOf(0) ? hosts.ConnectAsync(address, token) : Misbehave(manner)));

        cluster.Engine(0).Status.Should().Be(EngineStatus.Pending);
        cluster.Engine(0).Reason.Should().NotBeNullOrEmpty();
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1");
        Volatile.Write(ref mended, true);
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is admitted once its connector works");
    }

    [Test]
    public async Task A_connector_that_blocks_holds_nobody_up(CancellationToken cancellationToken)
    {
        using var gate = new ManualResetEventSlim();
        await using var cluster = TestCluster.Create(engines: 2, connector: hosts => new DelegateConnector((address, token) =>
        {
            if (address == TestCluster.AddressOf(0))
            {
                gate.Wait(cancellationToken);
            }

            return hosts.ConnectAsync(address, token);
        }));

        await cluster.StartAsync();

        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineId.Should().Be("ID-1");
        gate.Set();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "the other engine is admitted too");
    }

    [Test]
    public async Task A_connection_that_comes_too_late_is_closed(CancellationToken cancellationToken)
    {
        var late = new TaskCompletionSource<IEngine>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => new DelegateConnector((address, token) =>
            Interlocked.Increment(ref calls) == 1 ? late.Task : hosts.ConnectAsync(address, token)));
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "the second attempt succeeds");
        var engine = new TappedEngine(await cluster.Hosts.ConnectAsync(TestCluster.AddressOf(0), cancellationToken));

        late.SetResult(engine);

        await cluster.UntilAsync(() => engine.Disposals == 1, "the late one is closed");
        cluster.Engine(0).Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public async Task A_ping_that_throws_anything_makes_the_engine_unhealthy()
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hosts => connector = new TappedConnector(hosts));
        var tapped = connector!.Engines.Single(engine => engine.Address == TestCluster.AddressOf(0));

        tapped.OnPing = _ => throw new FormatException("not an answer");

        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the ping is not believed");
        cluster.Engine(1).Status.Should().Be(EngineStatus.Healthy);
        tapped.OnPing = _ => Task.CompletedTask;
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it recovers");
    }

    [TestCase("ID-1")]
    [TestCase("engine-1")]
    [TestCase("engine-1:2375")]
    [TestCase("tcp://engine-1:2375")]
    public async Task An_engine_is_found_by_its_id_name_or_address(string reference)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);

        cluster.Cluster.Engines.Get(reference).Id.Should().Be("ID-1");
    }

    [Test]
    public async Task A_name_that_two_engines_share_is_ambiguous()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, _) => host with { Name = "twin" });

        var get = () => cluster.Cluster.Engines.Get("twin");

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2).And.Contain(candidate => candidate.Contains("engine-1:2375", StringComparison.Ordinal));
    }

    [TestCase("nobody")]
    [TestCase("ID")]
    [TestCase("engine-7:2375")]
    public async Task An_engine_that_nobody_knows_is_not_found(string reference)
    {
        await using var cluster = await TestCluster.StartAsync();

        var get = () => cluster.Cluster.Engines.Get(reference);

        get.Should().Throw<EngineNotFoundException>().Which.Reference.Should().Be(reference);
    }

    [Test]
    public async Task Waiting_for_what_is_so_already_ends_at_once(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var states = await cluster.Cluster.Engines.WaitUntilAsync(engines => engines.Count == 2, cancellationToken);

        states.Select(state => state.Id).Should().Equal("ID-0", "ID-1");
    }

    [Test]
    public async Task Waiting_ends_with_the_change_that_was_waited_for(CancellationToken cancellationToken)
    {
        var isPending = Completion.Create();
        await using var cluster = await TestCluster.StartAsync(connector: hosts => new DelegateConnector(async (address, token) =>
        {
            if (address == TestCluster.AddressOf(1))
            {
                await isPending.Task;
            }

            return await hosts.ConnectAsync(address, token);
        }));
        var wait = cluster.Cluster.Engines.WaitUntilAsync(
            engines =>
            {
                if (engines.Count == 2)
                {
                    // All that discovery changes has been told of: what comes now is told by the engine.
                    isPending.TrySetResult();
                }

                return engines.Count(engine => engine.Status == EngineStatus.Healthy) == 2;
            },
            cancellationToken);
        wait.IsCompleted.Should().BeFalse();

        cluster.Join(1);

        (await wait).Should().HaveCount(2);
    }

    [Test]
    public async Task Waiting_sees_an_engine_as_soon_as_discovery_names_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(connector: hosts => new DelegateConnector((address, token) =>
            address == TestCluster.AddressOf(1) ? new TaskCompletionSource<IEngine>().Task : hosts.ConnectAsync(address, token)));
        var wait = cluster.Cluster.Engines.WaitUntilAsync(engines => engines.Count == 2, cancellationToken);

        cluster.Join(1);

        (await wait)[1].Status.Should().Be(EngineStatus.Pending);
    }

    [Test]
    public async Task Waiting_can_be_given_up()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var patience = new CancellationTokenSource();
        var wait = cluster.Cluster.Engines.WaitUntilAsync(_ => false, patience.Token);

        await patience.CancelAsync();

        await wait.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Waiting_ends_with_the_cluster()
    {
        var cluster = await TestCluster.StartAsync();
        var wait = cluster.Cluster.Engines.WaitUntilAsync(_ => false, CancellationToken.None);

        await cluster.DisposeAsync();

        await wait.Awaiting(task => task).Should().ThrowAsync<ObjectDisposedException>();
    }

    private static async Task LeaveAsync(TestCluster cluster, ClusterContainer container)
    {
        var engine = cluster.Cluster.Engines.Get(container.EngineId);
        cluster.Discovery.Remove(engine.Address);
        await cluster.UntilAsync(() => !cluster.Cluster.Engines.Get(container.EngineId).IsEligible, "the engine is known to leave");
    }

    private static void AddSecondAddress(TestCluster cluster)
    {
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));
        cluster.Discovery.Add(TestCluster.AddressOf(9));
    }

    private static async Task PassAsync(TestCluster cluster, TimeSpan time)
    {
        var end = cluster.Time.GetUtcNow() + time;
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() >= end, "time passes", _second);
    }

    private static Task<IEngine> Misbehave(string manner) => manner switch
    {
        "throws" => Task.FromException<IEngine>(new InvalidCastException("a defect")),
        "throws at once" => throw new InvalidCastException("a defect"),
        "says it was cancelled" => Task.FromException<IEngine>(new OperationCanceledException("nobody asked for it")),
        "hangs" => new TaskCompletionSource<IEngine>().Task,
        _ => Task.FromResult<IEngine>(null!),
    };

    private static async IAsyncEnumerable<DiscoverySnapshot> Sets(params DiscoverySnapshot[] sets)
    {
        await Task.Yield();
        foreach (var set in sets ?? [null!])
        {
            yield return set;
        }
    }
}
