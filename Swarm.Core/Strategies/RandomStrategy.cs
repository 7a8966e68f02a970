using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>Prefers any node: each one draws a number from the seed and its ID, so the choice depends on neither the order nor the number of the nodes.</summary>
internal sealed class RandomStrategy : IPlacementStrategy
{
    public string Name => StrategyNames.Random;

    public NodeScore Prepare(PlacementContext context)
    {
        var seed = context.Seed;
        return node => new PlacementScore(unchecked((long)SeededDraw.Of(seed, node.Id)));
    }
}
