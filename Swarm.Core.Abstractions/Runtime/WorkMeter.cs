namespace Swarm.Core.Runtime;

/// <summary>Counts the steps of one piece of work, and ends it when they are too many or nobody waits for it any more. For one thread.</summary>
/// <remarks>
/// Steps and not time: the same work is refused everywhere and always, however fast the machine is and whatever else it does. A step is what takes
/// some nanoseconds: a text compared, an instruction of a regular expression followed at one character. What costs more spends more, before it begins.
/// </remarks>
/// <param name="budget">How many steps it may take.</param>
/// <param name="cancellationToken">Gives up; looked at every few thousand steps.</param>
internal sealed class WorkMeter(long budget, CancellationToken cancellationToken = default)
{
    /// <summary>How many steps there may be between two looks at the token.</summary>
    public const int StepsPerLook = 4096;

    private long _lookAt = Math.Min(budget + 1, StepsPerLook);

    /// <summary>Gets how many steps it may take.</summary>
    public long Budget => budget;

    /// <summary>Gets how many it has taken.</summary>
    public long Spent { get; private set; }

    /// <summary>Makes another one, for work of the same kind that is counted by itself.</summary>
    public WorkMeter Another() => new(budget, cancellationToken);

    /// <summary>Takes steps.</summary>
    /// <param name="steps">How many.</param>
    /// <exception cref="WorkEndedException">They are too many, or the caller gave up.</exception>
    public void Spend(long steps)
    {
        var spent = Spent + steps;
        if (spent >= _lookAt)
        {
            Look(spent);
        }

        Spent = spent;
    }

    /// <summary>Lets what is still worked out later take what it takes: no more than what was within the budget took.</summary>
    public void Release() => _lookAt = long.MaxValue;

    private void Look(long spent)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new WorkEndedException(isCancelled: true);
        }

        if (spent > budget)
        {
            throw new WorkEndedException(isCancelled: false);
        }

        _lookAt = Math.Min(budget + 1, spent + StepsPerLook);
    }
}
