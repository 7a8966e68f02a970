using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Clustering;

/// <summary>A cluster of engines, made for hosts with and without dependency injection: the face of its parts.</summary>
/// <remarks>
/// Dispose of a cluster with <c>await using</c>. The synchronous dispose is for containers of services that know no other: it begins the
/// stop without waiting for its end, because to block a thread of the host could deadlock it.
/// </remarks>
public sealed class SwarmCluster : ICluster, IDisposable
{
    private readonly CheckedSettings _settings;
    private readonly ClusterLifetime _lifetime;

    internal SwarmCluster(string name, IClusterContainers containers, IClusterEngines engines, IClusterEvents events, CheckedSettings settings, CurrentRun current, ClusterLifetime lifetime)
    {
        Name = name;
        Containers = containers;
        Engines = engines;
        Events = events;
        _settings = settings;
        Current = current;
        _lifetime = lifetime;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IClusterContainers Containers { get; }

    /// <inheritdoc/>
    public IClusterEngines Engines { get; }

    /// <inheritdoc/>
    public IClusterEvents Events { get; }

    /// <inheritdoc/>
    public ClusterSnapshot Snapshot => Current.RunningOrNull?.Ledger.Snapshot ?? new ClusterSnapshot(0, NodeSet.Empty);

    /// <summary>Gets the options as checked, on first use.</summary>
    /// <exception cref="InvalidOptionsException">They are wrong.</exception>
    internal ClusterSettings Settings => _settings.Value;

    /// <summary>Gets what the cluster works with right now.</summary>
    internal CurrentRun Current { get; }

    /// <summary>Makes a cluster. It does nothing until it is started; options are read and checked then, or on the first use before (see <see cref="SwarmOptions"/>).</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="plugins">What the host brings itself.</param>
    /// <returns>The cluster; dispose of it to stop it.</returns>
    public static SwarmCluster Create(SwarmOptions options, SwarmPlugins plugins)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plugins);
        return ClusterComposition.Compose(options, plugins);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => _lifetime.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) => _lifetime.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public PlacementResult Plan(ContainerConfig config, PlacementOptions? options = null) => Plan(config, Snapshot, options);

    /// <inheritdoc/>
    public PlacementResult Plan(ContainerConfig config, ClusterSnapshot snapshot, PlacementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);

        // Nodes of another cluster, or made up ones, are not to be held on to.
        var run = Current.RunningOrNull;
        return Plan(config, snapshot, options, ReferenceEquals(snapshot.Nodes, run?.Ledger.Snapshot.Nodes) ? run.PlanVerdicts : null);
    }

    /// <inheritdoc/>
    public ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, PlacementOptions? options = null) => PlanInOrder(configs, Snapshot, options);

    /// <inheritdoc/>
    public ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, ClusterSnapshot snapshot, PlacementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configs);
        ArgumentNullException.ThrowIfNull(snapshot);
        var book = new VerdictBook();
        return ClusterPlanner.PlanInOrder((config, seen) => Plan(config, seen, options, book), configs, snapshot);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lifetime.CloseAsync();

    void IDisposable.Dispose() => _lifetime.BeginClose();

    private PlacementResult Plan(ContainerConfig config, ClusterSnapshot snapshot, PlacementOptions? options, VerdictBook? book)
    {
        ArgumentNullException.ThrowIfNull(config);
        return ClusterPlanner.Plan(Settings, config, snapshot, options, book);
    }
}
