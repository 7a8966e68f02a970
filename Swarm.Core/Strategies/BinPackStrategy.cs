using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>Prefers the healthiest and fullest node that still has room, then the one with the most containers.</summary>
internal sealed class BinPackStrategy : IRememberedStrategy
{
    private const int HealthFactor = 10;

    public string Name => StrategyNames.BinPack;

    public string? KeyOf(PlacementRequest request) => "";

    public NodeScore Prepare(PlacementContext context)
    {
        var resources = context.Request.Resources;
        return node => new PlacementScore(-Math.Max(NodeWeight.Of(node, resources, HealthFactor), -long.MaxValue), -node.ContainerCount);
    }
}
