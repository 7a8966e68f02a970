namespace Swarm.Core.Diagnostics;

/// <summary>The host's clock behind a wall: while it throws, time goes on from what it said last, at the pace of the system's clock.</summary>
internal sealed class GuardedClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly HostFailures _failures;
    private readonly Hand _timestamp;
    private readonly Hand _utc;

    private GuardedClock(TimeProvider inner, HostFailures failures)
    {
        _inner = inner;
        _failures = failures;
        TimestampFrequency = ReadFrequency();
        _timestamp = new Hand(TimestampFrequency, System.GetTimestamp());
        _utc = new Hand(TimeSpan.TicksPerSecond, System.GetUtcNow().UtcTicks);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency { get; }

    /// <summary>Puts a wall before a clock; the system's own needs none.</summary>
    public static TimeProvider Of(TimeProvider? clock, HostFailures failures) =>
        clock is null || ReferenceEquals(clock, System) ? System : new GuardedClock(clock, failures);

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        try
        {
            return _timestamp.Said(_inner.GetTimestamp());
        }
        catch (Exception exception)
        {
            _failures.Note(HostPart.Clock, exception);
            return _timestamp.GoesOn();
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        try
        {
            var now = _inner.GetUtcNow();
            _utc.Said(now.UtcTicks);
            return now;
        }
        catch (Exception exception)
        {
            _failures.Note(HostPart.Clock, exception);
            return new DateTimeOffset(_utc.GoesOn(), TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where the host's clock makes no timer, the system's does: a wait that never ends is worse than one of another length.</remarks>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        try
        {
            return new GuardedTimer(_inner.CreateTimer(callback, state, dueTime, period) ?? throw new InvalidOperationException("The clock made no timer."), _failures);
        }
        catch (Exception exception)
        {
            _failures.Note(HostPart.Clock, exception);
            return System.CreateTimer(callback, state, dueTime, period);
        }
    }

    private long ReadFrequency()
    {
        try
        {
            return _inner.TimestampFrequency is > 0 and var frequency ? frequency : throw new InvalidOperationException("The clock has no frequency.");
        }
        catch (Exception exception)
        {
            _failures.Note(HostPart.Clock, exception);
            return System.TimestampFrequency;
        }
    }

    /// <summary>One measure of a clock: what it said last, and how it goes on while the clock fails.</summary>
    private sealed class Hand(long frequency, long first)
    {
        private long _last = first;
        private Anchor? _failing;

        public long Said(long value)
        {
            Volatile.Write(ref _last, value);
            if (Volatile.Read(ref _failing) is not null)
            {
                Volatile.Write(ref _failing, null);
            }

            return value;
        }

        public long GoesOn()
        {
            var anchor = Volatile.Read(ref _failing);
            if (anchor is null)
            {
                var created = new Anchor(Volatile.Read(ref _last), System.GetTimestamp());
                anchor = Interlocked.CompareExchange(ref _failing, created, null) ?? created;
            }

            return anchor.Value + (long)(System.GetElapsedTime(anchor.At).TotalSeconds * frequency);
        }

        private sealed record Anchor(long Value, long At);
    }

    private sealed class GuardedTimer(ITimer inner, HostFailures failures) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            try
            {
                return inner.Change(dueTime, period);
            }
            catch (Exception exception)
            {
                failures.Note(HostPart.Clock, exception);
                return false;
            }
        }

        public void Dispose()
        {
            try
            {
                inner.Dispose();
            }
            catch (Exception exception)
            {
                failures.Note(HostPart.Clock, exception);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
            }
            catch (Exception exception)
            {
                failures.Note(HostPart.Clock, exception);
            }
        }
    }
}
