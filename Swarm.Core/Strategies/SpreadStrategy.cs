using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>Prefers the healthiest and least loaded node, then the one with the fewest containers.</summary>
internal sealed class SpreadStrategy : IRememberedStrategy
{
    private const int HealthFactor = -10;

    public string Name => StrategyNames.Spread;

    public string? KeyOf(PlacementRequest request) => "";

    public NodeScore Prepare(PlacementContext context)
    {
        var resources = context.Request.Resources;
        return node => new PlacementScore(NodeWeight.Of(node, resources, HealthFactor), node.ContainerCount);
    }
}
