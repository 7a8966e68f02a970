namespace Swarm.Core.Engines;

/// <summary>Readings of what a container uses, about one a second. Read by one reader at a time; dispose of it to close its connection.</summary>
public interface IContainerStatsStream : IAsyncDisposable
{
    /// <summary>Waits for the next reading.</summary>
    /// <param name="cancellationToken">Stops waiting; the stream goes on.</param>
    /// <returns>The reading, or <see langword="null"/> when the engine ended the stream.</returns>
    /// <exception cref="EngineException">The connection broke.</exception>
    /// <exception cref="ObjectDisposedException">The caller has disposed of the stream.</exception>
    ValueTask<ContainerStats?> ReadAsync(CancellationToken cancellationToken);
}
