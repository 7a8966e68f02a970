using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Counts the events of one engine that wait for its loop. More than the loop can take are dropped, and that some were is told instead: then everything is read once.</summary>
/// <remarks>Safe for concurrent use: the pump enters events, the loop takes them out.</remarks>
/// <param name="address">The address of the engine.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class QueuedEvents(EngineAddress address, TimeProvider time, ILogger logger)
{
    /// <summary>How many events wait at most.</summary>
    public const int MaxQueuedEvents = 4096;

    /// <summary>How many bytes those take at most that wait.</summary>
    public const long MaxQueuedBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan _dropLogInterval = TimeSpan.FromMinutes(1);

    private readonly LogThrottle _droppedLog = new(time, _dropLogInterval);
    private int _queuedEvents;
    private long _queuedBytes;
    private int _eventsDropped;

    /// <summary>Counts an event in.</summary>
    /// <returns>Whether there was room for it; else it is to be dropped.</returns>
    public bool TryEnter(EngineEvent received)
    {
        var (count, bytes) = (Interlocked.Increment(ref _queuedEvents), Interlocked.Add(ref _queuedBytes, KeptSize.Of(received)));
        if (count > MaxQueuedEvents || bytes > MaxQueuedBytes)
        {
            Leave(received);
            Interlocked.Exchange(ref _eventsDropped, 1);
            return false;
        }

        return true;
    }

    /// <summary>Counts an event out that the loop has taken out of its inbox.</summary>
    public void Leave(EngineEvent received)
    {
        Interlocked.Decrement(ref _queuedEvents);
        Interlocked.Add(ref _queuedBytes, -KeptSize.Of(received));
    }

    /// <summary>Tells, once, that events were dropped since this was asked last.</summary>
    public bool TakeDropped()
    {
        if (Interlocked.Exchange(ref _eventsDropped, 0) == 0)
        {
            return false;
        }

        // A flood drops many times a second.
        if (_droppedLog.TryPass())
        {
            EngineLog.EventsDropped(logger, address);
        }

        return true;
    }
}
