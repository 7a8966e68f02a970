namespace Swarm.Core.Engines;

/// <summary>What can be done with processes that are run in the running containers of one engine. The engine forgets an exec minutes after it ended, or at once when its container ends.</summary>
public interface IEngineExecs
{
    /// <summary>Prepares a process without starting it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="config">What to run.</param>
    /// <param name="cancellationToken">Gives up; what was prepared goes away with its container.</param>
    /// <returns>The ID of the exec.</returns>
    /// <exception cref="EngineApiException">There is no such container: status 404; it does not run or is paused: status 409; there is no command: status 400.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<string> CreateAsync(string container, ExecConfig config, CancellationToken cancellationToken);

    /// <summary>Starts a process and connects to its input and outputs, as it was prepared.</summary>
    /// <param name="exec">The ID of the exec.</param>
    /// <param name="cancellationToken">Gives up until it is connected; it does not end the process afterwards.</param>
    /// <returns>The connection; closing it leaves the process running.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it was started before, or its container is paused or does not run: status 409.</exception>
    /// <exception cref="EngineUpgradeRemovedException">It was prepared with input, and something before the engine lets none through. It was started.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    /// <remarks>A process that cannot be started is no error here: the engine writes why to the output, and the exit code is 126 or 127.</remarks>
    Task<IContainerStreams> StartAsync(string exec, CancellationToken cancellationToken);

    /// <summary>Starts a process and leaves it alone.</summary>
    /// <param name="exec">The ID of the exec.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it was started.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it was started before, or its container is paused or does not run: status 409; it cannot be started.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task StartDetachedAsync(string exec, CancellationToken cancellationToken);

    /// <summary>Asks what became of a process.</summary>
    /// <param name="exec">The ID of the exec.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine's answer.</returns>
    /// <exception cref="EngineApiException">There is none, or not any more: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ExecState> InspectAsync(string exec, CancellationToken cancellationToken);

    /// <summary>Changes the size of the terminal of a running process.</summary>
    /// <param name="exec">The ID of the exec.</param>
    /// <param name="columns">The width, in characters.</param>
    /// <param name="rows">The height, in characters.</param>
    /// <param name="cancellationToken">Gives up. Docker does not answer before the process was started.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it has ended: status 404 or 500.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task ResizeAsync(string exec, int columns, int rows, CancellationToken cancellationToken);
}
