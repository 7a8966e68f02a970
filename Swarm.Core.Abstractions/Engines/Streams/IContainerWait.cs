namespace Swarm.Core.Engines;

/// <summary>A question after the end of a container that its engine has accepted. Dispose of it to stop waiting.</summary>
public interface IContainerWait : IAsyncDisposable
{
    /// <summary>Waits for the answer. It may be called again after it was cancelled; one call at a time.</summary>
    /// <param name="cancellationToken">Stops this call waiting; the question stands.</param>
    /// <returns>How the container ended.</returns>
    /// <exception cref="EngineException">The connection broke before the answer came: how the container ended is not known.</exception>
    /// <exception cref="ObjectDisposedException">The caller has disposed of the question.</exception>
    Task<ContainerExit> GetExitAsync(CancellationToken cancellationToken);
}
