namespace Swarm.Core.Clustering;

/// <summary>Something promised to work on one engine that is under way. Whoever does the work says once what became of it; to dispose of it without that means that nobody knows.</summary>
/// <param name="ledger">The ledger it is kept in.</param>
/// <param name="engineId">The engine, by its ID in the cluster.</param>
/// <param name="name">The name held, or <see langword="null"/>.</param>
internal abstract class Hold(ReservationLedger ledger, string engineId, string? name) : IDisposable
{
    /// <summary>Gets the name held, or <see langword="null"/>.</summary>
    public string? Name { get; } = name;

    /// <summary>Gets what it is for, in a word for whoever wants the name.</summary>
    public abstract string Purpose { get; }

    // The ledger writes what follows, under its lock.
    /// <summary>Gets the engine. Another one only where two turn out to be one daemon.</summary>
    public string EngineId { get; set; } = engineId;

    public HoldStage Stage { get; set; }

    /// <summary>Gets when it came to its stage, as a timestamp.</summary>
    public long StageSince { get; set; }

    public HoldClock Clock { get; set; }

    /// <summary>Gets the ledger it is kept in.</summary>
    protected ReservationLedger Ledger => ledger;

    /// <summary>The engine surely did not do it.</summary>
    public void Release() => ledger.Release(this);

    /// <summary>Nobody knows whether the engine did it: held until it was read late enough.</summary>
    public void MarkUnknown() => ledger.MarkUnknown(this);

    public void Dispose() => MarkUnknown();
}
