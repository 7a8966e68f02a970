using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Clustering;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Builders;

/// <summary>A started cluster of engines in memory, in virtual time: nothing waits unless the test lets time pass.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private TestCluster(FakeTimeProvider time, InMemoryEngines engines, InMemoryDiscovery discovery, SwarmCluster cluster)
    {
        Time = time;
        Hosts = engines;
        Discovery = discovery;
        Cluster = cluster;
    }

    public FakeTimeProvider Time { get; }

    public InMemoryEngines Hosts { get; }

    public InMemoryDiscovery Discovery { get; }

    public SwarmCluster Cluster { get; }

    public IClusterContainers Containers => Cluster.Containers;

    public OverlayBook Overlays => ((ClusterEngines)Cluster.Engines).Book;

    public int OpenHolds => Cluster.Current.Running.Ledger.OpenHolds;

    /// <summary>Makes and starts a cluster of engines called engine-0, engine-1, …, each with 4 CPUs and 8 GiB unless the test says otherwise.</summary>
    public static async Task<TestCluster> StartAsync(
        int engines = 1,
        Func<InMemoryEngineOptions, int, InMemoryEngineOptions>? engine = null,
        Action<SwarmOptions>? options = null,
        IReadOnlyList<IFilter>? filters = null,
        IReadOnlyList<IPlacementStrategy>? strategies = null,
        Func<InMemoryEngines, IEngineConnector>? connector = null,
        Func<InMemoryDiscovery, IDiscoveryBackend>? discovery = null,
        FakeTimeProvider? time = null,
        IRegistryCredentials? credentials = null,
        ILoggerFactory? logs = null)
    {
        var cluster = Create(engines, engine, options, filters, strategies, connector, discovery, time, credentials, logs);
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>The same without starting it.</summary>
    public static TestCluster Create(
        int engines = 1,
        Func<InMemoryEngineOptions, int, InMemoryEngineOptions>? engine = null,
        Action<SwarmOptions>? options = null,
        IReadOnlyList<IFilter>? filters = null,
        IReadOnlyList<IPlacementStrategy>? strategies = null,
        Func<InMemoryEngines, IEngineConnector>? connector = null,
        Func<InMemoryDiscovery, IDiscoveryBackend>? discovery = null,
        FakeTimeProvider? time = null,
        IRegistryCredentials? credentials = null,
        ILoggerFactory? logs = null,
        Func<SwarmPlugins, SwarmPlugins>? plugins = null)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var hosts = new InMemoryEngines();
        for (var i = 0; i < engines; i++)
        {
            var made = Host(i, time);
            hosts.Add(engine?.Invoke(made, i) ?? made);
        }

        var known = new InMemoryDiscovery(hosts.Addresses);
        var settings = new SwarmOptions { Seed = 1, Overcommit = 0 };
        options?.Invoke(settings);
        var given = new SwarmPlugins
        {
            Discovery = discovery?.Invoke(known) ?? known,
            Connector = connector?.Invoke(hosts) ?? hosts,
            TimeProvider = time,
            RegistryCredentials = credentials,
            LoggerFactory = logs ?? SecretWatch.Current,
            Filters = filters ?? [],
            Strategies = strategies ?? [],
        };
        return new TestCluster(time, hosts, known, SwarmCluster.Create(settings, plugins?.Invoke(given) ?? given));
    }

    public static EngineAddress AddressOf(int engine) => EngineAddress.Parse($"engine-{engine}:2375");

    public static InMemoryEngineOptions Host(int number, TimeProvider time) => new()
    {
        Address = AddressOf(number),
        DaemonId = $"ID-{number}",
        Name = $"engine-{number}",
        Time = time,
    };

    public static ContainerSpec Spec(string? name = null, long memory = 0, double cpus = 0) => new()
    {
        Name = name,
        Image = "busybox",
        Command = ["sleep", "600"],
        Environment = [Canary.Environment],
        MemoryBytes = memory,
        NanoCpus = (long)(cpus * ResourceVector.NanoCpusPerCpu),
    };

    /// <summary>Starts the cluster, letting time pass meanwhile.</summary>
    public async Task StartAsync()
    {
        var start = Cluster.StartAsync(CancellationToken.None);
        await PassTimeUntilAsync(() => start.IsCompleted, "the cluster starts", TimeSpan.FromMilliseconds(100));
        await start;
    }

    /// <summary>Adds a machine and lets discovery name it.</summary>
    public InMemoryEngine Join(int number, Func<InMemoryEngineOptions, InMemoryEngineOptions>? engine = null)
    {
        var made = Host(number, Time);
        var host = Hosts.Add(engine?.Invoke(made) ?? made);
        Discovery.Add(host.Address);
        return host;
    }

    /// <summary>Tells whether discovery has named an engine and it stands so.</summary>
    public bool Is(int engine, EngineStatus status) =>
        Cluster.Engines.List().Any(state => state.Address == AddressOf(engine) && state.Status == status);

    public InMemoryEngine Host(int number) => Hosts[AddressOf(number)];

    /// <summary>Gets the machine a container is on.</summary>
    public InMemoryEngine HostOf(ClusterContainer container) => Hosts.Addresses.Select(address => Hosts[address]).Single(host => host.DaemonId == container.EngineId);

    public EngineState Engine(int number) => Cluster.Engines.Get(AddressOf(number).ToString());

    /// <summary>Waits for a condition without letting virtual time pass.</summary>
    public Task UntilAsync(Func<bool> condition, string because) => Eventually.IsTrueAsync(condition, because);

    /// <summary>Lets virtual time pass in steps until a condition holds.</summary>
    public Task PassTimeUntilAsync(Func<bool> condition, string because, TimeSpan? step = null) =>
        Eventually.IsTrueAsync(condition, because, () => Time.Advance(step ?? TimeSpan.FromMilliseconds(250)));

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
