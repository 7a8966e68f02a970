namespace Swarm.Core.Engines;

/// <summary>
/// Bounds the rest of an answer whose headers are there, whatever limit whoever asked has: an engine that has begun to answer goes on. One that is read in its
/// turn keeps others waiting and gets less patience.
/// </summary>
internal sealed class AnswerPace : IDisposable
{
    /// <summary>How long nothing may come, and how long an answer waits for its turn.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing may come in a turn, and of the words of a refusal: less than a call may take, so that whoever waits for the turn gets it, and who was refused hears of that.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How long a turn may last although something comes all the time.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;
    private long? _turnSince;

    /// <summary>Begins with an answer; nothing is bounded before <see cref="Expect"/>.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Whoever asked gives up.</param>
    public AnswerPace(TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _caller = cancellationToken;
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
    }

    /// <summary>Gets what gives up when the time is over, or whoever asked has.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Gets whether the time is over, and that is why the answer was given up.</summary>
    public bool IsOver => _over.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Gets how long was waited.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Says that something is waited for from now on.</summary>
    /// <param name="isRefusal">Whether it is the words of a refusal, which is certain without them.</param>
    /// <param name="isTurn">Whether the answer has its turn.</param>
    public void Expect(bool isRefusal = false, bool isTurn = false)
    {
        Limit = isRefusal || isTurn ? LongestPause : LongestSilence;
        var wait = Limit;
        if (isTurn)
        {
            _turnSince ??= _time.GetTimestamp();
            var left = LongestTurn - _time.GetElapsedTime(_turnSince.Value);
            if (left < wait)
            {
                (Limit, wait) = (LongestTurn, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }

        _over.CancelAfter(wait);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
