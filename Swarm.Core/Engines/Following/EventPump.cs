using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Brings what the events monitor says of an engine into the inbox of its loop, and nothing else: no I/O on the way of the next event.</summary>
/// <remarks>
/// More events than the loop can take are dropped: <see cref="QueuedEvents"/> says which, and tells the loop.
/// </remarks>
internal sealed class EventPump(
    EngineAddress address,
    IEventsMonitor monitor,
    EngineIntake intake,
    QueuedEvents queued,
    EngineTimings timings,
    TimeProvider time,
    IdentifierSource identifiers,
    SwarmMetrics metrics,
    ILogger logger,
    HostFailures? failures,
    Func<EngineStatus> status,
    Action<EngineMessage> post)
{
    private string? _addressText;

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
        // What is dropped is read, with everything else.
        if (!queued.TryEnter(received))
        {
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
