using System.Collections.Immutable;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>The nodes that were refused for one reason.</summary>
internal sealed class ReasonGroup(int filter, ImmutableArray<Refusal> nodes)
{
    /// <summary>Gets the position of the filter; behind the last one when admission refused the nodes.</summary>
    public int Filter => filter;

    /// <summary>Gets the nodes, by ID.</summary>
    public ImmutableArray<Refusal> Nodes => nodes;

    /// <summary>Gets the reason with the numbers of the node that came closest.</summary>
    public Rejection Representative { get; } = nodes.MaxBy(refusal => refusal.Rejection.Free).Rejection;
}
