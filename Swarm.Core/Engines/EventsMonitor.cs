using System.Runtime.CompilerServices;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The default monitor: one stream per engine, believed alive only while the engine also answers pings, reopened with back-off.</summary>
/// <remarks>
/// An idle stream and a dead link look the same from here, hence the pings, which travel on a connection of their own. A stream is taken up again where the
/// last one ended, as far as the engine remembers; what is told twice that way does no harm.
/// </remarks>
internal sealed class EventsMonitor(EngineTimings timings, TimeProvider time, IdentifierSource jitter, SwarmMetrics? metrics = null) : IEventsMonitor
{
    // Daemons stamp events before they queue them, so that neighbours can be out of order by a little.
    private static readonly TimeSpan _overlap = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = 0;
        DateTimeOffset? begin = null, last = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (stream, error) = await OpenAsync(engine, Resume(begin, last), cancellationToken);
            if (stream is not null)
            {
                var openedAt = time.GetTimestamp();
                (begin, last) = (stream.Begin, stream.Begin ?? last);
                yield return new EventsSubscribed();

                await using (stream)
                {
                    await using var probes = new Probes(engine, timings, time, metrics, cancellationToken);
                    while (error is null)
                    {
                        (var received, error) = await ReadAsync(engine, stream, probes, cancellationToken);
                        if (received is not null)
                        {
                            last = last is null || received.Time > last ? received.Time : last;
                            yield return new EventReceived(received);
                        }
                        else if (error is null)
                        {
                            yield break; // cancelled
                        }
                    }
                }

                // What the engine said cannot be read, and it would say it again.
                if (error is EngineProtocolException)
                {
                    (begin, last) = (null, null);
                }

                // A stream that breaks at once, again and again, must not be reopened without pause.
                if (time.GetElapsedTime(openedAt) > timings.LongestRetryDelay)
                {
                    failures = 0;
                }
            }

            if (error is null)
            {
                yield break; // cancelled
            }

            yield return new EventsLost(error, ++failures);
            if (!await PauseAsync(failures, cancellationToken))
            {
                yield break;
            }
        }
    }

    // Not before the lost stream began: what happened then was never anybody's business here.
    private static DateTimeOffset? Resume(DateTimeOffset? begin, DateTimeOffset? last)
    {
        if (last is not { } seen || seen < DateTimeOffset.UnixEpoch + _overlap)
        {
            return null;
        }

        return begin is { } earliest && seen - _overlap < earliest ? earliest : seen - _overlap;
    }

    private async Task<(IEngineEventStream? Stream, EngineException? Error)> OpenAsync(IEngine engine, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        try
        {
            return (await BoundedCall.RunAsync(metrics, engine.Address, "subscribe to events", timings.CallTimeout, time, token => OpenOrCloseAsync(engine, since, token), cancellationToken), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (EngineException exception)
        {
            return (null, exception);
        }
    }

    // A stream that comes too late has no reader any more: close it.
    private static async Task<IEngineEventStream> OpenOrCloseAsync(IEngine engine, DateTimeOffset? since, CancellationToken limit)
    {
        var stream = await engine.System.OpenEventsAsync(since, limit);
        if (limit.IsCancellationRequested)
        {
            await stream.DisposeAsync();
            limit.ThrowIfCancellationRequested();
        }

        return stream;
    }

    private static async Task<(EngineEvent? Received, EngineException? Error)> ReadAsync(IEngine engine, IEngineEventStream stream, Probes probes, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(probes.Alive) is { } received
                ? (received, null)
                : (null, new EngineUnreachableException(engine.Address, "follow events", "the engine ended the stream"));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (OperationCanceledException) when (probes.Failure is not null)
        {
            return (null, probes.Failure);
        }
        catch (EngineException exception)
        {
            return (null, exception);
        }
    }

    private async Task<bool> PauseAsync(int failures, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, jitter), time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Pings beside the stream; cancels its reading when one fails.</summary>
    private sealed class Probes : IAsyncDisposable
    {
        private readonly CancellationTokenSource _alive;
        private readonly Task _loop;

        public Probes(IEngine engine, EngineTimings timings, TimeProvider time, SwarmMetrics? metrics, CancellationToken cancellationToken)
        {
            _alive = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Alive = _alive.Token;
            _loop = RunAsync(engine, timings, time, metrics);
        }

        public CancellationToken Alive { get; }

        public EngineException? Failure { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await Cancellation.RequestAsync(_alive);
            await _loop;
            _alive.Dispose();
        }

        private async Task EndAsync(EngineException failure)
        {
            Failure = failure;
            await Cancellation.RequestAsync(_alive);
        }

        private async Task RunAsync(IEngine engine, EngineTimings timings, TimeProvider time, SwarmMetrics? metrics)
        {
            try
            {
                while (true)
                {
                    await Task.Delay(timings.PingInterval, time, Alive);
                    await BoundedCall.RunAsync(metrics, engine.Address, "ping", timings.PingTimeout, time, engine.System.PingAsync, Alive);
                }
            }
            catch (OperationCanceledException) when (Alive.IsCancellationRequested)
            {
                // The watch is over.
            }
            catch (EngineException exception)
            {
                await EndAsync(exception);
            }
            catch (Exception exception)
            {
                // An engine may come from the host's own connector: whatever its ping throws, the stream cannot be believed without.
                await EndAsync(new EngineUnreachableException(engine.Address, "ping", "the ping failed", exception));
            }
        }
    }
}
