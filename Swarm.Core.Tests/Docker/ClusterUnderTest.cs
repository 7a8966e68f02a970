using System.Globalization;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>A started cluster of real daemons, in real time.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private ClusterUnderTest(SwarmCluster cluster, IClusterEventSubscription events)
    {
        Cluster = cluster;
        Events = events;
    }

    public SwarmCluster Cluster { get; }

    /// <summary>Everything that has happened since before the start.</summary>
    public IClusterEventSubscription Events { get; }

    public IClusterContainers Containers => Cluster.Containers;

    public int OpenHolds => Cluster.Current.Running.Ledger.OpenHolds;

    public static Task<ClusterUnderTest> StartAsync(params EngineAddress[] engines) => StartAsync(_ => { }, engines);

    public static Task<ClusterUnderTest> StartAsync(Action<SwarmOptions> options, params EngineAddress[] engines) =>
        StartAsync(new SwarmPlugins { Discovery = new InMemoryDiscovery(engines) }, options);

    /// <summary>Starts a cluster that hears of changes from events alone unless the test says otherwise: its lists are an hour apart.</summary>
    public static async Task<ClusterUnderTest> StartAsync(SwarmPlugins plugins, Action<SwarmOptions>? options = null)
    {
        var settings = new SwarmOptions
        {
            Overcommit = 0,
            PullMissingImages = false,
            StartupTimeout = _patience,
            PingInterval = TimeSpan.FromSeconds(5),
            ShortestRetryDelay = TimeSpan.FromMilliseconds(50),
            LongestRetryDelay = TimeSpan.FromMilliseconds(500),
            RefreshInterval = TimeSpan.FromHours(1),
        };
        options?.Invoke(settings);
        var cluster = SwarmCluster.Create(settings, plugins with { LoggerFactory = plugins.LoggerFactory ?? SecretWatch.Current });
        var events = cluster.Events.Subscribe();
        await cluster.StartAsync(CancellationToken.None);
        return new ClusterUnderTest(cluster, events);
    }

    // As the first process of its container it hears of no other signal, and its daemon would wait for it.
    public static ContainerSpec Sleeper(string? name = null) => new() { Name = name, Image = DockerDaemons.Image, Command = ["sleep", "1000"], Environment = [Canary.Environment], StopSignal = "SIGKILL" };

    public EngineState Engine(DockerDaemon daemon) => Cluster.Engines.Get(daemon.HostName);

    /// <summary>Waits until an engine is as a test wants it.</summary>
    public async Task<EngineState> UntilAsync(EngineAddress engine, Func<EngineState, bool> condition)
    {
        using var limit = new CancellationTokenSource(_patience);
        var all = await Cluster.Engines.WaitUntilAsync(engines => engines.Any(each => each.Address == engine && condition(each)), limit.Token);
        return all.Single(each => each.Address == engine);
    }

    public Task<EngineState> UntilAsync(EngineAddress engine, EngineStatus status) => UntilAsync(engine, each => each.Status == status);

    /// <summary>Reads events up to the first that matches.</summary>
    public async Task<IReadOnlyList<ClusterEvent>> EventsUntilAsync(Func<ClusterEvent, bool> last)
    {
        using var limit = new CancellationTokenSource(_patience);
        var read = new List<ClusterEvent>();
        await foreach (var each in Events.WithCancellation(limit.Token))
        {
            read.Add(each);
            if (last(each))
            {
                break;
            }
        }

        return read;
    }

    /// <summary>Waits until the cluster shows of an engine exactly what the engine itself lists, and compares them with reasons if that does not come.</summary>
    public async Task ShouldShowWhatIsOnAsync(params DockerDaemon[] daemons)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var daemon in daemons)
        {
            Listing[] shown, real;
            do
            {
                await Task.Delay(20, CancellationToken.None);
                real = await ListAsync(daemon);
                shown = [.. Containers.List()
                    .Where(each => each.EngineName == daemon.HostName)
                    .Select(each => new Listing(
                        each.Id,
                        each.Name,
                        each.State.ToString().ToLowerInvariant(),
                        each.View.Image,
                        string.Join(',', each.View.Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal)),
                        each.View.Resources.MemoryBytes,
                        each.View.Resources.NanoCpus))
                    .OrderBy(each => each.Id, StringComparer.Ordinal)];
            }
            while (!shown.SequenceEqual(real) && !limit.IsCancellationRequested);

            shown.Should().Equal(real, "the cluster shows what {0} has", daemon.HostName);
            var node = Cluster.Snapshot.Nodes.Single(each => each.Name == daemon.HostName);
            node.Used.MemoryBytes.Should().Be(real.Sum(each => each.Memory));
            node.Used.NanoCpus.Should().Be(real.Sum(each => each.NanoCpus));
            node.Used.Slots.Should().Be(real.Length);
        }
    }

    /// <summary>The containers of a daemon by its own word.</summary>
    public static async Task<Listing[]> ListAsync(DockerDaemon daemon)
    {
        using var document = JsonDocument.Parse(await daemon.Http.GetByteArrayAsync("containers/json?all=1"));
        var listed = new List<Listing>();
        foreach (var container in document.RootElement.EnumerateArray())
        {
            var id = container.GetProperty("Id").GetString()!;
            using var inspected = await daemon.Http.GetAsync($"containers/{id}/json");
            if (!inspected.IsSuccessStatusCode)
            {
                continue; // removed in between
            }

            using var details = JsonDocument.Parse(await inspected.Content.ReadAsByteArrayAsync());
            var host = details.RootElement.GetProperty("HostConfig");
            listed.Add(new Listing(
                id,
                container.GetProperty("Names")[0].GetString()![1..],
                container.GetProperty("State").GetString()!,
                container.GetProperty("Image").GetString()!,
                string.Join(',', container.GetProperty("Labels").EnumerateObject().Where(label => label.Value.GetString()!.Length > 0 || !ReservedLabels.Has(label.Name)).Select(label => $"{label.Name}={label.Value.GetString()}").Order(StringComparer.Ordinal)),
                host.GetProperty("Memory").GetInt64(),
                host.GetProperty("NanoCpus").GetInt64()));
        }

        return [.. listed.OrderBy(each => each.Id, StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        Events.Dispose();
        await Cluster.DisposeAsync();
    }

    /// <summary>One line of <c>docker ps -a</c>, and what counts for scheduling.</summary>
    internal sealed record Listing(string Id, string Name, string State, string Image, string Labels, long Memory, long NanoCpus)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id[..12]} {Name} {State} {Image} [{Labels}] {Memory} {NanoCpus}");
    }
}
