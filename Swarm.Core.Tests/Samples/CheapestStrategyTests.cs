using Acme.Placement;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Samples;

public class CheapestStrategyTests
{
    [TestCase("0.35", "0.4")]
    [TestCase("0", "0.000001")]
    [TestCase("1000", "")]
    [TestCase("1000", "cheap")]
    [TestCase("1000", "-1")]
    [TestCase("1000", "79228162514264337593543950335")]
    public void A_lower_price_is_better_and_one_that_cannot_be_read_is_last(string better, string worse)
    {
        (Score(Node(better, 9)) < Score(Node(worse, 0))).Should().BeTrue();
    }

    [Test]
    public void Between_equal_prices_the_node_with_fewer_containers_is_better()
    {
        (Score(Node("0.5", 1)) < Score(Node("0.50", 2))).Should().BeTrue();
    }

    private static PlacementScore Score(NodeView node) =>
        new CheapestStrategy().Prepare(new PlacementContext(new PlacementRequest(), NodeSet.Empty))(node);

    private static NodeView Node(string price, int containers) =>
        new() { Id = "1", Name = "one", ContainerCount = containers, Labels = LabelSet.Create(KeyValuePair.Create(CheapestStrategy.NodeLabel, price)) };
}
