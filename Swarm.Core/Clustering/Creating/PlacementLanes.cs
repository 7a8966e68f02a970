namespace Swarm.Core.Clustering;

/// <summary>The two lanes of placement: every decision is made in the common one, and expensive requests come to that one at a time.</summary>
internal sealed class PlacementLanes
{
    /// <summary>Gets the common lane: whoever has the turn there decides.</summary>
    public PlacementLane All { get; } = new();

    /// <summary>Gets the lane of requests that are expensive to read or to decide: of them only the one that has the turn here stands in the common lane.</summary>
    public PlacementLane Expensive { get; } = new();
}
