using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The containers of a cluster: reads from the live state, changes through the engine that has the container.</summary>
internal sealed partial class ClusterContainers(SwarmCluster cluster) : IClusterContainers
{
    private static readonly PlacementOptions _clusterDefault = new();

    private readonly ContainerPlacer _placer = new(cluster);

    public Task<ClusterContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken = default) =>
        CreateAsync(config, _clusterDefault, cancellationToken);

    public Task<ClusterContainer> CreateAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default) =>
        CallerContext.LeaveAsync(async () =>
        {
            var result = await TryCreateAsync(config, options, cancellationToken);
            return result.Container ?? throw new PlacementException(result.Placement);
        });

    public Task<CreateResult> TryCreateAsync(ContainerConfig config, CancellationToken cancellationToken = default) =>
        TryCreateAsync(config, _clusterDefault, cancellationToken);

    public Task<CreateResult> TryCreateAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        return cluster.WorkAsync((run, token) => _placer.CreateAsync(run, config, options, token), cancellationToken, "create container");
    }

    public Task<ClusterContainer> RunAsync(ContainerConfig config, CancellationToken cancellationToken = default) =>
        RunAsync(config, _clusterDefault, cancellationToken);

    public Task<ClusterContainer> RunAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        return cluster.WorkAsync(
            async (run, token) =>
            {
                var created = await _placer.CreateAsync(run, config, options, token);
                var container = created.Container ?? throw new PlacementException(created.Placement);
                try
                {
                    return await ContainerPlacer.StartNewAsync(run, container, config, () => StartOnAsync(run, container, token));
                }
                catch (Exception)
                {
                    RemoveInBackground(run, container);
                    throw;
                }
            },
            cancellationToken,
            "run container");
    }

    public Task<ClusterContainer> StartAsync(string container, CancellationToken cancellationToken = default) =>
        cluster.WorkAsync((run, token) => StartOnAsync(run, Find(run, container), token), cancellationToken, "start container");

    public Task<ClusterContainer> StopAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        if (grace is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        }

        // A container may ask for any grace time of its own; the engine's default is 10 seconds.
        var timeout = cluster.Options.CreateTimeout + (grace ?? TimeSpan.FromSeconds(10));
        return ChangeAsync(
            container,
            "stop container",
            timeout,
            (engine, id, token) => engine.Containers.StopAsync(id, grace, token),
            cancellationToken);
    }

    public Task<ClusterContainer> KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            container,
            "kill container",
            cluster.Options.CallTimeout,
            (engine, id, token) => engine.Containers.KillAsync(id, signal, token),
            cancellationToken);

    public Task RemoveAsync(string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            container,
            "remove container",
            cluster.Options.CreateTimeout,
            (engine, id, token) => engine.Containers.RemoveAsync(id, force, removeVolumes, token),
            cancellationToken);

    public Task<ContainerInspection> InspectAsync(string container, CancellationToken cancellationToken = default) =>
        cluster.WorkAsync(
            (run, token) => run.Calls.CallAsync(
                Find(run, container),
                "inspect container",
                cluster.Options.CallTimeout,
                async (engine, id, limit) => cluster.Settings.Intake.Inspection(await engine.Containers.InspectAsync(id, limit)),
                token),
            cancellationToken,
            "inspect container");

    public IReadOnlyList<ClusterContainer> List()
    {
        var nodes = cluster.Running.Ledger.Snapshot.Nodes;
        var all = new List<ClusterContainer>();
        foreach (var node in nodes)
        {
            foreach (var container in node.Containers)
            {
                if (!container.IsPending)
                {
                    all.Add(new ClusterContainer(node.Id, node.Name, container));
                }
            }
        }

        return all;
    }

    public ClusterContainer Get(string container) => Find(cluster.Running, container);

    private static ClusterContainer Find(SwarmCluster.Run run, string container)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        if (FindAt(run, container) is { } there)
        {
            return there;
        }

        var found = run.Ledger.Find(container);
        return found.Length switch
        {
            0 => throw new ContainerNotFoundException(container),
            1 => found[0],
            _ => throw new AmbiguousNameException(container, [.. found.Select(each => $"{each.EngineName}/{each.Name} ({each.Id})")]),
        };
    }

    // An address is discovery's word, and no engine has two containers of one ID: whatever anybody calls himself, this means one.
    private static ClusterContainer? FindAt(SwarmCluster.Run run, string container)
    {
        var slash = container.LastIndexOf('/');
        return slash > 0
            && DocumentReader.IsContainerId(container[(slash + 1)..])
            && EngineAddress.TryParse(container[..slash], out var address)
            && run.Registry.Engines.TryGetValue(address, out var engine)
            && engine.State is { Id.Length: > 0 } state
            && state.FindContainer(container[(slash + 1)..]) is { } view
                ? new ClusterContainer(state.Id, state.Name, view)
                : null;
    }

    private Task<ClusterContainer> StartOnAsync(SwarmCluster.Run run, ClusterContainer container, CancellationToken cancellationToken) => run.Calls.ChangeAsync(
        container,
        "start container",
        cluster.Options.CreateTimeout,
        (engine, id, token) => engine.Containers.StartAsync(id, token),
        cancellationToken);

    private Task<ClusterContainer> ChangeAsync(string container, string operation, TimeSpan timeout, Func<IEngine, string, CancellationToken, Task> change, CancellationToken cancellationToken) =>
        cluster.WorkAsync((run, token) => run.Calls.ChangeAsync(Find(run, container), operation, timeout, change, token), cancellationToken, operation);

    // The caller is told that it did not run, so it must not stay behind.
    private static void RemoveInBackground(SwarmCluster.Run run, ClusterContainer container) =>
        run.Work.InBackground(stopping => Orphans.RemoveAsync(run, container.EngineId, container.Id, container.View.Labels.ValueOrEmpty(SwarmLabels.Operation), stopping));
}
