using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>One change that would make a refused request fit.</summary>
/// <param name="Text">The change as a clause that follows "if".</param>
/// <param name="Request">The request that would fit; <see langword="null"/> when the change is not one of the request.</param>
internal sealed record Remedy(string Text, PlacementRequest? Request);
