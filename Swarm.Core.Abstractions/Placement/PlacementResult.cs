using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>The outcome of one decision: the chosen node, or why there is none. A value; "no" is not an exception here.</summary>
/// <remarks>
/// The full order and the reasons are worked out from the immutable nodes of the decision when they are first read, so a placement that
/// nobody asks about does not pay for them.
/// </remarks>
public abstract class PlacementResult
{
    private protected PlacementResult(PlacementRequest request, NodeView? chosen, PlacementScore score)
    {
        Request = request;
        Node = chosen;
        Score = score;
    }

    /// <summary>Gets what was to be placed.</summary>
    public PlacementRequest Request { get; }

    /// <summary>Gets the best node; <see langword="null"/> when no node will do.</summary>
    public NodeView? Node { get; }

    /// <summary>Gets the score of the best node; meaningless when there is none.</summary>
    public PlacementScore Score { get; }

    /// <summary>Gets whether a node was found.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Node))]
    public bool IsPlaced => Node is not null;

    /// <summary>Gets whether the soft rules had to be left out.</summary>
    public abstract bool SoftRulesDropped { get; }

    /// <summary>Gets the nodes that will do, best first.</summary>
    /// <exception cref="PlacementPluginException">A filter or strategy threw.</exception>
    public abstract ImmutableArray<RankedNode> Ranking { get; }

    /// <summary>Gets the nodes that will not do, by node ID, each with the first reason found.</summary>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public abstract ImmutableArray<NodeRejection> Rejections { get; }

    /// <summary>Gets the reasons with the number of nodes each refused, most common first.</summary>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public abstract ImmutableArray<RejectionCount> RejectionCounts { get; }

    /// <summary>Gets what classic Swarm would say, byte for byte; <see langword="null"/> when a node was found.</summary>
    public abstract string? ClassicMessage { get; }

    /// <summary>Explains the outcome to people: the node, or classic Swarm's message followed by the reasons and what would make the request fit.</summary>
    /// <returns>The text; several lines when no node was found.</returns>
    public abstract string Explain();
}
