using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The default monitor: one stream per engine, believed alive only while the engine also answers pings, reopened with back-off.</summary>
/// <remarks>
/// An idle stream and a dead link look the same from here, hence the pings, which travel on connections of their own; see <see cref="PingJudge"/>. A stream is taken up
/// again where the last one ended, as far as the engine remembers; what is told twice that way does no harm.
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
                await using (new BoundedDisposal(stream, timings.CallTimeout, time))
                {
                    yield return new EventsSubscribed();
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
            var (goesOn, refusal) = await PauseAsync(engine, failures, cancellationToken);
            if (!goesOn)
            {
                yield break;
            }

            if (refusal is not null)
            {
                yield return new EventsLost(refusal, failures);
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
            return (await BoundedCall.RunAsync(metrics, engine.Address, "subscribe to events", timings.CallTimeout, time, token => engine.System.OpenEventsAsync(since, token), cancellationToken), null);
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

    private static async Task<(EngineEvent? Received, EngineException? Error)> ReadAsync(IEngine engine, IEngineEventStream stream, Probes probes, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(probes.Given).OrUntilAsync(probes.Alive) is { } received
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

    // An engine that was silent and answers again has come back: it is not to wait until a long pause is over. One that answers pings all the time is, for something else
    // is wrong. Nobody listening tells of a new start, which may be over before the next attempt.
    private async Task<(bool GoesOn, EngineUnreachableException? Refusal)> PauseAsync(IEngine engine, int failures, CancellationToken cancellationToken)
    {
        var delay = Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, jitter);
        var begun = time.GetTimestamp();
        EngineUnreachableException? refusal = null;
        try
        {
            var wasSilent = false;
            while (time.GetElapsedTime(begun) is var passed && passed < delay)
            {
                var silence = await FindSilenceAsync(engine, Shorter(timings.PingTimeout, delay - passed), cancellationToken);
                if (silence is null && wasSilent)
                {
                    break;
                }

                wasSilent |= silence is not null;
                refusal ??= silence is EngineUnreachableException { NotSent: true } refused ? refused : null;
                var next = Shorter(passed + timings.PingInterval, delay) - time.GetElapsedTime(begun);
                if (next > TimeSpan.Zero)
                {
                    await Task.Delay(WholeMilliseconds(next), time, cancellationToken);
                }
            }

            return (true, refusal);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (false, refusal);
        }
    }

    private async Task<Exception?> FindSilenceAsync(IEngine engine, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await BoundedCall.RunAsync(metrics, engine.Address, "ping", timeout, time, token => engine.System.PingAsync(token), cancellationToken);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // An engine may come from the host's own connector: whatever its ping throws, this is no answer.
            return exception;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Timers know whole milliseconds: rounded down, a wait could be over before its time has come.
    private static TimeSpan WholeMilliseconds(TimeSpan delay) => TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));

    /// <summary>Pings beside the stream; cancels its reading when the engine is lost.</summary>
    private sealed class Probes : IAsyncDisposable
    {
        private readonly IEngine _engine;
        private readonly TimeProvider _time;
        private readonly SwarmMetrics? _metrics;
        private readonly PingJudge _judge;
        private readonly Channel<(int Row, EngineException? Error)?> _reports = Channel.CreateUnbounded<(int Row, EngineException? Error)?>(new UnboundedChannelOptions { SingleReader = true });
        private readonly List<Task> _sent = [];
        private readonly CancellationTokenSource _alive;
        private readonly long _begun;
        private readonly HostToken _given;
        private readonly Task _loop;

        public Probes(IEngine engine, EngineTimings timings, TimeProvider time, SwarmMetrics? metrics, CancellationToken cancellationToken)
        {
            _engine = engine;
            _time = time;
            _metrics = metrics;
            _judge = new PingJudge(timings.PingInterval, timings.PingTimeout);
            _begun = time.GetTimestamp();
            _alive = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Alive = _alive.Token;
            _given = new HostToken(Alive);
            _loop = RunAsync();
        }

        public CancellationToken Alive { get; }

        /// <summary>Gets a token for code that may be the host's, cancelled with <see cref="Alive"/>.</summary>
        public CancellationToken Given => _given.Token;

        public EngineException? Failure { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await Cancellation.RequestAsync(_alive);
            await _loop;
            _given.Dispose();
            _alive.Dispose();
        }

        private async Task RunAsync()
        {
            // What was sent reports here, and so does the time when something is due.
            await using var clock = _time.CreateTimer(
                static writer => ((ChannelWriter<(int Row, EngineException? Error)?>)writer!).TryWrite(null), _reports.Writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            try
            {
                await WatchAsync(clock);
            }
            catch (OperationCanceledException) when (Alive.IsCancellationRequested)
            {
                // The watch is over.
            }

            await Task.WhenAll(_sent);
        }

        private async Task WatchAsync(ITimer clock)
        {
            EngineException? last = null;
            var answeredAt = _begun;
            while (true)
            {
                // What has come counts before what is due: late is not silent.
                while (_reports.Reader.TryRead(out var report))
                {
                    if (report is not { } told)
                    {
                        continue;
                    }

                    if (told.Error is { } error)
                    {
                        _judge.Failed(told.Row, _time.GetElapsedTime(_begun));
                        last = error;
                    }
                    else
                    {
                        _judge.Answered(_time.GetElapsedTime(_begun));
                        (last, answeredAt) = (null, _time.GetTimestamp());
                    }
                }

                var (verdict, wait) = _judge.Next(_time.GetElapsedTime(_begun));
                switch (verdict)
                {
                    case PingVerdict.Ping:
                        _judge.Sent(_time.GetElapsedTime(_begun));
                        _sent.RemoveAll(ping => ping.IsCompleted);
                        _sent.Add(PingAsync(_judge.Row));
                        break;
                    case PingVerdict.Lost:
                        Failure = last ?? new EngineTimeoutException(_engine.Address, "ping", _time.GetElapsedTime(answeredAt));
                        await Cancellation.RequestAsync(_alive);
                        return;
                    default:
                        clock.Change(WholeMilliseconds(wait), Timeout.InfiniteTimeSpan);
                        await _reports.Reader.WaitToReadAsync(Alive);
                        break;
                }
            }
        }

        private async Task PingAsync(int row)
        {
            EngineException? failure = null;
            try
            {
                await BoundedCall.RunAsync(_metrics, _engine.Address, "ping", _judge.Patience, _time, token => _engine.System.PingAsync(token), Alive);
            }
            catch (OperationCanceledException) when (Alive.IsCancellationRequested)
            {
                return; // the watch is over
            }
            catch (EngineException exception)
            {
                failure = exception;
            }
            catch (Exception exception)
            {
                // An engine may come from the host's own connector: whatever its ping throws is no answer.
                failure = new EngineUnreachableException(_engine.Address, "ping", "the ping failed", exception);
            }

            _reports.Writer.TryWrite((row, failure));
        }
    }
}
