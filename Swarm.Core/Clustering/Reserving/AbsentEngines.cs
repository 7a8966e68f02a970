namespace Swarm.Core.Clustering;

/// <summary>The engines that are gone and on which something is left open: nobody knows what became of it. Guarded by the ledger's lock.</summary>
/// <param name="time">The clock of the cluster.</param>
internal sealed class AbsentEngines(TimeProvider time)
{
    // How long what was left open on an engine is remembered after that is gone: it may come back, but most never do.
    private static readonly TimeSpan _holdTime = TimeSpan.FromDays(1);

    private readonly HashSet<EngineHolds> _engines = [];

    // When the first of what is open was left so; none of it is looked at before that is long enough ago.
    private long _since = long.MaxValue;

    /// <summary>Adds an engine that is gone, or what was left open on it since.</summary>
    public void Add(EngineHolds engine)
    {
        _engines.Add(engine);
        _since = engine.Unshown.Count > 0 ? Math.Min(_since, engine.LeftAt) : _since;
        foreach (var hold in engine.All)
        {
            _since = hold.Stage is HoldStage.Unknown ? Math.Min(_since, hold.StageSince) : _since;
        }
    }

    /// <summary>The engine is back, or nothing is open on it any more.</summary>
    public void Remove(EngineHolds engine) => _engines.Remove(engine);

    /// <summary>Returns the engines when something on one of them is due to be forgotten; none before.</summary>
    public EngineHolds[] TakeDue()
    {
        if (_since == long.MaxValue || time.GetElapsedTime(_since) < _holdTime)
        {
            return [];
        }

        _since = long.MaxValue;
        return [.. _engines];
    }

    /// <summary>Tells whether a hold was left open long enough ago.</summary>
    public bool IsForgotten(Hold hold) => hold.Stage is HoldStage.Unknown && time.GetElapsedTime(hold.StageSince) >= _holdTime;

    /// <summary>Tells whether an engine has been gone for long enough.</summary>
    public bool IsForgotten(EngineHolds engine) => time.GetElapsedTime(engine.LeftAt) >= _holdTime;
}
