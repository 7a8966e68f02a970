using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Placement;

/// <summary>Everything one decision is made from. Handed to filters and strategies when they prepare; it may grow, so that their signatures need not.</summary>
public sealed class PlacementContext
{
    /// <summary>Creates the context of a decision.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <param name="nodes">The nodes of the cluster at the moment of the decision.</param>
    /// <param name="seed">The number from which every random choice of this decision follows.</param>
    public PlacementContext(PlacementRequest request, NodeSet nodes, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(nodes);
        Request = request;
        Nodes = nodes;
        Seed = seed;
    }

    /// <summary>Gets what is to be placed. In the second pass its soft rules have been left out.</summary>
    public PlacementRequest Request { get; }

    /// <summary>Gets the nodes of the cluster at the moment of the decision, before any filter.</summary>
    public NodeSet Nodes { get; }

    /// <summary>Gets the number from which every random choice of this decision follows: the same seed, request and nodes give the same outcome.</summary>
    public long Seed { get; }

    // Counts what the library's own filters do; null for a request whose work is known to be small. A host's own are not held to it.
    internal WorkMeter? Meter { get; init; }
}
