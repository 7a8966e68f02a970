using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>What can be done with the containers of a cluster.</summary>
/// <remarks>
/// A container is referred to by its full ID, its Swarm ID, its name, <c>engine/name</c> (engine by ID or name), or a unique prefix of an
/// ID. What could mean several is an <see cref="AmbiguousNameException"/> that names them; the address of an engine and a full ID,
/// <c>address/ID</c>, say which, whatever anybody calls himself. Every call that changes a container ends after the cluster's own state shows the
/// change, so a list read next has it; when that state cannot be read any more the call ends all the same.
/// </remarks>
public partial interface IClusterContainers
{
    /// <summary>Chooses a node, reserves its room and creates a container there, without starting it.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="cancellationToken">Gives up. What was reserved is given back once it is known that the engine did not create the container.</param>
    /// <returns>The container.</returns>
    /// <exception cref="PlacementException">No node will do; it carries the reasons.</exception>
    /// <exception cref="NameConflictException">The name is held by another container, or by a create under way, or it is the ID or Swarm ID of another. The name of one that is being removed is waited for, two seconds at most.</exception>
    /// <exception cref="ImageNotFoundException">The chosen engine does not have the image.</exception>
    /// <exception cref="EngineException">The chosen engine failed.</exception>
    /// <exception cref="LabelNotAllowedException">The text of the configuration says what the option <c>BodyRules</c> does not let it say.</exception>
    /// <exception cref="SwarmException">The configuration is wrong, or a filter or strategy threw.</exception>
    Task<ClusterContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken = default);

    /// <summary>Creates a container on a node that options help to choose, without starting it.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="options">How to place it.</param>
    /// <param name="cancellationToken">Gives up, as there.</param>
    /// <returns>As there.</returns>
    /// <exception cref="SwarmException">As there, or the options name a strategy that does not exist.</exception>
    Task<ClusterContainer> CreateAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default);

    /// <summary>Creates a container if a node will do for it, and otherwise gives the reasons as a result.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="cancellationToken">Gives up, as there.</param>
    /// <returns>The decision, and the container when there was a node for it.</returns>
    /// <exception cref="NameConflictException">The name is held by another container, or by a create under way, or it is the ID or Swarm ID of another.</exception>
    /// <exception cref="ImageNotFoundException">The chosen engine does not have the image.</exception>
    /// <exception cref="EngineException">The chosen engine failed.</exception>
    /// <exception cref="SwarmException">The configuration is wrong, or a filter or strategy threw.</exception>
    Task<CreateResult> TryCreateAsync(ContainerConfig config, CancellationToken cancellationToken = default);

    /// <summary>Creates a container if a node will do that options help to choose, and otherwise gives the reasons as a result.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="options">How to place it.</param>
    /// <param name="cancellationToken">Gives up, as there.</param>
    /// <returns>As there.</returns>
    /// <exception cref="SwarmException">As there, or the options name a strategy that does not exist.</exception>
    Task<CreateResult> TryCreateAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default);

    /// <summary>Creates and starts a container. One that was created but cannot be started is removed again; one that somebody removes before it is started is made once more.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="cancellationToken">Gives up, as in <see cref="CreateAsync(ContainerConfig, CancellationToken)"/>.</param>
    /// <returns>The running container.</returns>
    /// <exception cref="SwarmException">As in <see cref="CreateAsync(ContainerConfig, CancellationToken)"/>, or the engine cannot start it.</exception>
    Task<ClusterContainer> RunAsync(ContainerConfig config, CancellationToken cancellationToken = default);

    /// <summary>Creates a container on a node that options help to choose, and starts it.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="options">How to place it.</param>
    /// <param name="cancellationToken">Gives up, as there.</param>
    /// <returns>As there.</returns>
    /// <exception cref="SwarmException">As there, or the options name a strategy that does not exist.</exception>
    Task<ClusterContainer> RunAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken = default);

    /// <summary>Starts a container; one that runs already stays as it is.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<ClusterContainer> StartAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Stops a container, first kindly, then by force; one that does not run stays as it is.</summary>
    /// <param name="container">The container.</param>
    /// <param name="grace">How long to wait before using force; <see langword="null"/> for what the container asks for. From none to 30 days.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The container as it is afterwards; as <see cref="ContainerState.Removing"/> when it removes itself once it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The grace is negative or longer than 30 days.</exception>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<ClusterContainer> StopAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal to a running container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="signal">The signal; <see langword="null"/> for <c>SIGKILL</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or it does not run (status 409).</exception>
    Task<ClusterContainer> KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a container. That somebody else removes it at the same time, or it removes itself, is no failure.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether to kill it first when it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is gone, whoever has removed it.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or refused (status 409): it runs and <paramref name="force"/> is not set, or others need it.</exception>
    Task RemoveAsync(string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default);

    /// <summary>Asks the engine everything about a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine's answer.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<ContainerInspection> InspectAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Lists all containers of all admitted engines from the live state, without asking any engine.</summary>
    /// <returns>The containers, by engine ID, then by container ID.</returns>
    IReadOnlyList<ClusterContainer> List();

    /// <summary>Finds a container in the live state, without asking any engine.</summary>
    /// <param name="container">The container.</param>
    /// <returns>The container.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several; it lists them.</exception>
    ClusterContainer Get(string container);
}
