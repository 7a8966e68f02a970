namespace Swarm.Core.Engines;

/// <summary>How much of the reading of an engine may break before all of it is given up: a few answers are chance, many are an engine in trouble, and that is not to be asked on and on. Safe for concurrent use.</summary>
/// <param name="questions">How many questions a reading asks of which nothing is known before.</param>
internal sealed class ReadingTolerance(int questions)
{
    private readonly int _most = Most(questions);
    private int _broken;
    private int _repeats;

    /// <summary>Says how many answers may break, and as many may be asked for again: four, and one in eight beyond.</summary>
    public static int Most(int questions) => 4 + (questions / 8);

    /// <summary>Takes one of the repeats.</summary>
    /// <returns>Whether there was one left.</returns>
    public bool TryRepeat() => Interlocked.Increment(ref _repeats) <= _most;

    /// <summary>Notes that a question stays without an answer.</summary>
    /// <returns>Whether the reading can do without it.</returns>
    public bool Tolerates(EngineException error) =>
        error is not EngineUnreachableException unreachable || (!unreachable.NotSent && Interlocked.Increment(ref _broken) <= _most);
}
