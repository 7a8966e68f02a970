using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public partial interface IEngineContainers
{
    /// <summary>Stops a container, as <see cref="StopAsync"/> does, and starts it; one that does not run is started.</summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">How long to wait before using force; <see langword="null"/> for what the container asks for.</param>
    /// <param name="cancellationToken">Gives up waiting; the engine may go on.</param>
    /// <returns>A task that ends when it runs again.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; or it cannot be started.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task RestartAsync(string id, TimeSpan? grace, CancellationToken cancellationToken);

    /// <summary>Freezes the processes of a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when they are frozen.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run, or is frozen already: status 409.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task PauseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lets the processes of a frozen container go on.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when they go on.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it is not frozen: status 500 from Docker 20.10.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task UnpauseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gives a container another name.</summary>
    /// <param name="id">The container.</param>
    /// <param name="name">The name; a leading <c>/</c> does not count.</param>
    /// <param name="cancellationToken">Gives up; it is not known then which name it has.</param>
    /// <returns>A task that ends when it has the name.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; the name is taken: status 409; it is no name, or the one it has: status 400.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task RenameAsync(string id, string name, CancellationToken cancellationToken);

    /// <summary>Changes limits and restart policy of a container, running or not. The body reaches the engine byte for byte.</summary>
    /// <param name="id">The container.</param>
    /// <param name="update">What is to change.</param>
    /// <param name="cancellationToken">Gives up; it is not known then whether it was changed.</param>
    /// <returns>The engine's warnings.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; a value is wrong: status 400; it does not go with what the container has: status 409.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<string>> UpdateAsync(string id, ContainerUpdate update, CancellationToken cancellationToken);

    /// <summary>Lists the processes of a running container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="arguments">The arguments for <c>ps</c>, for example <c>-o pid,comm</c>; <see langword="null"/> or empty for <c>-ef</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The processes.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409; <c>ps</c> does not understand the arguments: status 500.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ContainerProcesses> TopAsync(string id, string? arguments, CancellationToken cancellationToken);

    /// <summary>Lists what a container has changed in the file system of its image.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The changes, in the engine's order.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<FileChange>> ListChangesAsync(string id, CancellationToken cancellationToken);

    /// <summary>Changes the size of the terminal of a running container; one without a terminal stays as it is.</summary>
    /// <param name="id">The container.</param>
    /// <param name="columns">The width, in characters.</param>
    /// <param name="rows">The height, in characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the size is set.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task ResizeAsync(string id, int columns, int rows, CancellationToken cancellationToken);
}
