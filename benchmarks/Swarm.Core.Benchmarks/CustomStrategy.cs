using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Benchmarks;

/// <summary>A strategy as a host would write one: the fewest containers first.</summary>
internal sealed class CustomStrategy : IPlacementStrategy
{
    public const string StrategyName = "fewest";

    public string Name => StrategyName;

    public NodeScore Prepare(PlacementContext context) => node => new PlacementScore(node.ContainerCount);
}
