using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can be done with the containers of one engine. Containers are named by their full ID, or by anything the engine itself understands.</summary>
public partial interface IEngineContainers
{
    /// <summary>Lists all containers, running or not.</summary>
    /// <remarks>Of an engine that is not the library's own each is inspected whenever the engine is read, for a summary does not tell whether ports, networks and mounts are as they were.</remarks>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the engine's list tells of each; limits and ports asked for need <see cref="InspectAsync"/>.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<ContainerSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Lists the containers, running or not, that carry a label with a given value.</summary>
    /// <param name="label">The key of the label.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the engine's list tells of each.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<ContainerSummary>> ListAsync(string label, string value, CancellationToken cancellationToken);

    /// <summary>Asks everything about one container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine's answer.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ContainerInspection> InspectAsync(string id, CancellationToken cancellationToken);

    /// <summary>Creates a container without starting it. The create body reaches the engine byte for byte.</summary>
    /// <param name="config">What it is to be, and its name.</param>
    /// <param name="cancellationToken">Gives up; it is not known then whether the container was made.</param>
    /// <returns>The ID and the engine's warnings.</returns>
    /// <exception cref="ImageNotFoundException">The engine does not have the image.</exception>
    /// <exception cref="EngineApiException">The engine refused: status 409 when the name is taken, 400 when the body is wrong.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<CreatedContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken);

    /// <summary>Starts a container; one that runs already stays as it is.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it runs.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; or it cannot be started.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task StartAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops a container, first kindly, then by force; one that does not run stays as it is.</summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">How long to wait before using force; <see langword="null"/> for what the container asks for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when it does not run.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken);

    /// <summary>Sends a signal to a running container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="signal">The signal, for example <c>SIGKILL</c>; <see langword="null"/> for that one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it was sent.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task KillAsync(string id, string? signal, CancellationToken cancellationToken);

    /// <summary>Removes a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="force">Whether to kill it first when it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is gone.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it runs and <paramref name="force"/> is not set: status 409.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken);
}
