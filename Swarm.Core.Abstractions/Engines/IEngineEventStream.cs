namespace Swarm.Core.Engines;

/// <summary>An open stream of one daemon's events. Read by one reader at a time.</summary>
public interface IEngineEventStream : IAsyncDisposable
{
    /// <summary>Waits for the next event.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The event, or <see langword="null"/> when the daemon ended the stream; treat that as a disconnect.</returns>
    /// <exception cref="EngineException">The connection broke.</exception>
    ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken);
}
