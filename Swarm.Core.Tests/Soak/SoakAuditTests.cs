using System.Runtime.CompilerServices;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Docker;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Soak;

/// <summary>An audit that cannot fail proves nothing: each kind of mistake is planted, and has to be found.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SoakAuditTests
{
    private const string Name = SoakAudit.NamePrefix + "1";

    private readonly CountingSystemTime _time = new();
    private readonly InMemoryEngines _network = new();
    private readonly InMemoryEngine _a;
    private readonly InMemoryEngine _b;
    private readonly SoakAudit _audit;

    public SoakAuditTests()
    {
        _a = Add("a");
        _b = Add("b");
        _audit = new SoakAudit([_a, _b], _time);
    }

    [Test]
    public async Task Engines_that_hold_what_they_can_are_found_to_be_right()
    {
        await PlantAsync(_a, Spec(Name, memory: 1L << 30, port: "80"));
        await PlantAsync(_b, Spec(memory: 1L << 30, port: "80"));

        (await _audit.FindOnEnginesAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_name_on_two_engines_is_found()
    {
        await PlantAsync(_a, Spec(Name));
        await PlantAsync(_b, Spec(Name));

        (await _audit.FindOnEnginesAsync()).Should().ContainSingle().Which.Should().Be($"The name {Name} is held twice: on a and on b.");
    }

    [Test]
    public async Task More_memory_than_there_is_is_found()
    {
        await PlantAsync(_a, Spec(memory: 1L << 30));
        await PlantAsync(_a, Spec(memory: 8L << 20));

        (await _audit.FindOnEnginesAsync()).Should().ContainSingle().Which.Should().StartWith("a holds 1082130432 of 1073741824 bytes");
    }

    [Test]
    public async Task What_a_container_came_to_take_by_an_update_counts()
    {
        await PlantAsync(_b, Spec(cpus: 0.5));
        var id = await PlantAsync(_b, Spec(cpus: 1));

        await _b.Local.Containers.UpdateAsync(id, new ContainerUpdateSpec { NanoCpus = 2 * ResourceVector.NanoCpusPerCpu }, CancellationToken.None);

        (await _audit.FindOnEnginesAsync()).Should().ContainSingle().Which.Should().Contain("2500000000 of 2000000000 nano-CPUs");
    }

    [Test]
    public async Task A_host_port_that_is_given_twice_is_found()
    {
        await PlantAsync(_a, Spec(port: "8000"));
        await PlantAsync(_a, Spec(port: "8000"));

        (await _audit.FindOnEnginesAsync()).Should().ContainSingle().Which.Should().Be("Host port 8000/tcp of a is given 2 times.");
    }

    [Test]
    public async Task An_engine_that_is_down_is_passed_over()
    {
        _a.PowerOff();

        (await _audit.FindOnEnginesAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_reservation_that_is_left_open_is_found()
    {
        await using var cluster = await StartAsync();
        (await _audit.FindInClusterAsync(cluster)).Should().BeEmpty();
        var request = cluster.Settings.Requests.Create(Spec(Name));

        cluster.Current.Running.Ledger.TryReserve(request, cluster.Snapshot.Nodes[0], "op");

        (await _audit.FindInClusterAsync(cluster)).Should().Equal("Operation op on ID-a is still Reserved.", "1 reservations are open.");
    }

    [Test]
    public async Task A_change_that_is_left_open_is_found()
    {
        var id = await PlantAsync(_a, Spec());
        await using var cluster = await StartAsync();

        cluster.Current.Running.Ledger.TryHoldName(_a.DaemonId, id, Name);

        (await _audit.FindInClusterAsync(cluster)).Should().Equal("1 reservations are open.");
    }

    [Test]
    public async Task An_engine_that_is_lost_is_found()
    {
        await using var cluster = await StartAsync();
        _a.PowerOff();
        await Eventually.IsTrueAsync(() => cluster.Engines.Get("a").Status == EngineStatus.Unhealthy, "it is lost");

        (await _audit.FindInClusterAsync(cluster)).Should().ContainSingle().Which.Should().StartWith("a is Unhealthy");
    }

    [Test]
    public async Task A_container_that_is_not_shown_is_found()
    {
        await using var cluster = await StartAsync();
        _a.DropEvents(int.MaxValue);

        await PlantAsync(_a, Spec(Name));

        (await _audit.FindInClusterAsync(cluster)).Should().ContainSingle().Which.Should().StartWith("a is shown otherwise than it is. Only there: ").And.Contain(Name);
    }

    [Test]
    public async Task Nothing_is_found_after_a_cluster_has_stopped()
    {
        var parts = await LiveAsync();

        (await _audit.FindLeftBehindAsync(parts)).Should().BeEmpty();
        _time.MadeTimers.Should().BePositive("they are counted");
    }

    [Test]
    public async Task Timers_connections_and_streams_that_are_left_are_found()
    {
        await using var timer = _time.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var connection = await _network.ConnectAsync(_a.Address, CancellationToken.None);
        await using var stream = await connection.System.OpenEventsAsync(null, CancellationToken.None);

        (await _audit.FindLeftBehindAsync([], looks: 1)).Should().Equal("1 timers are left.", "1 connections to a are left.", "1 event streams of a are left.");
    }

    [Test]
    public async Task A_task_that_keeps_a_cluster_is_found()
    {
        var end = new TaskCompletionSource();
        var (task, part) = Keep(end.Task);

        (await _audit.FindLeftBehindAsync([part], looks: 3)).Should().ContainSingle().Which.Should().Be("1 parts of the cluster are kept by a task or a timer: SwarmCluster.");
        end.SetResult();
        await task;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Task Task, WeakReference Part) Keep(Task end)
    {
        var cluster = Create();
        return (UseAsync(), new WeakReference(cluster));

        async Task UseAsync()
        {
            await end;
            await cluster.DisposeAsync();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference[]> LiveAsync()
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.CreateAsync(Spec(Name));
        return [new WeakReference(cluster), new WeakReference(cluster.Current.Running)];
    }

    private SwarmCluster Create() => SwarmCluster.Create(
        new SwarmOptions { Overcommit = 0, RefreshInterval = TimeSpan.FromHours(1) },
        new SwarmPlugins { Discovery = new InMemoryDiscovery(_network.Addresses), Connector = _network, TimeProvider = _time, LoggerFactory = Diagnostics.SecretWatch.Current });

    private async Task<SwarmCluster> StartAsync()
    {
        var cluster = Create();
        await cluster.StartAsync();
        return cluster;
    }

    private InMemoryEngine Add(string name) => _network.Add(new InMemoryEngineOptions
    {
        Address = EngineAddress.Parse($"{name}:2375"),
        DaemonId = $"ID-{name}",
        Name = name,
        MemoryBytes = 1L << 30,
        Cpus = 2,
    });

    private static async Task<string> PlantAsync(InMemoryEngine engine, ContainerSpec spec) =>
        (await engine.Local.Containers.CreateAsync(spec, CancellationToken.None)).Id;

    private static ContainerSpec Spec(string? name = null, long memory = 0, double cpus = 0, string? port = null) => TestCluster.Spec(name, memory, cpus) with
    {
        PortBindings = port is null ? [] : [new PortBinding("80/tcp", "", port)],
    };
}
