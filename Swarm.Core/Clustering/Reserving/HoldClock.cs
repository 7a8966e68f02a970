namespace Swarm.Core.Clustering;

/// <summary>How long an engine has to have answered since it was asked for something before it is believed that nothing more will come of that. The clock stands while the engine does not answer.</summary>
/// <param name="Begin">How long the engine had answered in all when the clock began.</param>
/// <param name="Length">How much longer it has to.</param>
internal readonly record struct HoldClock(TimeSpan Begin, TimeSpan Length)
{
    /// <summary>Tells whether it has run off.</summary>
    /// <param name="answered">How long the engine has answered in all.</param>
    public bool HasRunOff(TimeSpan answered) => answered - Begin >= Length;
}
