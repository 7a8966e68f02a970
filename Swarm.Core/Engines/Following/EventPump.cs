using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Brings what the events monitor says of an engine into the inbox of its loop, and nothing else: no I/O on the way of the next event.</summary>
/// <remarks>
/// The loop says which events it has taken out. More than it can take are dropped, and that some were is told instead: then everything is read once.
/// </remarks>
internal sealed class EventPump(
    EngineAddress address,
    IEventsMonitor monitor,
    EngineIntake intake,
    EngineTimings timings,
    TimeProvider time,
    IdentifierSource identifiers,
    SwarmMetrics metrics,
    ILogger logger,
    HostFailures? failures,
    Func<EngineStatus> status,
    Action<EngineMessage> post)
{
    /// <summary>How many events wait at most.</summary>
    public const int MaxQueuedEvents = 4096;

    /// <summary>How many bytes those take at most that wait.</summary>
    public const long MaxQueuedBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan _dropLogInterval = TimeSpan.FromMinutes(1);

    private readonly LogThrottle _droppedLog = new(time, _dropLogInterval);
    private string? _addressText;
    private int _queuedEvents;
    private long _queuedBytes;
    private int _eventsDropped;

    /// <summary>Follows an engine until the token is cancelled, whatever the monitor does.</summary>
    public async Task RunAsync(IEngine engine, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var given = new HostToken(cancellationToken, exception => failures?.Note(HostPart.Registration, exception));
                await foreach (var signal in monitor.WatchAsync(engine, given.Token).WithCancellation(given.Token))
                {
                    if (!IsKnown(signal))
                    {
                        throw new InvalidOperationException($"The events monitor gave {signal?.ToString() ?? "null"}, which says nothing.");
                    }

                    CountReceived(signal);
                    if (signal is not EventReceived received)
                    {
                        Enqueue(signal);
                    }
                    else if (EventInterest.Has(received.Event.Type, received.Event.Action))
                    {
                        Enqueue(intake.Event(received.Event));
                    }
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                Enqueue(new EventsLost(new EngineUnreachableException(address, "follow events", "the events monitor ended"), attempt));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A monitor may be the host's own: whatever it throws concerns this engine only.
                LogMonitorFailed(exception, attempt);
                Enqueue(new EventsLost(new EngineUnreachableException(address, "follow events", "the events monitor failed", exception), attempt));
            }

            try
            {
                await Task.Delay(Backoff.Delay(attempt, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers), time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Notes that the loop has taken an event out of its inbox.</summary>
    public void LeaveQueue(EngineEvent received)
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

    private static bool IsKnown(EventsSignal? signal) => signal switch
    {
        EventsSubscribed => true,
        EventReceived received => received.Event is not null,
        EventsLost lost => lost.Reason is not null,
        _ => false,
    };

    private void Enqueue(EventsSignal signal) => post(new EngineMessage.Monitored(signal));

    private void Enqueue(EngineEvent received)
    {
        // More events than the loop can take: drop them and read everything once instead.
        var (count, bytes) = (Interlocked.Increment(ref _queuedEvents), Interlocked.Add(ref _queuedBytes, KeptSize.Of(received)));
        if (count > MaxQueuedEvents || bytes > MaxQueuedBytes)
        {
            LeaveQueue(received);
            Interlocked.Exchange(ref _eventsDropped, 1);
            metrics.EngineEventDropped(_addressText ??= address.ToString());
            return;
        }

        Enqueue(new EventReceived(received));
    }

    private void CountReceived(EventsSignal signal)
    {
        if (signal is EventReceived received)
        {
            metrics.EngineEventReceived(received.Event.Type switch
            {
                EngineEventType.Container => "container",
                EngineEventType.Image => "image",
                EngineEventType.Network => "network",
                EngineEventType.Volume => "volume",
                EngineEventType.Daemon => "daemon",
                _ => "other",
            });
        }
    }

    // A monitor that fails and fails is news when it costs the engine its health, and the first time.
    private void LogMonitorFailed(Exception exception, int attempt)
    {
        if (attempt == 1 || status() == EngineStatus.Healthy)
        {
            EngineLog.MonitorFailed(logger, exception, address);
        }
    }
}
