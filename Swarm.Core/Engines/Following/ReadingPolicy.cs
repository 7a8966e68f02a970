using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Decides when an engine is read whole, whether what was read is believed, and whether it is current. No I/O. One loop uses it.</summary>
/// <remarks>
/// Nothing is read while nobody listens to the events: what happened meanwhile would be missed, so each subscription begins with a reading. Only one goes on at a time, and
/// however often another is asked for meanwhile, one follows. How soon after a loss the engine is read again <see cref="ReadingPace"/> says.
/// </remarks>
/// <param name="timings">The intervals.</param>
/// <param name="time">The clock that the timestamps of readings are of.</param>
/// <param name="identifiers">The jitter of the pauses after failures.</param>
internal sealed class ReadingPolicy(EngineTimings timings, TimeProvider time, IdentifierSource identifiers)
{
    private readonly ReadingPace _pace = new(timings);
    private bool _subscribed;
    private long _subscribedAt;
    private bool _reading;
    private bool _readAgain;
    private bool _waitingToRead;
    private bool _readSinceSubscribed;
    private long? _emptySince;

    /// <summary>Gets whether a reading is under way.</summary>
    public bool IsReading => _reading;

    /// <summary>Gets how long after a reading the next one is due at the earliest, unless something asks for it.</summary>
    public TimeSpan Rest => _pace.Rest;

    /// <summary>Notes that events are followed from a position of the loop on.</summary>
    public void Subscribed(long position)
    {
        _subscribed = true;
        _subscribedAt = position;
        _readSinceSubscribed = false;
        _emptySince = null;
    }

    /// <summary>Notes that events are not followed any more.</summary>
    /// <param name="reason">Why.</param>
    public void Lost(EngineException reason)
    {
        _subscribed = false;
        _pace.Lost(reason);
    }

    /// <summary>Asks for a reading that begins after this moment. When the advice is to read, the reading counts as begun.</summary>
    /// <returns>The advice, and how long to wait where it is that: <see cref="WaitIsOver"/> is to be called then, and this again.</returns>
    public (ReadingAdvice Advice, TimeSpan Wait) Request(TimeSpan now)
    {
        if (!_subscribed)
        {
            return (ReadingAdvice.Nothing, TimeSpan.Zero); // the next subscription reads everything
        }

        if (_reading)
        {
            _readAgain = true;
            return (ReadingAdvice.Nothing, TimeSpan.Zero);
        }

        if (_pace.UntilReading(now) is { Ticks: > 0 } wait)
        {
            if (_waitingToRead)
            {
                return (ReadingAdvice.Nothing, TimeSpan.Zero);
            }

            _waitingToRead = true;
            return (ReadingAdvice.Wait, wait);
        }

        _reading = true;
        _pace.Began(now);
        return (ReadingAdvice.Read, TimeSpan.Zero);
    }

    /// <summary>Notes that the wait that <see cref="Request"/> advised is over.</summary>
    public void WaitIsOver() => _waitingToRead = false;

    /// <summary>Notes that the reading under way has ended, one way or another.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="isWhole">Whether there is a reading.</param>
    public void Ended(TimeSpan now, bool isWhole)
    {
        _reading = false;
        _pace.Ended(now, isWhole);
    }

    /// <summary>Judges the reading that has ended.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="state">What is known of the engine.</param>
    public ReadingVerdict Judge(EngineReading reading, EngineState state)
    {
        if (!IsBelievable(reading, state))
        {
            // Whoever asked for another list meanwhile gets the one that is to confirm it.
            _readAgain = false;
            var verdict = _emptySince is null ? ReadingVerdict.Doubted : ReadingVerdict.StillDoubted;
            _emptySince ??= reading.StartedTimestamp;
            return verdict;
        }

        var isCurrent = IsCurrent(reading);
        _readSinceSubscribed |= isCurrent;
        return isCurrent || state.Id.Length > 0 ? ReadingVerdict.Counts : ReadingVerdict.Outdated;
    }

    /// <summary>Notes that the reading that has ended failed of itself, not because the engine was lost.</summary>
    /// <returns>Whether the engine cannot be taken for healthy any more.</returns>
    public bool Failed(Exception error) => _pace.Failed(error);

    /// <summary>Says how long after a reading that failed the next one is to be asked for.</summary>
    /// <returns>The pause; <see langword="null"/> when the next subscription reads everything.</returns>
    public TimeSpan? PauseAfterFailure() => _subscribed
        ? _pace.AfterFailure(Backoff.Delay(_pace.Failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers))
        : null;

    /// <summary>Tells, once, that another reading was asked for while the one that has ended was under way.</summary>
    public bool TakeReadAgain()
    {
        var readAgain = _readAgain;
        _readAgain = false;
        return readAgain;
    }

    /// <summary>Says whether a reading that the cluster has decided on may still show.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="id">The ID under which the engine is to take part; <see langword="null"/> when it is to wait.</param>
    /// <param name="state">What is known of the engine by now.</param>
    public bool MayShow(EngineReading reading, string? id, EngineState state)
    {
        if (id is null && state.Id.Length > 0)
        {
            return false; // another daemon answers by now: this engine is being let go, with what it was
        }

        if (state.Id.Length == 0 && id is not null && !IsCurrent(reading))
        {
            return false; // the events were lost before it could take part: the reading after the next subscription lets it in, with what it has by then
        }

        // Overtaken while it was read, nothing of it shows, so that nobody takes it for what there is; the reading that follows does.
        return reading.StartedAt >= state.ReadAt;
    }

    /// <summary>Tells whether a reading shows the engine as it is. One from before the events were lost knows nothing of what happened meanwhile; the one that follows it does.</summary>
    public bool IsCurrent(EngineReading reading) => _subscribed && reading.StartedAt > _subscribedAt;

    /// <summary>Forgets the reading that is under way, and who waits for one.</summary>
    public void Reset()
    {
        _reading = false;
        _readAgain = false;
        _waitingToRead = false;
    }

    // A daemon that has just come back may not know its containers yet: that all of them are gone it has to say twice.
    private bool IsBelievable(EngineReading reading, EngineState state) =>
        _readSinceSubscribed
        || !reading.Containers.Kept.IsEmpty
        || state.Containers.IsEmpty
        || !string.Equals(reading.Specs.DaemonId, state.Specs?.DaemonId, StringComparison.Ordinal)
        || (_emptySince is { } since && time.GetElapsedTime(since, reading.StartedTimestamp) >= timings.EmptyListConfirmation);
}
