using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

public sealed class StrategyTests
{
    [Test]
    public void Spread_prefers_the_healthier_then_the_emptier_then_the_one_with_fewer_containers()
    {
        var sick = A.Node("a", health: 67);
        var full = A.Node("b", usedMemory: 4 * A.GiB);
        var crowded = A.Node("c", containers: [A.Container("x")]);
        var empty = A.Node("d");

        Order(new SpreadStrategy(), A.Request(memory: A.GiB), sick, full, crowded, empty).Should().Equal("d", "c", "b", "a");
    }

    [Test]
    public void BinPack_prefers_the_healthier_then_the_fuller_then_the_one_with_more_containers()
    {
        var sick = A.Node("a", health: 67, usedMemory: 4 * A.GiB);
        var full = A.Node("b", usedMemory: 4 * A.GiB);
        var crowded = A.Node("c", containers: [A.Container("x")]);
        var empty = A.Node("d");

        Order(new BinPackStrategy(), A.Request(memory: A.GiB), sick, full, crowded, empty).Should().Equal("b", "c", "d", "a");
    }

    [Test]
    public void Scores_are_weights_and_container_counts()
    {
        var node = A.Node("n1", containers: [A.Container("x"), A.Container("y")]);

        new SpreadStrategy().Prepare(A.Context(A.Request()))(node).Should().Be(new PlacementScore(-800, 2));
        new BinPackStrategy().Prepare(A.Context(A.Request()))(node).Should().Be(new PlacementScore(-1200, -2));
    }

    [Test]
    public void The_lowest_weight_of_all_can_still_be_turned_round() =>
        new BinPackStrategy().Prepare(A.Context(A.Request()))(A.Node("n1", health: long.MinValue)).Primary.Should().Be(long.MaxValue);

    [Test]
    public void Random_gives_the_same_choice_for_the_same_seed_and_another_for_another()
    {
        var nodes = Enumerable.Range(0, 20).Select(i => A.Node($"n{i}")).ToArray();

        var orders = Enumerable.Range(0, 50).Select(seed => string.Join(',', Order(new RandomStrategy(), A.Request(), seed, nodes))).ToList();

        orders.Should().OnlyHaveUniqueItems();
        orders[7].Should().Be(string.Join(',', Order(new RandomStrategy(), A.Request(), 7, nodes)));
    }

    [TestCase(0, "", 6566800829925814604)]
    [TestCase(0, "n1", 8055882202647517443)]
    [TestCase(-1, "n1", -3575344767633895770)]
    [TestCase(42, "ABCD:EFGH", -5481307646461053508)]
    public void The_number_a_node_draws_is_the_same_on_every_machine_and_in_every_version(long seed, string id, long drawn) =>
        new RandomStrategy().Prepare(new PlacementContext(A.Request(), NodeSet.Empty, seed))(A.Node(id)).Should().Be(new PlacementScore(drawn));

    [Test]
    public void Random_gives_every_node_its_turn()
    {
        const int Seeds = 10_000;
        var nodes = Enumerable.Range(0, 10).Select(i => A.Node($"node-{i}")).ToArray();

        var wins = Enumerable.Range(0, Seeds).CountBy(seed => Order(new RandomStrategy(), A.Request(), seed, nodes)[0]).ToDictionary();

        // The expected 1,000 wins each have a standard deviation of 30.
        wins.Should().HaveCount(10);
        wins.Values.Should().OnlyContain(count => count > 850 && count < 1150);
    }

    [Test]
    public void A_node_draws_the_same_number_whoever_else_there_is() =>
        Gen.Select(Gen.Long, Gen.String).Sample((seed, id) =>
        {
            var alone = new RandomStrategy().Prepare(new PlacementContext(A.Request(), A.Nodes(A.Node(id)), seed))(A.Node(id));
            var among = new RandomStrategy().Prepare(new PlacementContext(A.Request(), A.Nodes(A.Node(id), A.Node(id + "x")), seed))(A.Node(id));
            return alone == among;
        });

    [Test]
    public void Classic_Swarms_other_name_of_binpack_is_known()
    {
        BuiltInStrategies.Canonical("binpacking").Should().Be("binpack");
        BuiltInStrategies.Canonical("spread").Should().Be("spread");
        BuiltInStrategies.All.Select(strategy => strategy.Name).Should().Equal("spread", "binpack", "random");
    }

    private static List<string> Order(IPlacementStrategy strategy, PlacementRequest request, params NodeView[] nodes) => Order(strategy, request, 0, nodes);

    private static List<string> Order(IPlacementStrategy strategy, PlacementRequest request, long seed, params NodeView[] nodes)
    {
        var score = strategy.Prepare(new PlacementContext(request, A.Nodes(nodes), seed));
        return [.. nodes.OrderBy(node => score(node)).Select(node => node.Id)];
    }
}
