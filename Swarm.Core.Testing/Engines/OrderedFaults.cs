namespace Swarm.Core.Testing;

/// <summary>The faults of an in-memory engine that were ordered one by one: those of the next calls, and the kinds of calls that fail for the time being. Thread-safe.</summary>
internal sealed class OrderedFaults
{
    private readonly Lock _gate = new();
    private readonly List<OrderedFault> _faults = [];
    private readonly List<EngineWeakness> _weaknesses = [];

    /// <summary>Lets a call to come fail.</summary>
    public void Order(OrderedFault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Lets one kind of call fail until <see cref="Mend"/>.</summary>
    public void Weaken(EngineWeakness weakness)
    {
        lock (_gate)
        {
            _weaknesses.Add(weakness);
        }
    }

    /// <summary>Ends what <see cref="Weaken"/> began.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _weaknesses.Clear();
        }
    }

    /// <summary>Takes the next fault that was ordered for an operation.</summary>
    public OrderedFault? Take(EngineOperation operation)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => fault.Operation is null || fault.Operation == operation);
            if (index < 0)
            {
                return null;
            }

            var fault = _faults[index];
            _faults.RemoveAt(index);
            return fault;
        }
    }

    /// <summary>Finds what makes an operation fail for the time being.</summary>
    public EngineWeakness? FindWeakness(EngineOperation operation, string? subject)
    {
        lock (_gate)
        {
            return _weaknesses.Find(weakness => weakness.Operation == operation && (weakness.ContainerId is null || string.Equals(weakness.ContainerId, subject, StringComparison.Ordinal)));
        }
    }
}
