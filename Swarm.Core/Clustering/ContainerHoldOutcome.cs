using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>What came of an attempt to hold something for a container that exists: one of the four is set.</summary>
internal readonly record struct ContainerHoldOutcome(ContainerHold? Hold, Rejection? Refused, string? NameHolder, bool IsUnheardOf = false);
