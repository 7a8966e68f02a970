namespace Swarm.Core.Engines;

/// <summary>Follows the events of engines: subscribes, notices a dead link, reconnects with back-off, and says where events may have been missed.</summary>
/// <remarks>
/// One monitor serves all engines of a cluster; each watch keeps its own state. It never does anything but read: what an event means is for the receiver. It is relied on to give each
/// event, or to say that some may be missed: a container of which it gives none, and whose entry in the engine's list stays as it was, is inspected only now and then.
/// </remarks>
public interface IEventsMonitor
{
    /// <summary>Follows one engine until cancelled.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// What happens, in order: <see cref="EventsSubscribed"/> when a stream is open (so a full list read from then on misses nothing),
    /// <see cref="EventReceived"/> for each event, <see cref="EventsLost"/> when the stream broke. It ends only by cancellation.
    /// </returns>
    IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, CancellationToken cancellationToken);
}
