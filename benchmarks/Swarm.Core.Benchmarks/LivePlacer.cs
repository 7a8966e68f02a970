using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Benchmarks;

/// <summary>Places containers in the ledger of a started cluster, as a create does but for the engine: look for the name, decide, reserve, settle, take in that the engine shows it.</summary>
/// <remarks>One caller at a time, on a cluster at rest: it speaks for the engines.</remarks>
internal sealed class LivePlacer(SwarmCluster cluster)
{
    private readonly ClusterRun _run = cluster.Current.Running;
    private readonly VerdictBook _book = new();
    private readonly Dictionary<string, Touched> _touched = new(StringComparer.Ordinal);
    private long _position = long.MaxValue / 2;

    /// <summary>Reads requests as a create does, with the labels it stamps on.</summary>
    public static PlacementRequest[] Read(SwarmCluster cluster, Workload workload, int fill, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(j => Read(cluster, workload, workload.Container(fill, j)))];

    /// <summary>Reads one.</summary>
    public static PlacementRequest Read(SwarmCluster cluster, Workload workload, ContainerConfig config)
    {
        var settings = cluster.Settings;
        return settings.Requests.Create(config, workload.Options, settings.Identity.Next(settings.Identifiers));
    }

    /// <summary>Decides and nothing else.</summary>
    public PlacementResult Decide(PlacementRequest request) =>
        cluster.Settings.Scheduler.Place(request, _run.Ledger.Snapshot.Nodes, cluster.Settings.Identifiers.NextSeed(), _book);

    /// <summary>Places one container to the end.</summary>
    public void Place(PlacementRequest request, int number)
    {
        if (_run.Ledger.FindNameHolder(request.Name!) is { } holder)
        {
            throw new NameConflictException(request.Name!, holder);
        }

        var placement = Decide(request);
        var node = placement.Node ?? throw new PlacementException(placement);
        var reservation = _run.Ledger.TryReserve(request, node, request.Labels[SwarmLabels.Operation]).Hold
            ?? throw new InvalidOperationException($"Container {request.Name} found no room where it was placed.");
        var id = string.Create(CultureInfo.InvariantCulture, $"{number:x64}");
        reservation.Settle(id);
        Show(node.Id, reservation.Pending with { Id = id, State = ContainerState.Created });
    }

    /// <summary>Takes everything back.</summary>
    public void Undo()
    {
        foreach (var touched in _touched.Values)
        {
            ImmutableArray<ContainerChange> removed = [.. touched.Added.Select(view => new ContainerChange(view, null))];
            _run.Ledger.ApplyChange(new EngineTransition(touched.Now, touched.Before with { Version = touched.Now.Version + 1 }, removed), touched.Engine);
        }

        _touched.Clear();
    }

    private void Show(string engineId, ContainerView view)
    {
        if (!_touched.TryGetValue(engineId, out var touched))
        {
            var engine = _run.Registry.Find(engineId)!;
            touched = _touched[engineId] = new Touched(engine, engine.State);
        }

        var transition = touched.Now.Apply(new EngineSignal.ContainerRead(view, _position++));
        _run.Ledger.ApplyChange(transition, touched.Engine);
        touched.Now = transition.After;
        touched.Added.Add(view);
    }

    private sealed class Touched(ManagedEngine engine, EngineState before)
    {
        public ManagedEngine Engine { get; } = engine;

        public EngineState Before { get; } = before;

        public EngineState Now { get; set; } = before;

        public List<ContainerView> Added { get; } = [];
    }
}
