using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps engines that answer.</summary>
internal sealed class HealthFilter : IRememberedFilter
{
    public string Name => FilterNames.Health;

    public NodeTest? Prepare(PlacementContext context) => static node =>
        node.HealthIndicator > 0 ? null : new Rejection(FilterNames.Health, RejectionCodes.Unhealthy);

    public string? KeyOf(PlacementRequest request) => "";

    public IReadOnlyList<string> Describe(PlacementRequest request) => [];
}
