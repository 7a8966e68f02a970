using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>A pool of engines that containers are scheduled over: the face of the library. Safe for concurrent use.</summary>
public interface ICluster : IAsyncDisposable
{
    /// <summary>Gets the name of the cluster, for logs and metrics.</summary>
    string Name { get; }

    /// <summary>Gets what can be done with containers.</summary>
    IClusterContainers Containers { get; }

    /// <summary>Gets the engines.</summary>
    IClusterEngines Engines { get; }

    /// <summary>Gets the events.</summary>
    IClusterEvents Events { get; }

    /// <summary>Gets the nodes as a placement would see them now. Costs nothing, however many there are.</summary>
    ClusterSnapshot Snapshot { get; }

    /// <summary>Starts to find, connect and follow engines. Ends when every engine of the first discovery set was admitted or has failed once, or when the start-up time of the options is over.</summary>
    /// <param name="cancellationToken">Gives up; the cluster is stopped then.</param>
    /// <returns>A task that ends when the cluster can be used. An engine that is down does not fail it.</returns>
    /// <exception cref="InvalidOptionsException">The options are wrong; it lists every mistake.</exception>
    /// <exception cref="TimeoutException">The host's own plug-ins did not say their names, or made no meter, within the start-up time; nothing was started.</exception>
    /// <exception cref="ObjectDisposedException">The cluster was disposed of.</exception>
    /// <remarks>Starting a started cluster does nothing; a stopped one can be started again.</remarks>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops following the engines and closes every connection. Containers go on running.</summary>
    /// <param name="cancellationToken">Gives up waiting; the stop goes on.</param>
    /// <returns>A task that ends when nothing of the cluster runs any more.</returns>
    /// <remarks>
    /// It takes no longer than one and a half times the time limit of a call and ten seconds, also when plug-ins of the host neither end nor heed
    /// their tokens: those are left to themselves then, and named in the log. Stopping a stopped cluster does nothing. Calls under way end with <see cref="OperationCanceledException"/>; a create among them may have made
    /// its container.
    /// </remarks>
    Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>Decides where a container would go now, without doing anything.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="options">How to place it; <see langword="null"/> for the cluster's own way.</param>
    /// <returns>The decision, also when no node will do.</returns>
    /// <exception cref="SwarmException">The configuration is wrong, or a filter or strategy threw.</exception>
    PlacementResult Plan(ContainerConfig config, PlacementOptions? options = null);

    /// <summary>Decides where a container would go on given nodes, by the filters and strategies of this cluster, without doing anything.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="snapshot">The nodes: from <see cref="Snapshot"/>, or made up.</param>
    /// <param name="options">How to place it; <see langword="null"/> for the cluster's own way.</param>
    /// <returns>The decision, also when no node will do.</returns>
    /// <exception cref="SwarmException">The configuration is wrong, or a filter or strategy threw.</exception>
    PlacementResult Plan(ContainerConfig config, ClusterSnapshot snapshot, PlacementOptions? options = null);

    /// <summary>Decides where several containers would go now, one after another, each seeing what the ones before it would take, without doing anything.</summary>
    /// <param name="configs">What they are to be, in order.</param>
    /// <param name="options">How to place them; <see langword="null"/> for the cluster's own way.</param>
    /// <returns>A decision for each, in the same order, also where no node will do.</returns>
    /// <exception cref="SwarmException">A configuration is wrong, or a filter or strategy threw.</exception>
    ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, PlacementOptions? options = null);

    /// <summary>Decides where several containers would go on given nodes, one after another, each seeing what the ones before it would take, without doing anything.</summary>
    /// <param name="configs">What they are to be, in order.</param>
    /// <param name="snapshot">The nodes: from <see cref="Snapshot"/>, or made up.</param>
    /// <param name="options">How to place them; <see langword="null"/> for the cluster's own way.</param>
    /// <returns>A decision for each, in the same order, also where no node will do.</returns>
    /// <exception cref="SwarmException">A configuration is wrong, or a filter or strategy threw.</exception>
    ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, ClusterSnapshot snapshot, PlacementOptions? options = null);
}
