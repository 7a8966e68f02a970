using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Builders;

/// <summary>A strategy of a host, made of a function.</summary>
internal sealed class TestStrategy(string name, Func<PlacementContext, NodeScore> prepare) : IPlacementStrategy
{
    public TestStrategy(string name, Func<NodeView, long> score)
        : this(name, _ => node => new PlacementScore(score(node)))
    {
    }

    public string Name => name;

    public NodeScore Prepare(PlacementContext context) => prepare(context);
}
