using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>A process that was started in a container, and the connection to its input and outputs. Disposing of it closes the connection and leaves the process running.</summary>
public interface IContainerExec : IContainerStreams
{
    /// <summary>Gets the ID of the exec on its engine.</summary>
    string Id { get; }

    /// <summary>Asks what became of the process.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine's answer.</returns>
    /// <exception cref="EngineException">The engine failed, or has forgotten the exec (status 404).</exception>
    Task<ExecState> InspectAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until the process has ended. Read its output to the end first: a process whose output nobody takes does not end.</summary>
    /// <param name="cancellationToken">Gives up: the only bound on the time.</param>
    /// <returns>The exit code. Code 126 or 127 also stands for a process that could not be started.</returns>
    /// <exception cref="EngineException">The engine failed, or has forgotten the exec (status 404).</exception>
    /// <remarks>Engines tell nobody when an exec ends, so they are asked again and again, ever less often.</remarks>
    Task<long> GetExitCodeAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes the size of the terminal.</summary>
    /// <param name="columns">The width, in characters; above zero.</param>
    /// <param name="rows">The height, in characters; above zero.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the size is set.</returns>
    /// <exception cref="EngineException">The engine failed, or the process has ended (status 404 or 500).</exception>
    Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default);
}
