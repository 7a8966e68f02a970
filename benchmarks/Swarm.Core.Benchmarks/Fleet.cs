using System.Collections.Immutable;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Benchmarks;

/// <summary>Machines that hold some containers each, and clusters over them.</summary>
internal sealed class Fleet
{
    private readonly InMemoryEngines? _memory;

    private Fleet(FleetKey key, CannedEngines? canned, InMemoryEngines? memory)
    {
        Key = key;
        Canned = canned;
        _memory = memory;
    }

    public FleetKey Key { get; }

    /// <summary>Gets the engines, where they are canned ones.</summary>
    public CannedEngines? Canned { get; }

    public ImmutableArray<EngineAddress> Addresses => Canned?.Addresses ?? _memory!.Addresses;

    /// <summary>Gets how often containers were inspected.</summary>
    public long Inspections => Canned?.Calls(CannedCall.Inspect) ?? _memory!.CallCount(EngineOperation.InspectContainer);

    /// <summary>Makes the machines and what they hold; nothing of it is scheduled.</summary>
    public static async Task<Fleet> MakeAsync(FleetKey key, bool answersAreFresh = false)
    {
        if (key.Backend == Backend.Canned)
        {
            return new Fleet(key, new CannedEngines(key.Engines, key.Fill, key.WithPorts, answersAreFresh), null);
        }

        // A daemon, and an engine in memory, makes nothing of an image it does not have: there all hundred are on every machine.
        ImmutableArray<InMemoryImage> images = [.. Enumerable.Range(0, 100).Select(image => new InMemoryImage($"registry.example.com/app/web-{image}:1.0"))];
        var engines = new InMemoryEngines();
        for (var i = 0; i < key.Engines; i++)
        {
            var engine = engines.Add(new InMemoryEngineOptions
            {
                Address = Machine.Address(i),
                DaemonId = Machine.DaemonId(i),
                Name = Machine.Name(i),
                Cpus = Machine.Cpus,
                MemoryBytes = Machine.MemoryBytes,
                Labels = LabelSet.Create(Machine.Labels(i)),
                Images = images,
            });
            for (var k = 0; k < key.Fill; k++)
            {
                await engine.Local.Containers.CreateAsync(Machine.Held(i, k, key.WithPorts), CancellationToken.None);
            }
        }

        return new Fleet(key, null, engines);
    }

    /// <summary>Makes a cluster over all machines, not started. At rest it hears of nothing but what is done: neither pings nor refreshes run beside a measurement.</summary>
    public SwarmCluster Cluster(bool atRest = true, IDiscoveryBackend? discovery = null)
    {
        IFilter[] filters = Key.WithFilter ? [new CustomFilter()] : [];
        var options = new SwarmOptions
        {
            Overcommit = 0,
            Filters = [.. BuiltInFilters.Classic.Concat(filters).Select(filter => filter.Name)],
            Seed = 1,
            StartupTimeout = TimeSpan.FromHours(1),
            CreateTimeout = TimeSpan.FromHours(1),
        };
        if (atRest)
        {
            options.PingInterval = options.RefreshInterval = TimeSpan.FromDays(1);
        }

        return SwarmCluster.Create(options, new SwarmPlugins
        {
            Discovery = discovery ?? new StaticDiscovery(Addresses),
            Connector = Canned is null ? _memory : Canned,
            Filters = filters,
            Strategies = [new CustomStrategy()],
        });
    }

    /// <summary>Starts a cluster and waits until it knows every machine and what that holds.</summary>
    public async Task<SwarmCluster> StartAsync()
    {
        var cluster = Cluster();
        await cluster.StartAsync();
        await UntilAsync(() => Knows(cluster));
        return cluster;
    }

    /// <summary>Tells whether a cluster knows every machine and what that holds.</summary>
    public bool Knows(SwarmCluster cluster)
    {
        var nodes = cluster.Snapshot.Nodes;
        return nodes.Count == Key.Engines && nodes.All(node => node.HealthIndicator == 100 && node.ContainerCount >= Key.Fill);
    }

    /// <summary>Waits until no inspection follows any more from what happened. Costs no processor time worth the name.</summary>
    public async Task QuietAsync()
    {
        for (var before = -1L; before != Inspections;)
        {
            before = Inspections;
            await Task.Delay(50);
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20);
        }
    }
}
