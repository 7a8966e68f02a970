using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>What came of an attempt to reserve: one of the three is set.</summary>
internal readonly record struct ReserveOutcome(Reservation? Reservation, Rejection? Refused, string? NameHolder);
