namespace Swarm.Core.Clustering;

/// <summary>How long one engine has answered in all: the clock by which holds end, which stands while the engine does not answer. Guarded by the ledger's lock.</summary>
/// <param name="time">The clock of the cluster.</param>
internal sealed class AnswerClock(TimeProvider time)
{
    // Up to the last time it stopped.
    private TimeSpan _answered;
    private long? _runsSince;
    private long _standsSince = time.GetTimestamp();

    /// <summary>Lets it run while the engine answers, and stand while it does not.</summary>
    public void Run(bool answers)
    {
        var now = time.GetTimestamp();
        if (answers)
        {
            _runsSince ??= now;
        }
        else if (_runsSince is not null)
        {
            _answered = At(now);
            (_runsSince, _standsSince) = (null, now);
        }
    }

    /// <summary>An engine that is taken for lost was read nevertheless: it has answered as long as that took.</summary>
    public void CountReading(long startedTimestamp)
    {
        if (_runsSince is null)
        {
            var now = time.GetTimestamp();
            _answered += time.GetElapsedTime(Math.Max(startedTimestamp, _standsSince), now);
            _standsSince = now;
        }
    }

    /// <summary>Tells how long the engine had answered at a moment of late.</summary>
    public TimeSpan At(long timestamp)
    {
        if (_runsSince is { } since)
        {
            return timestamp > since ? _answered + time.GetElapsedTime(since, timestamp) : _answered;
        }

        return timestamp < _standsSince ? _answered - time.GetElapsedTime(timestamp, _standsSince) : _answered;
    }

    /// <summary>Starts the clock of a hold that ends when the engine has answered for a while more.</summary>
    public HoldClock Start(TimeSpan length) => new(At(time.GetTimestamp()), length);

    /// <summary>Lets the clock of a hold go on by this engine that was started by another.</summary>
    public HoldClock GoOn(HoldClock hold, AnswerClock former) => Start(hold.Length - (former.At(time.GetTimestamp()) - hold.Begin));
}
