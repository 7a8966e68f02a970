using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The outcome of a create that may find no node.</summary>
/// <param name="Placement">The decision, with reasons.</param>
/// <param name="Container">The container; <see langword="null"/> when no node would do.</param>
public sealed record CreateResult(PlacementResult Placement, ClusterContainer? Container)
{
    /// <summary>Gets whether the container was created.</summary>
    [MemberNotNullWhen(true, nameof(Container))]
    public bool IsCreated => Container is not null;
}
