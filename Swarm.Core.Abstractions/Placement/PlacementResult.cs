using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>The outcome of one decision: the chosen node, or why there is none. A value; "no" is not an exception here.</summary>
/// <remarks>
/// The full order and the reasons are worked out from the immutable nodes of the decision when they are first read, so a placement that
/// nobody asks about does not pay for them; filters and strategies are called again then. Safe for concurrent use.
/// </remarks>
public sealed class PlacementResult
{
    private readonly PlacementDetails _details;
    private readonly RankedNode? _best;

    internal PlacementResult(PlacementRequest request, RankedNode? best, bool softRulesDropped, PlacementDetails details)
    {
        _best = best;
        Request = request;
        Node = best?.Node;
        Score = best?.Score ?? default;
        UnmetSoftRules = best?.UnmetSoftRules ?? 0;
        SoftRulesDropped = softRulesDropped;
        _details = details;
    }

    /// <summary>Gets what was to be placed, soft rules included. Where a node was found, <see cref="PlacementRequest.PortBindings"/> has the port that was chosen of each range of host ports.</summary>
    public PlacementRequest Request { get; }

    /// <summary>Gets the best node; <see langword="null"/> when no node will do.</summary>
    public NodeView? Node { get; }

    /// <summary>Gets the score of the best node; meaningless when there is none.</summary>
    public PlacementScore Score { get; }

    /// <summary>Gets whether a node was found.</summary>
    [MemberNotNullWhen(true, nameof(Node))]
    public bool IsPlaced => Node is not null;

    /// <summary>Gets whether the soft rules had to be left out. One that no node meets drops them all, as in classic Swarm.</summary>
    public bool SoftRulesDropped { get; }

    /// <summary>Gets whether the host program's own wishes had to be left out: soft ones of <see cref="PlacementOptions.Constraints"/>.</summary>
    public bool HostWishesDropped { get; internal init; }

    /// <summary>Gets how many soft rules the best node does not meet. 0 unless they are counted: <see cref="SoftRuleMode.MostMet"/>.</summary>
    public int UnmetSoftRules { get; }

    // How many steps of work the decision took; 0 where they were not counted.
    internal long Steps { get; init; }

    /// <summary>Gets the nodes that will do, best first.</summary>
    /// <exception cref="PlacementPluginException">A filter or strategy threw.</exception>
    public ImmutableArray<RankedNode> Ranking => _details.Ranking;

    /// <summary>Gets the nodes that will not do, by node ID, each with the first reason found.</summary>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public ImmutableArray<NodeRejection> Rejections => _details.Rejections;

    /// <summary>Gets the reasons with the number of nodes each rejected, most common first.</summary>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public ImmutableArray<RejectionCount> RejectionCounts => _details.RejectionCounts;

    /// <summary>Gets what classic Swarm would say, byte for byte, for its clients; <see langword="null"/> when a node was found. It repeats the request as it was given: to show it to people, take <see cref="Explain"/>. A decision that was given up (<see cref="RejectionCodes.TooExpensive"/>) says so here: classic Swarm has no words for it.</summary>
    public string? ClassicMessage => _details.ClassicMessage;

    /// <summary>Explains the outcome to people: the node, or classic Swarm's message followed by the reasons and what would make the request fit.</summary>
    /// <returns>The text, cleaned; several lines when no node was found.</returns>
    /// <exception cref="PlacementPluginException">A filter or strategy threw.</exception>
    public string Explain() => _details.Explain();

    /// <summary>Returns the same outcome as whoever wrote the configuration may see it: without the host program's own conditions.</summary>
    /// <returns>
    /// The outcome of the same decision as if the nodes that those conditions rule out were not part of the cluster: they are neither in the ranking nor in
    /// the reasons, nor counted, and nothing that is said would make the request fit is about them. The chosen node is the same. What a host's own filters
    /// and strategies say of the others stays as it is.
    /// </returns>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public PlacementResult ForTenant() =>
        Request.Conditions is null ? this : new PlacementResult(Request.ForTenant(), _best is { } best ? best with { UnmetWishes = 0 } : null, SoftRulesDropped, _details.ForTenant());
}
