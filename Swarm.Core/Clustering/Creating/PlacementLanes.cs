namespace Swarm.Core.Clustering;

/// <summary>Whose turn it is to decide.</summary>
internal sealed class PlacementLanes
{
    /// <summary>Gets whose turn it is among all requests.</summary>
    public PlacementLane All { get; } = new();

    /// <summary>Gets whose turn it is among requests that are dear to read or to decide: one of them at a time stands among all others.</summary>
    public PlacementLane Dear { get; } = new();
}
