using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>A strategy whose scores follow from the node and from a part of the request alone, so that a node is not scored again until it changes.</summary>
/// <remarks>
/// Optional: a strategy that does not implement it scores every suitable node with each placement. This one also scores nodes that have room and that only filters
/// which are asked anew would refuse, such as those of ports and affinities. What reads anything beside the node and the request,
/// such as <see cref="PlacementContext.Seed"/>, a clock or the other nodes, must not implement it: its scores would be kept. Scores beyond 32 bits are not kept.
/// </remarks>
public interface IRememberedStrategy : IPlacementStrategy
{
    /// <summary>Names the part of a request on which the scores depend, beside <see cref="PlacementRequest.Resources"/>: requests with the same key and resources must give the same node the same score.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <returns>The key, short if possible; the empty text when only the resources matter. <see langword="null"/> to score anew for this request.</returns>
    string? KeyOf(PlacementRequest request);
}
