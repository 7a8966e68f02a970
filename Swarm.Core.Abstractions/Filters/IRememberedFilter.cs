using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>A filter whose answers follow from the node and from a part of the request alone, so that a node is not asked about again until it changes.</summary>
/// <remarks>
/// Optional: a filter that does not implement it is asked anew with each placement, about the best nodes first, until one will do. This one is also asked about
/// nodes that those would refuse, whatever the order of the filters. What reads anything
/// beside the node and the request, such as a clock or a table of its own that changes, must not implement it: its answers would be kept.
/// </remarks>
public interface IRememberedFilter : IFilter
{
    /// <summary>Names the part of a request on which the answers depend: requests with the same key must get the same answer about the same node.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <returns>The key, short if possible; the empty text when nothing of the request matters. <see langword="null"/> to be asked anew for this request, for example because hardly any two are alike in this.</returns>
    string? KeyOf(PlacementRequest request);
}
