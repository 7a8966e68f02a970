using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public partial interface IClusterContainers
{
    /// <summary>Stops a container, first kindly, then by force, and starts it; one that does not run is started.</summary>
    /// <param name="container">The container.</param>
    /// <param name="grace">How long to wait before using force; <see langword="null"/> for what the container asks for. From none to 30 days.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The grace is negative or longer than 30 days.</exception>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or cannot start it.</exception>
    Task<ClusterContainer> RestartAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default);

    /// <summary>Freezes the processes of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container does not run or is frozen already (status 409).</exception>
    Task<ClusterContainer> PauseAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Lets the processes of a frozen container go on.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container is not frozen (status 500 from Docker 20.10).</exception>
    Task<ClusterContainer> UnpauseAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Gives a container another name. The name is held in the whole cluster before the engine is asked; the old one is free once the engine shows the new one.</summary>
    /// <param name="container">The container.</param>
    /// <param name="name">The name; a leading <c>/</c> does not count. A container that has it already stays as it is.</param>
    /// <param name="cancellationToken">Gives up; the name stays held until it is known which one the container has.</param>
    /// <returns>The container as it is afterwards.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="NameConflictException">The name is held by another container, or by a create or rename under way, or it is the ID or Swarm ID of another.</exception>
    /// <exception cref="InvalidRequestException">It is no name; no engine was asked.</exception>
    /// <exception cref="EngineException">Its engine failed. When the answer was lost, the container was looked at and does not show the name.</exception>
    /// <remarks>Classic Swarm checked the name, but held it for nobody while the engine was asked.</remarks>
    Task<ClusterContainer> RenameAsync(string container, string name, CancellationToken cancellationToken = default);

    /// <summary>Changes limits and restart policy of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="update">What is to change; a <see cref="ContainerUpdateSpec"/> converts to it.</param>
    /// <param name="cancellationToken">Gives up; what it grows by stays reserved until it is known whether it did.</param>
    /// <returns>The container as it is afterwards, and the engine's warnings.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="InsufficientResourcesException">Its engine has not enough room for what it is to grow by; the engine was asked nothing.</exception>
    /// <exception cref="EngineException">Its engine failed, or refused: a value is wrong (status 400) or does not go with what the container has (status 409).</exception>
    /// <remarks>
    /// What a container grows by, in memory or CPU time, is reserved on its engine before the engine is asked, by the same check that placement
    /// uses; what it shrinks by is free once the engine shows it. Updates of one container take turns. Counted is what the engine's own
    /// state counts: the hard limit of memory, and nano-CPUs or else quota by period. Classic Swarm passed updates on unchecked.
    /// </remarks>
    Task<UpdateResult> UpdateAsync(string container, ContainerUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Lists the processes of a running container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="arguments">The arguments for the <c>ps</c> of its machine, for example <c>-o pid,comm</c>; <see langword="null"/> for <c>-ef</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The processes.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container does not run (status 409).</exception>
    Task<ContainerProcesses> TopAsync(string container, string? arguments = null, CancellationToken cancellationToken = default);

    /// <summary>Lists what a container has changed in the file system of its image.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The changes, in the engine's order.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<ImmutableArray<FileChange>> ListChangesAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Changes the size of the terminal of a running container; one without a terminal stays as it is.</summary>
    /// <param name="container">The container.</param>
    /// <param name="columns">The width, in characters; above zero.</param>
    /// <param name="rows">The height, in characters; above zero.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the size is set.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container does not run (status 409).</exception>
    Task ResizeAsync(string container, int columns, int rows, CancellationToken cancellationToken = default);
}
