using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>What came of an attempt to hold something: one of the four is set.</summary>
/// <typeparam name="THold">What it is held for.</typeparam>
/// <param name="Hold">The hold.</param>
/// <param name="Rejection">Why the engine is no place for it.</param>
/// <param name="NameHolder">Who has the name.</param>
/// <param name="IsContainerUnknown">Whether nothing is known of the container that it was for.</param>
internal readonly record struct HoldOutcome<THold>(THold? Hold, Rejection? Rejection, string? NameHolder, bool IsContainerUnknown = false)
    where THold : Hold;
