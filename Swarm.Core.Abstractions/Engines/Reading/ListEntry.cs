namespace Swarm.Core.Engines;

/// <summary>What an engine's list says of one container, to be held against what it says later.</summary>
/// <param name="Content">A fingerprint of all of it that does not change by itself.</param>
/// <param name="Seconds">How long the container has been doing what it does, as the engine rounds it; 0 where it does not say.</param>
internal readonly record struct ListEntry(ulong Content, long Seconds)
{
    /// <summary>Tells whether the list says the same as before: time may have passed, but not have begun anew.</summary>
    public bool IsAsBefore(ListEntry before) => Content == before.Content && Seconds >= before.Seconds;
}
