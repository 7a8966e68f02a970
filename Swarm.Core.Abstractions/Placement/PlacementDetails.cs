using System.Collections.Immutable;

namespace Swarm.Core.Placement;

/// <summary>What a <see cref="PlacementResult"/> can tell beyond the chosen node; worked out when it is asked for.</summary>
internal abstract class PlacementDetails
{
    public abstract ImmutableArray<RankedNode> Ranking { get; }

    public abstract ImmutableArray<NodeRejection> Rejections { get; }

    public abstract ImmutableArray<RejectionCount> RejectionCounts { get; }

    public abstract string? ClassicMessage { get; }

    public abstract string Explain();

    /// <summary>Returns the details of the same outcome without what the host program demands itself.</summary>
    public virtual PlacementDetails ForTenant() => this;
}
