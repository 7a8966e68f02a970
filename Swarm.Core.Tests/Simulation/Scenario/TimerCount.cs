namespace Swarm.Core.Testing;

/// <summary>Counts the timers that are set on a cluster's clock.</summary>
internal sealed class TimerCount(TimeProvider time) : TimeProvider
{
    public int Live { get; private set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Live++;
        return new Counted(time.CreateTimer(callback, state, dueTime, period), this);
    }

    private sealed class Counted(ITimer timer, TimerCount owner) : ITimer
    {
        private bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            owner.Live -= _isDisposed ? 0 : 1;
            _isDisposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
