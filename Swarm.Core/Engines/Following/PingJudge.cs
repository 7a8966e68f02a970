namespace Swarm.Core.Engines;

/// <summary>Judges from pings whether an engine is lost: when three in a row had no answer, and not before. Pure: it is told the time and what became of pings, and says what to do. One watch uses it.</summary>
/// <remarks>
/// A ping that is refused or reset is sent again soon; one that is silent is joined by others and may still be answered meanwhile. Any answer, however late, makes a new
/// start. With an interval and a time limit of two seconds, three refusals take at most 3.5 s after the last answer and silence takes 7 s.
/// </remarks>
/// <param name="interval">How long after an answer the next ping is due.</param>
/// <param name="timeout">How long a ping may be silent before another one is sent, and the last one before the engine is lost.</param>
internal sealed class PingJudge(TimeSpan interval, TimeSpan timeout)
{
    /// <summary>How many pings in a row must have no answer.</summary>
    public const int Pings = 3;

    private readonly TimeSpan _pause = timeout * 0.375;
    private TimeSpan _since;
    private TimeSpan _sentAt;
    private TimeSpan? _failedAt;
    private int _sent;
    private int _failed;

    /// <summary>Gets how long a ping may take at most: as long as its answer can make a difference.</summary>
    public TimeSpan Patience { get; } = timeout * 2.5;

    /// <summary>Gets the number of the present row of pings: an answer begins the next.</summary>
    public int Row { get; private set; }

    /// <summary>Says what to do at a moment: wait, send a ping, or give the engine up.</summary>
    /// <returns>The verdict, and how long to wait where that is the verdict.</returns>
    public (PingVerdict Verdict, TimeSpan Wait) Next(TimeSpan now)
    {
        if (_failed >= Pings)
        {
            return (PingVerdict.Lost, TimeSpan.Zero);
        }

        var due = _sent switch
        {
            0 => _since + interval,
            Pings => _sentAt + timeout,
            _ => Earlier(_sentAt + (_sent == 1 ? timeout : timeout / 2), _failedAt + _pause),
        };
        return now < due ? (PingVerdict.Wait, due - now)
            : _sent < Pings ? (PingVerdict.Ping, TimeSpan.Zero)
            : (PingVerdict.Lost, TimeSpan.Zero);
    }

    /// <summary>Notes that a ping was sent.</summary>
    public void Sent(TimeSpan now)
    {
        _sent++;
        _sentAt = now;
        _failedAt = null;
    }

    /// <summary>Notes that a ping was answered, no matter which.</summary>
    public void Answered(TimeSpan now)
    {
        Row++;
        (_sent, _failed, _failedAt) = (0, 0, null);
        _since = now;
    }

    /// <summary>Notes that a ping had no answer.</summary>
    /// <param name="row">The row it was sent in; what becomes of one from before the last answer says nothing any more.</param>
    /// <param name="now">The moment.</param>
    public void Failed(int row, TimeSpan now)
    {
        if (row == Row)
        {
            _failed++;
            _failedAt ??= now;
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;
}
