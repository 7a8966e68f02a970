using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Something that keeps the picture of an engine from being complete, or will do so before long.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">The same as a sentence, with the numbers.</param>
public sealed record EngineDegradation(EngineDegradationKind Kind, string Reason)
{
    /// <summary>Gets what it is as a sentence, with the numbers. Cleaned.</summary>
    public string Reason { get; init; } = CleanText.Of(Reason);

    /// <summary>Gets how much there is, as far as that is known: bytes of memory where memory is what lacks, containers, images, networks or volumes where there are too many, else 0.</summary>
    public long Observed { get; init; }

    /// <summary>Gets how much of it is kept at most, in the same unit; 0 where nothing is counted.</summary>
    public long Limit { get; init; }

    /// <summary>Gets whether it keeps new work away from the engine: what is not counted could be over-committed.</summary>
    public bool BlocksNewWork => Kind is EngineDegradationKind.TooManyContainers or EngineDegradationKind.UnreadableContainers or EngineDegradationKind.AbridgedContainers;
}
