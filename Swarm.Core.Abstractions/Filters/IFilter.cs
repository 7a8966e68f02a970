using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Decides which nodes may run a container.</summary>
/// <remarks>
/// Shared by concurrent placements and never called under a lock: keep no state between calls. A filter that throws fails that one
/// placement with <see cref="PlacementPluginException"/>; the cluster lives on.
/// </remarks>
public interface IFilter
{
    /// <summary>Gets the name that selects the filter in the options, for example <c>constraint</c>. Two filters of one cluster may not share one.</summary>
    string Name { get; }

    /// <summary>Reads the request once and returns the test that every node must pass.</summary>
    /// <param name="context">What is to be placed, and where it could go.</param>
    /// <returns>The test, or <see langword="null"/> when the request gives this filter nothing to check.</returns>
    NodeTest? Prepare(PlacementContext context);

    /// <summary>Lists the conditions the filter checks for a request, for the error text when no node will do.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <returns>The conditions in words; empty when there are none.</returns>
    IReadOnlyList<string> Describe(PlacementRequest request);
}
