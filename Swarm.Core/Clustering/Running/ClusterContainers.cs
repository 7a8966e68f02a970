using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The containers of a cluster: reads from the live state, changes through the engine that has the container.</summary>
/// <param name="callers">Does what callers ask for.</param>
/// <param name="current">What runs.</param>
internal sealed partial class ClusterContainers(CallerWork callers, CurrentRun current) : IClusterContainers
{
    private static readonly PlacementOptions _clusterDefault = new();

    private static readonly Func<CallLimits, TimeSpan> _call = limits => limits.Call;

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
        return callers.DoAsync("create container", (run, token) => run.Placer.CreateAsync(config, options, token), cancellationToken);
    }

    public Task<ClusterContainer> RunAsync(ContainerConfig config, CancellationToken cancellationToken = default) =>
        RunAsync(config, _clusterDefault, cancellationToken);

    public Task<ClusterContainer> RunAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        return callers.DoAsync("run container", (run, token) => run.Starter.RunAsync(config, options, token), cancellationToken);
    }

    public Task<ClusterContainer> StartAsync(string container, CancellationToken cancellationToken = default) =>
        callers.DoAsync("start container", (run, token) => run.Starter.StartAsync(run.Finder.Find(container), token), cancellationToken);

    public Task<ClusterContainer> StopAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        CheckGrace(grace);
        return ChangeAsync(
            container,
            "stop container",
            limits => limits.Create + (grace ?? _engineGrace),
            (engine, id, token) => engine.Containers.StopAsync(id, grace, token),
            cancellationToken);
    }

    public Task<ClusterContainer> KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            container,
            "kill container",
            _call,
            (engine, id, token) => engine.Containers.KillAsync(id, signal, token),
            cancellationToken);

    public Task RemoveAsync(string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default) =>
        callers.DoAsync(
            "remove container",
            (run, token) => run.Remover.RemoveForHostAsync(run.Finder.Find(container), force, removeVolumes, run.Limits.Create, token),
            cancellationToken);

    public Task<ContainerInspection> InspectAsync(string container, CancellationToken cancellationToken = default) =>
        callers.DoAsync(
            "inspect container",
            (run, token) => run.Calls.QueryAsync(
                run.Finder.Find(container),
                "inspect container",
                run.Limits.Call,
                async (engine, id, limit) => run.Intake.Inspection(await engine.Containers.InspectAsync(id, limit)),
                token),
            cancellationToken);

    public IReadOnlyList<ClusterContainer> List()
    {
        var nodes = current.Running.Ledger.Snapshot.Nodes;
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

    public ClusterContainer Get(string container) => current.Running.Finder.Find(container);

    private Task<ClusterContainer> ChangeAsync(string container, string operation, Func<CallLimits, TimeSpan> timeout, Func<IEngine, string, CancellationToken, Task> change, CancellationToken cancellationToken) =>
        callers.DoAsync(operation, (run, token) => run.Calls.ChangeAsync(run.Finder.Find(container), operation, timeout(run.Limits), change, token), cancellationToken);
}
