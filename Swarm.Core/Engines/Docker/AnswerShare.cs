namespace Swarm.Core.Engines;

/// <summary>What one answer takes of the memory that the answers of its engine may take together.</summary>
/// <param name="memory">What they may take; <see langword="null"/> where this one is not counted.</param>
internal sealed class AnswerShare(AnswerMemory? memory) : IDisposable
{
    /// <summary>How many bytes of each answer are not counted: what says that something was done must be read, however much is being looked at beside it.</summary>
    public const int Uncounted = 64 * 1024;

    /// <summary>How long an answer may be that does not wait for its turn. What waits goes on holding that much, so all that wait together must leave room for others.</summary>
    public const int Long = 1024 * 1024;

    private long _counted;

    /// <summary>Gets whether the answer has its turn.</summary>
    public bool HasTurn { get; private set; }

    /// <summary>Waits until the answer may become as long: few that are long are read at a time, so that they leave room for others.</summary>
    /// <param name="bytes">How many bytes it is to have room for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        if (memory is not null && bytes > Long && !HasTurn)
        {
            await memory.LongAnswers.WaitAsync(cancellationToken);
            HasTurn = true;
        }
    }

    /// <summary>Says how much the answer takes from now on.</summary>
    /// <param name="bytes">How many bytes that is.</param>
    /// <returns>Whether there was as much left; if not, it still takes what it took.</returns>
    public bool TryHold(long bytes)
    {
        var wanted = Math.Max(0, bytes - Uncounted);
        if (memory is null || wanted == _counted)
        {
            return true;
        }

        if (wanted > _counted && !memory.TryTake(wanted - _counted))
        {
            return false;
        }

        if (wanted < _counted)
        {
            memory.Give(_counted - wanted);
        }

        _counted = wanted;
        return true;
    }

    /// <summary>Gives everything back. More than once does no harm.</summary>
    public void Dispose()
    {
        memory?.Give(_counted);
        _counted = 0;
        if (HasTurn)
        {
            HasTurn = false;
            memory!.LongAnswers.Release();
        }
    }
}
