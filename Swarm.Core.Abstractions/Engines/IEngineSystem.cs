using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can be asked of a daemon about itself.</summary>
public interface IEngineSystem
{
    /// <summary>Asks whether the daemon answers.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it answered.</returns>
    /// <exception cref="EngineException">It did not answer, or not well.</exception>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Asks what the daemon and its machine are; agrees on the API version first.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The description.</returns>
    /// <exception cref="EngineException">It did not answer, or not well.</exception>
    Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken);

    /// <summary>Subscribes to the daemon's events.</summary>
    /// <param name="since">
    /// Where to begin by the engine's clock, in UTC; <see langword="null"/> for now. A request, not a promise: the daemon remembers only a few hundred events
    /// and none from before its start, and one that is another than at the last subscription, or whose clock has not got there yet, begins now.
    /// </param>
    /// <param name="cancellationToken">Gives up subscribing; it does not end the stream afterwards.</param>
    /// <returns>The stream. The daemon has accepted it, so nothing that happens from now on is missed while it lasts.</returns>
    /// <exception cref="EngineException">It did not answer, or not well.</exception>
    Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken);
}
