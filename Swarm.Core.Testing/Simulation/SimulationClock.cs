namespace Swarm.Core.Testing;

/// <summary>Virtual time: it stands still while anything is left to do and then jumps to the next timer. Used by the simulation's thread only.</summary>
internal sealed class SimulationClock(IdSource ties) : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Entry, (long Due, ulong Tie)> _timers = new();
    private long _now;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(_now);

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => CreateTimer(callback, state, dueTime, period, null);

    /// <summary>Makes a timer that dies with a process.</summary>
    public ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period, SimulationProcess? process)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state, process);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time to the next timer and takes that; timers of one moment come in an order drawn from the seed.</summary>
    public bool TryTakeNext(out TimerCallback callback, out object? state, out SimulationProcess? process)
    {
        while (_timers.TryDequeue(out var entry, out _))
        {
            if (entry.Timer.IsSet(entry.Version))
            {
                _now = Math.Max(_now, entry.Due);
                process = entry.Timer.Process;
                (callback, state) = entry.Timer.Take();
                return true;
            }
        }

        (callback, state, process) = (null!, null, null);
        return false;
    }

    private void Arm(Timer timer, long version, TimeSpan due)
    {
        var at = due.Ticks > long.MaxValue - _now ? long.MaxValue : _now + due.Ticks;
        _timers.Enqueue(new Entry(timer, version, at), (at, ties.Next()));
    }

    private readonly record struct Entry(Timer Timer, long Version, long Due);

    private sealed class Timer(SimulationClock clock, TimerCallback callback, object? state, SimulationProcess? process) : ITimer
    {
        public SimulationProcess? Process => process;

        private TimeSpan _period;
        private long _version;
        private bool _isArmed;
        private bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
            {
                return false;
            }

            _version++;
            _period = period;
            _isArmed = dueTime >= TimeSpan.Zero;
            if (_isArmed)
            {
                clock.Arm(this, _version, dueTime);
            }

            return true;
        }

        /// <summary>Tells whether it is still set as it was.</summary>
        public bool IsSet(long version) => _isArmed && version == _version && process is not { IsAlive: false };

        /// <summary>Takes what is to be called, and sets a periodic one again.</summary>
        public (TimerCallback Callback, object? State) Take()
        {
            _isArmed = _period > TimeSpan.Zero;
            if (_isArmed)
            {
                clock.Arm(this, _version, _period);
            }

            return (callback, state);
        }

        public void Dispose()
        {
            _isDisposed = true;
            _isArmed = false;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
