namespace Swarm.Core.Engines;

/// <summary>Says when an engine is read whole, and what a reading that failed means. Pure: it is told the time. One loop uses it.</summary>
/// <remarks>
/// An engine that is lost is lost at once, but it is taken back, which takes a reading, no more than once in a while: what comes and goes must not do so ten times a minute, and
/// an engine in trouble must not be asked everything again with every stream that opens. Nobody having listened at its address means a new start of the daemon, and that
/// counts for itself. An engine that takes long to read is read less often.
/// </remarks>
/// <param name="timings">The intervals.</param>
internal sealed class ReadingPace(EngineTimings timings)
{
    // Until so many readings have failed in a row, pings and events say that the engine is well.
    private const int FailuresThatCount = 3;
    private const int TimesAsLong = 4;

    private TimeSpan? _returnedAt;
    private TimeSpan _begunAt;
    private TimeSpan _took;
    private bool _isLost;
    private bool _wasStartedAnew;
    private int _failures;

    /// <summary>Gets the failed readings in a row.</summary>
    public int Failures => _failures;

    /// <summary>Notes that the engine was lost, or could not be reached again.</summary>
    /// <param name="reason">Why.</param>
    public void Lost(EngineException reason)
    {
        _isLost = true;
        _wasStartedAnew |= reason is EngineUnreachableException { NotSent: true };
    }

    /// <summary>Says how long the reading that follows a new subscription has to wait.</summary>
    public TimeSpan UntilReading(TimeSpan now)
    {
        if (!_isLost || _wasStartedAnew || _returnedAt is not { } returned)
        {
            return TimeSpan.Zero;
        }

        var due = returned + Longer(timings.ReturnInterval, Shorter(_took * TimesAsLong, timings.ReturnInterval * 2));
        return due > now ? due - now : TimeSpan.Zero;
    }

    /// <summary>Notes that a reading begins.</summary>
    public void Began(TimeSpan now)
    {
        _begunAt = now;
        if (_isLost)
        {
            (_isLost, _wasStartedAnew, _returnedAt) = (false, false, now);
        }
    }

    /// <summary>Notes that a reading ended, one way or another.</summary>
    public void Ended(TimeSpan now, bool isWhole)
    {
        _took = now - _begunAt;
        _failures = isWhole ? 0 : _failures;
    }

    /// <summary>Notes that the reading that ended failed of itself, not because the engine was lost.</summary>
    /// <returns>Whether the engine cannot be taken for healthy any more.</returns>
    public bool Failed(Exception error)
    {
        _failures++;

        // Time that is up was long, nothing that passes in a moment; and where nobody knows who answers nothing may be asked for.
        return error is EngineTimeoutException or EngineAmbiguousException || _failures >= FailuresThatCount;
    }

    /// <summary>Says how long after a failed reading the next one begins.</summary>
    /// <param name="backoff">How long it is for an engine that answers quickly.</param>
    public TimeSpan AfterFailure(TimeSpan backoff) => Longer(backoff, Shorter(_took, timings.LongestRetryDelay));

    /// <summary>Gets how long after a reading the next one is due at the earliest, unless something asks for it: a part of the time is to go into readings, and yet nothing is to stay unseen for long.</summary>
    public TimeSpan Rest => Shorter(_took * TimesAsLong, timings.RefreshInterval * 2);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
