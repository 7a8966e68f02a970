namespace Swarm.Core.Engines;

/// <summary>An open stream of one daemon's events. Read by one reader at a time.</summary>
/// <remarks>
/// Events that nothing here follows may be left out: those of commands run inside containers, health-check probes among them, are most of what a busy
/// daemon has to say. In place of one that cannot be read, for it is too long, give one of the daemon with the action <c>reload</c>: then everything is read anew.
/// </remarks>
public interface IEngineEventStream : IAsyncDisposable
{
    /// <summary>Gets the moment from which on the stream has everything the daemon remembers, in UTC by the engine's clock; <see langword="null"/> when that is not known.</summary>
    /// <remarks>Where a stream that is lost before its first event is taken up again.</remarks>
    DateTimeOffset? Begin => null;

    /// <summary>Waits for the next event.</summary>
    /// <param name="cancellationToken">Gives the stream up: once a read was cancelled, dispose of the stream.</param>
    /// <returns>The event, or <see langword="null"/> when the daemon ended the stream; treat that as a disconnect.</returns>
    /// <exception cref="EngineException">The connection broke, or what came over it is no event; the stream is of no more use.</exception>
    ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken);
}
