using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Something that keeps the picture of an engine from being complete.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">The same as a sentence, with the numbers.</param>
public sealed record EngineDegradation(EngineDegradationKind Kind, string Reason)
{
    /// <summary>Gets what it is as a sentence, with the numbers. Cleaned.</summary>
    public string Reason { get; init; } = CleanText.Of(Reason);

    /// <summary>Gets whether it keeps new work away from the engine: what is not counted could be over-committed.</summary>
    public bool BlocksNewWork => Kind is EngineDegradationKind.TooManyContainers or EngineDegradationKind.UnreadableContainers;
}
