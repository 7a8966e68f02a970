namespace Swarm.Core.Builders;

/// <summary>How many timers of a clock were made, and how many of them were not disposed of.</summary>
internal sealed class TimerCount
{
    private int _live;
    private int _made;

    public int Live => Volatile.Read(ref _live);

    public int Made => Volatile.Read(ref _made);

    /// <summary>Counts a timer until it is disposed of.</summary>
    public ITimer Add(ITimer timer)
    {
        Interlocked.Increment(ref _made);
        Interlocked.Increment(ref _live);
        return new Counted(timer, this);
    }

    private sealed class Counted(ITimer timer, TimerCount owner) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._live);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
