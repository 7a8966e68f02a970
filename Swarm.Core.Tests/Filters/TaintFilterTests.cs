using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Filters;

public sealed class TaintFilterTests
{
    private static readonly TaintFilter _filter = new();

    [Test]
    public void A_node_without_taints_takes_everything() => Test(Tainted()).Should().BeNull();

    [Test]
    public void A_taint_that_is_not_tolerated_keeps_the_container_away()
    {
        var rejection = Test(Tainted("dedicated=gpu"));

        rejection.Should().Be(new Rejection("taint", "taint", "dedicated=gpu"));
        rejection.ToString().Should().Be("taint dedicated=gpu is not tolerated");
    }

    [Test]
    public void Every_taint_must_be_tolerated()
    {
        Test(Tainted("a=1", "b"), Toleration.Of("a")).Should().Be(new Rejection("taint", "taint", "b"));
        Test(Tainted("a=1", "b"), Toleration.Of("a"), Toleration.Of("b", "")).Should().BeNull();
        Test(Tainted("a=1", "b"), Toleration.Everything).Should().BeNull();
    }

    [Test]
    public void Without_any_node_it_leaves_the_complaint_to_another_filter() => _filter.Prepare(A.Context(A.Request())).Should().BeNull();

    [Test]
    public void It_describes_nothing_so_that_classic_Swarms_words_stay_what_they_are() =>
        _filter.Describe(A.Request() with { Tolerations = [Toleration.Everything] }).Should().BeEmpty();

    [Test]
    public void It_is_on_by_default_right_after_the_health()
    {
        BuiltInFilters.All.Select(filter => filter.Name).Should().StartWith(["health", "taint"]);
        BuiltInFilters.All.Where(filter => filter.Name != "taint").Should().Equal(BuiltInFilters.Classic);
    }

    [Test]
    public void What_would_help_is_to_tolerate_the_taint()
    {
        var result = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(Tainted("dedicated=gpu"), Tainted("dedicated=gpu", "x")));

        result.IsPlaced.Should().BeFalse();
        result.Explain().Should().Contain("2 of 2 nodes: taint dedicated=gpu is not tolerated")
            .And.Contain("It would fit if it tolerated the taint dedicated=gpu.");
    }

    [Test]
    public void A_node_that_takes_no_new_work_is_explained_with_the_reason()
    {
        var node = new NodeView { Id = "n", Name = "n", IsEligible = false, IneligibleReason = "repair until noon" };

        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(node)).Explain()
            .Should().Contain("1 of 1 nodes: the node takes no new work: repair until noon").And.Contain("No single change would make it fit.");
    }

    private static Rejection? Test(NodeView node, params Toleration[] tolerations) =>
        _filter.Prepare(A.Context(A.Request() with { Tolerations = [.. tolerations] }, node))!(node);

    private static NodeView Tainted(params string[] taints) => new()
    {
        Id = $"n{taints.Length}",
        Name = "n",
        Total = A.Node("x").Total,
        Taints = [.. taints.Select(text => text.Split('=')).Select(parts => new Taint(parts[0], parts.Length > 1 ? parts[1] : ""))],
    };
}
