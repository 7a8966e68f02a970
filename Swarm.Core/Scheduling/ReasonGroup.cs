using System.Collections.Immutable;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>The nodes that were rejected for one reason.</summary>
internal sealed class ReasonGroup(int filter, ImmutableArray<RejectedNode> nodes)
{
    /// <summary>Gets the position of the filter; behind the last one when admission rejected the nodes.</summary>
    public int Filter => filter;

    /// <summary>Gets the nodes, by ID.</summary>
    public ImmutableArray<RejectedNode> Nodes => nodes;

    /// <summary>Gets the reason with the numbers of the node that came closest.</summary>
    public Rejection Representative { get; } = nodes.MaxBy(node => node.Rejection.Free).Rejection;
}
