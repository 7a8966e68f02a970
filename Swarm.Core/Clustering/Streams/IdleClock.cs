namespace Swarm.Core.Clustering;

/// <summary>A time limit on standing still: it runs only while the other side is to move.</summary>
internal sealed class IdleClock : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    /// <summary>Starts the clock.</summary>
    /// <param name="limit">How long may be stood still.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public IdleClock(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _timer = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timer.Token);
    }

    /// <summary>Gets the token of both, the clock and the caller.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Gets whether the time is over.</summary>
    public bool IsOver => _timer.IsCancellationRequested;

    /// <summary>Stops the clock: it is this side that is to move.</summary>
    public void Stop() => _timer.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Starts the clock from zero.</summary>
    public void Restart() => _timer.CancelAfter(_limit);

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
