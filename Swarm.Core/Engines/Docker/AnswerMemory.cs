using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>How much memory the answers of one engine take that are under way. Each has a limit of its own; many at once are to have one too. Safe for concurrent use.</summary>
/// <param name="most">The most bytes that all of them together may take.</param>
internal sealed class AnswerMemory(long most = AnswerMemory.Most)
{
    /// <summary>
    /// What they may take: two of the longest inspections in their turn and as many as are ever under way beside them at what they hold when they wait
    /// (<see cref="AnswerShare.Long"/>); or the longest list that there may be, and one of those. What comes on top of that is refused, and asked for again.
    /// While a buffer grows the former one is there for a moment, which is not counted.
    /// </summary>
    public const long Most = 128L * 1024 * 1024;

    // One that stalls must not hold up all others, and of the longest two are half of what there is.
    private const int LongAtOnce = 2;

    private long _taken;

    /// <summary>Gets what they may take.</summary>
    public long Limit => most;

    /// <summary>Gets the turns of long answers.</summary>
    public AsyncSemaphore LongAnswers { get; } = new(LongAtOnce);

    /// <summary>Takes some.</summary>
    /// <returns>Whether there was as much left; if not, nothing is taken.</returns>
    public bool TryTake(long bytes)
    {
        var taken = Volatile.Read(ref _taken);
        while (bytes <= most - taken)
        {
            // Never more than there is, not even for a moment: another would be refused for what this one does not get.
            var found = Interlocked.CompareExchange(ref _taken, taken + bytes, taken);
            if (found == taken)
            {
                return true;
            }

            taken = found;
        }

        return false;
    }

    /// <summary>Gives some back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
