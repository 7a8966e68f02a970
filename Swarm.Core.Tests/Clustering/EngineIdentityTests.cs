using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class EngineIdentityTests
{
    private const long GiB = 1L << 30;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task One_daemon_that_is_read_under_two_addresses_at_once_takes_part_once(CancellationToken cancellationToken)
    {
        // Which address comes first, and how close behind the other follows, is for the threads to decide: many starts, for many of their orders.
        for (var start = 0; start < 100; start++)
        {
            var hosts = new InMemoryEngines();
            var host = hosts.Add(TestCluster.Host(0, TimeProvider.System));
            hosts.Add(host, TestCluster.AddressOf(1));
            await using var cluster = SwarmCluster.Create(new SwarmOptions(), new SwarmPlugins { Discovery = new InMemoryDiscovery(hosts.Addresses), Connector = hosts });
            await cluster.StartAsync(cancellationToken);

            cluster.Engines.List().Select(engine => engine.Status).Should().BeEquivalentTo([EngineStatus.Healthy, EngineStatus.Pending], "of start {0} too", start);
            cluster.Snapshot.Nodes.Should().ContainSingle();
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    public async Task A_machine_with_two_addresses_that_is_renamed_still_takes_part_once(int containers, CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap);
        for (var made = 0; made < containers; made++)
        {
            await CreateAsync(cluster.Host(0), cancellationToken);
        }

        AddSecondAddress(cluster);
        await cluster.UntilAsync(() => IsHeld(cluster, 9), "the second address waits");
        await PassAsync(cluster, 70 * _second);

        machine.Name = "renamed";
        await PassAsync(cluster, 200 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().ContainSingle());

        cluster.Engine(0).Name.Should().Be("renamed");
        cluster.Engine(9).Reason.Should().Contain("one daemon under two addresses");
        cluster.Cluster.Snapshot.Nodes.Single().ContainerCount.Should().Be(containers);
    }

    [Test]
    public async Task A_machine_that_is_renamed_and_gets_another_address_keeps_its_ID_and_its_containers(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        machine.Name = "renamed";
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));

        cluster.Discovery.Set(TestCluster.AddressOf(9));
        await cluster.UntilAsync(() => TakesPart(cluster, 9) && cluster.Cluster.Engines.List().Count == 1, "it is taken back");

        cluster.Cluster.Snapshot.Nodes.Single().Should().Match<NodeView>(node => node.Id == "ID-0" && node.Name == "renamed" && node.Used.MemoryBytes == GiB);
        cluster.Containers.Get("web").Id.Should().Be(web.Id);
    }

    [TestCase("engine-1", false, false)]
    [TestCase("engine-1", true, false)]
    [TestCase("engine-1", true, true)]
    [TestCase("engine-0", true, true)]
    public async Task A_clone_does_not_inherit_an_engine_in_its_grace_time(string name, bool hasContainer, bool cloneHasContainer, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        if (hasContainer)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        }

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it is known to leave");
        var clone = cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { DaemonId = "ID-0", Name = name });
        if (cloneHasContainer)
        {
            await CreateAsync(clone, cancellationToken);
        }

        cluster.Discovery.Add(clone.Address);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the clone takes part", _second);

        cluster.Cluster.Snapshot.Nodes.Select(node => node.Id).Should().Equal("ID-0", $"ID-0|{clone.Address}");
        cluster.Engine(0).Id.Should().Be("ID-0");
        if (hasContainer)
        {
            cluster.Containers.Get("web").EngineId.Should().Be("ID-0");
        }
    }

    [Test]
    public async Task A_clone_does_not_inherit_an_engine_that_does_not_answer_in_its_grace_time(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        cluster.Host(0).PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "it is lost");

        cluster.Join(1, host => host with { DaemonId = "ID-0" });
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the clone takes part");

        cluster.Engine(1).Id.Should().Be($"ID-0|{TestCluster.AddressOf(1)}");
        cluster.Containers.Get("web").EngineId.Should().Be("ID-0");
    }

    [Test]
    public async Task Another_daemon_at_an_address_that_discovery_does_not_name_any_more_does_not_take_part(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: machine.Tap, options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it is known to leave");

        machine.Connections.Single(tapped => tapped.Address == TestCluster.AddressOf(0)).OnSpecs = specs => specs with { DaemonId = "another" };
        machine.OnConnect = tapped => tapped.OnSpecs = specs => specs with { DaemonId = "another" };

        await PassAsync(cluster, 200 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().NotContain(node => node.State!.Specs!.DaemonId == "another"));
        cluster.Cluster.Engines.List().Select(engine => engine.Address).Should().Equal(TestCluster.AddressOf(1));
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).EngineId.Should().Be("ID-1");
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Clones_of_one_host_name_are_told_apart_by_what_is_on_them(bool onFirst, bool onSecond, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        if (onFirst)
        {
            await CreateAsync(cluster.Host(0), cancellationToken);
        }

        var clone = cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { DaemonId = "ID-0", Name = "engine-0" });
        if (onSecond)
        {
            await CreateAsync(clone, cancellationToken);
        }

        cluster.Discovery.Add(clone.Address);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the clone takes part");

        cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2);
        await PassAsync(cluster, 100 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2));
    }

    [Test]
    public async Task Clones_that_nothing_tells_apart_wait_until_something_happens_on_one_of_them(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0" });
        await PassAsync(cluster, 100 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().ContainSingle());

        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the second takes part", _second);

        cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2);
    }

    [Test]
    public async Task A_copy_of_a_machine_with_its_containers_waits_until_they_differ(CancellationToken cancellationToken)
    {
        // The disk of a machine was copied while containers were on it: both list them, and each makes others from then on.
        var ghost = new Ghost();
        await using var cluster = await TestCluster.StartAsync(connector: ghost.Tap);
        var old = await CreateAsync(cluster.Host(0), cancellationToken);
        ghost.Haunt(cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { DaemonId = "ID-0" }), cluster.Host(0), old);

        cluster.Discovery.Add(TestCluster.AddressOf(1));
        await PassAsync(cluster, 100 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().ContainSingle("the same containers mean the same daemon"));
        await CreateAsync(cluster.Host(1), cancellationToken);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "they differ", _second);

        await PassAsync(cluster, 200 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2, "they were told apart for good"));
    }

    [Test]
    public async Task A_copy_of_a_machine_that_was_told_apart_is_not_taken_for_it_when_it_does_not_answer(CancellationToken cancellationToken)
    {
        var ghost = new Ghost();
        await using var cluster = await TestCluster.StartAsync(connector: ghost.Tap);
        var own = await CopyAsync(cluster, ghost, cancellationToken);

        cluster.Host(1).PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Unhealthy), "it is lost");

        await PassAsync(cluster, 200 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2, "it tells nothing new"));
        cluster.Containers.Get(own).EngineId.Should().Be($"ID-0|{TestCluster.AddressOf(1)}");
    }

    [Test]
    public async Task A_copy_of_a_machine_that_was_told_apart_and_has_a_name_of_its_own_stays_when_both_have_the_same_containers_again(CancellationToken cancellationToken)
    {
        var ghost = new Ghost();
        await using var cluster = await TestCluster.StartAsync(connector: ghost.Tap);
        var own = await CopyAsync(cluster, ghost, cancellationToken);

        await cluster.Host(1).Local.Containers.RemoveAsync(own, force: true, removeVolumes: false, cancellationToken);

        await PassAsync(cluster, 200 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2, "no machine has two names"));
    }

    [Test]
    public async Task What_the_host_program_said_of_an_engine_that_turns_out_to_be_another_one_counts_for_that(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap);
        var know = await MoveUnknownAsync(cluster, machine, cancellationToken);
        await cluster.Cluster.Engines.SetOverlayAsync("ID-0", EngineOverlay.Empty with { IsEligible = false, Reason = "it smokes" }, cancellationToken);

        know();
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 1, "its containers tell", _second);

        await cluster.UntilAsync(() => cluster.Engine(9).Overlay is { IsEligible: false, Reason: "it smokes" }, "it gets no work under the other address either");
        await cluster.Cluster.Engines.SetOverlayAsync("ID-0", EngineOverlay.Empty, cancellationToken);
        cluster.Engine(9).Overlay.Should().Be(EngineOverlay.Empty, "whoever knows it by the other ID means it");
        cluster.Cluster.Engines.Get("ID-0").Address.Should().Be(TestCluster.AddressOf(9));
    }

    [Test]
    public async Task An_engine_that_turned_out_to_be_another_one_is_found_by_its_ID_also_when_that_moves(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap);
        var know = await MoveUnknownAsync(cluster, machine, cancellationToken);
        know();
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 1, "its containers tell", _second);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "the former address is let go", _second);

        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(8));
        cluster.Discovery.Set(TestCluster.AddressOf(8));
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 8) && cluster.Cluster.Engines.List().Count == 1, "it moves", _second);

        cluster.Cluster.Current.Running.Registry.Find("ID-0")!.Address.Should().Be(TestCluster.AddressOf(8));
    }

    [Test]
    public async Task An_engine_that_turns_out_to_be_another_one_leaves_it_what_was_promised(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap, logs: logs, options: options => options.UnknownHoldTime = TimeSpan.FromHours(1));
        var know = await MoveUnknownAsync(cluster, machine, cancellationToken);
        var web = cluster.Containers.Get("web");
        var lost = cluster.Cluster.Current.Running.Ledger.TryReserve(
            new PlacementRequest { Name = "job", Resources = new ResourceVector { MemoryBytes = GiB, Slots = 1 } },
            cluster.Cluster.Snapshot.Nodes.Single(node => node.HealthIndicator > 0),
            "op").Hold!;

        know();
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 1, "its containers tell", _second);

        await cluster.UntilAsync(() => cluster.Cluster.Snapshot.Nodes.Single().Used.MemoryBytes == 2 * GiB, "the container counts, and what is promised");
        lost.EngineId.Should().Be(cluster.Cluster.Snapshot.Nodes.Single().Id);
        cluster.Containers.Get("web").Id.Should().Be(web.Id);
        cluster.Cluster.Current.Running.Registry.Find("ID-0").Should().NotBeNull("whoever knows it by the other ID still finds it");
        await cluster.UntilAsync(() => IsHeld(cluster, 0) || !cluster.Is(0, EngineStatus.Healthy), "the other address waits");
        await cluster.UntilAsync(() => logs.Entries.Any(entry => entry.Event == "EnginesMerged"), "it is told");
        lost.Release();
    }

    [Test]
    public async Task A_clone_that_comes_back_has_its_ID_again_and_keeps_it_when_its_twin_leaves(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var clone = cluster.Join(1, host => host with { DaemonId = "ID-0" });
        var id = $"ID-0|{clone.Address}";
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the clone takes part");

        cluster.Discovery.Remove(clone.Address);
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "the clone is let go", _second);
        cluster.Discovery.Add(clone.Address);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "it is back");
        cluster.Engine(1).Id.Should().Be(id);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "its twin is let go", _second);
        await PassAsync(cluster, 100 * _second);
        cluster.Engine(1).Id.Should().Be(id, "no running container changes its node");

        cluster.Discovery.Add(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 0), "its twin is back");
        cluster.Cluster.Snapshot.Nodes.Select(node => node.Id).Should().Equal("ID-0", id);
        (await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Should().NotBeNull();
    }

    [Test]
    public async Task A_second_address_of_a_clone_waits_also_when_the_plain_ID_is_free(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var clone = cluster.Join(1, host => host with { DaemonId = "ID-0" });
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "the clone takes part");
        await CreateAsync(clone, cancellationToken);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "its twin is let go", _second);

        cluster.Hosts.Add(clone, TestCluster.AddressOf(9));
        cluster.Discovery.Add(TestCluster.AddressOf(9));

        await cluster.UntilAsync(() => IsHeld(cluster, 9), "the second address waits");
        cluster.Cluster.Snapshot.Nodes.Should().ContainSingle();
    }

    [Test]
    public async Task Two_addresses_of_a_busy_daemon_do_not_make_it_be_read_without_end(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap);
        AddSecondAddress(cluster);
        await cluster.UntilAsync(() => IsHeld(cluster, 9), "the second address waits");
        var lists = await MakeBusyAsync(machine, cluster.Host(0), cancellationToken);

        await PassAsync(cluster, 300 * _second, () => cluster.Cluster.Snapshot.Nodes.Should().ContainSingle());

        // Two engines, a list each every 30 to 60 seconds, and at most four out of turn in 30 seconds.
        lists().Should().BeLessThan(2 * (11 + (11 * 4)));
    }

    [Test]
    public async Task A_busy_daemon_that_moves_is_taken_over_in_its_grace_time(CancellationToken cancellationToken)
    {
        var machine = new Machine();
        await using var cluster = await TestCluster.StartAsync(connector: machine.Tap, options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        AddSecondAddress(cluster);
        await cluster.UntilAsync(() => IsHeld(cluster, 9), "the second address waits");
        await MakeBusyAsync(machine, cluster.Host(0), cancellationToken);
        await PassAsync(cluster, 100 * _second);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        var left = cluster.Time.GetUtcNow();
        await cluster.PassTimeUntilAsync(
            () =>
            {
                cluster.Cluster.Snapshot.Nodes.Should().ContainSingle().Which.Id.Should().Be("ID-0");
                return cluster.Is(9, EngineStatus.Healthy);
            },
            "it is taken over",
            _second);

        (cluster.Time.GetUtcNow() - left).Should().BeLessThan(120 * _second);
    }

    // The machine got another address and name, and does not know its containers yet when it is read there first: it takes part twice until it does.
    private static async Task<Action> MoveUnknownAsync(TestCluster cluster, Machine machine, CancellationToken cancellationToken)
    {
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        var blocked = true;
        machine.OnConnect = tapped =>
        {
            if (tapped.Address == TestCluster.AddressOf(9))
            {
                tapped.OnList = (listed, _) => Task.FromResult(Volatile.Read(ref blocked) ? [] : listed);
            }
        };
        machine.BreakFirst();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the old address does not answer");
        machine.Name = "renamed";
        AddSecondAddress(cluster);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 9), "it looks like another one", _second);
        cluster.Cluster.Snapshot.Nodes.Should().HaveCount(2);
        return () => Volatile.Write(ref blocked, false);
    }

    // The disk of a machine was copied while a container was on it; the copy has made another one since, and takes part. Gives that container.
    private static async Task<string> CopyAsync(TestCluster cluster, Ghost ghost, CancellationToken cancellationToken)
    {
        var old = await CreateAsync(cluster.Host(0), cancellationToken);
        ghost.Haunt(cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { DaemonId = "ID-0" }), cluster.Host(0), old);
        cluster.Discovery.Add(TestCluster.AddressOf(1));
        await cluster.UntilAsync(() => IsHeld(cluster, 1), "it waits");
        var own = await CreateAsync(cluster.Host(1), cancellationToken);
        await cluster.PassTimeUntilAsync(() => TakesPart(cluster, 1), "they differ", _second);
        await PassAsync(cluster, 100 * _second);
        return own;
    }

    private static async Task<string> CreateAsync(InMemoryEngine host, CancellationToken cancellationToken) =>
        (await host.Local.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Id;

    // No list fits what the events say: each shows one more container that is gone by the next. Gives how many lists there were.
    private static async Task<Func<int>> MakeBusyAsync(Machine machine, InMemoryEngine host, CancellationToken cancellationToken)
    {
        var lists = 0;
        var inspection = await host.Local.Containers.InspectAsync(await CreateAsync(host, cancellationToken), cancellationToken);
        foreach (var tapped in machine.Connections)
        {
            tapped.OnList = (listed, _) => Task.FromResult(listed.Add(new ContainerSummary { Id = $"{Interlocked.Increment(ref lists):x64}" }));
            tapped.InspectAs = (id, inspect) => id.StartsWith("00000000", StringComparison.Ordinal) ? Task.FromResult(inspection with { View = inspection.View with { Id = id } }) : inspect();
        }

        return () => Volatile.Read(ref lists);
    }

    // The node follows the state by a moment.
    private static bool TakesPart(TestCluster cluster, int engine) =>
        cluster.Cluster.Snapshot.Nodes.Any(node => node.Address == TestCluster.AddressOf(engine) && node.HealthIndicator > 0);

    private static bool IsHeld(TestCluster cluster, int engine) =>
        cluster.Cluster.Engines.List().Any(state => state.Address == TestCluster.AddressOf(engine) && state.Reason?.Contains("ID-0", StringComparison.Ordinal) == true);

    private static void AddSecondAddress(TestCluster cluster)
    {
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));
        cluster.Discovery.Add(TestCluster.AddressOf(9));
    }

    private static async Task PassAsync(TestCluster cluster, TimeSpan time, Action? meanwhile = null)
    {
        var end = cluster.Time.GetUtcNow() + time;
        await cluster.PassTimeUntilAsync(
            () =>
            {
                meanwhile?.Invoke();
                return cluster.Time.GetUtcNow() >= end;
            },
            "time passes",
            _second);
    }

    /// <summary>A machine whose host name a test can change, and whose first address it can cut off.</summary>
    private sealed class Machine
    {
        private TappedConnector? _connector;
        private string? _name;

        public string? Name
        {
            get => Volatile.Read(ref _name);
            set => Volatile.Write(ref _name, value);
        }

        public Action<TappedEngine> OnConnect { get; set; } = _ => { };

        public IReadOnlyList<TappedEngine> Connections => _connector!.Engines;

        public IEngineConnector Tap(InMemoryEngines hosts) => _connector = new TappedConnector(hosts)
        {
            OnConnected = tapped =>
            {
                tapped.OnSpecs = specs => Name is { } name ? specs with { Name = name } : specs;
                OnConnect(tapped);
            },
        };

        public void BreakFirst()
        {
            var first = _connector!.Engines[0];
            first.OnPing = _ => throw new EngineUnreachableException(first.Address, "ping", "the address is gone");
            first.OnSpecs = _ => throw new EngineUnreachableException(first.Address, "describe engine", "the address is gone");
        }
    }

    /// <summary>Makes a machine show containers of another one as if its disk had been copied.</summary>
    private sealed class Ghost
    {
        private InMemoryEngine? _copy;
        private InMemoryEngine? _original;
        private string _id = "";

        public IEngineConnector Tap(InMemoryEngines hosts) => new TappedConnector(hosts) { OnConnected = Connected };

        public void Haunt(InMemoryEngine copy, InMemoryEngine original, string id) => (_copy, _original, _id) = (copy, original, id);

        private void Connected(TappedEngine tapped)
        {
            if (tapped.Address != _copy?.Address)
            {
                return;
            }

            var inner = tapped.Inner;
            tapped.OnList = async (listed, token) => [.. listed, .. (await _original!.Local.Containers.ListAsync(token)).Where(each => each.Id == _id)];
            tapped.InspectAs = async (id, inspect) => id == _id ? await _original!.Local.Containers.InspectAsync(id, CancellationToken.None) : await inspect();
        }
    }
}
