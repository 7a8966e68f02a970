namespace Swarm.Core.Engines;

/// <summary>What one engine wants of the memory that there is for all. Safe for concurrent use.</summary>
/// <param name="budget">The memory that there is.</param>
internal sealed class MemoryAccount(MemoryBudget budget)
{
    private readonly Lock _gate = new();
    private long _state;
    private long _reading;
    private long _held;
    private long _counted;
    private bool _isClosed;

    /// <summary>Gets what the engine may take now.</summary>
    public long Allowance => budget.Allowance;

    /// <summary>Says what the state of the engine would take whole.</summary>
    /// <returns>Whether others may take less now.</returns>
    public bool State(long wanted)
    {
        lock (_gate)
        {
            _state = wanted;
            return Count();
        }
    }

    /// <summary>Says what a reading that is under way would take whole, as far as it has come; 0 at its end.</summary>
    /// <returns>Whether others may take less now.</returns>
    public bool Reading(long wanted)
    {
        lock (_gate)
        {
            _reading = wanted;
            return Count();
        }
    }

    /// <summary>Says what is kept of the engine while it is kept waiting, beside its state, to tell it from others; 0 when it takes part.</summary>
    /// <returns>Whether others may take less now.</returns>
    public bool Held(long bytes)
    {
        lock (_gate)
        {
            _held = bytes;
            return Count();
        }
    }

    /// <summary>Gives everything back; what is said afterwards has no effect.</summary>
    public void Close()
    {
        lock (_gate)
        {
            (_state, _reading, _held) = (0, 0, 0);
            Count();
            _isClosed = true;
        }
    }

    private bool Count()
    {
        var wanted = Math.Max(_state, _reading) + _held;
        if (_isClosed || wanted == _counted)
        {
            return false;
        }

        var before = _counted;
        _counted = wanted;
        return budget.Change(before, wanted);
    }
}
