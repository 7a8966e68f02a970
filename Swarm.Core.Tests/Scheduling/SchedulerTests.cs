using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class SchedulerTests
{
    [Test]
    public void The_best_node_by_the_default_strategy_is_chosen()
    {
        var result = Place(A.Request(memory: A.GiB), A.Node("n1", usedMemory: 4 * A.GiB), A.Node("n2"), A.Node("n3", usedMemory: A.GiB));

        result.IsPlaced.Should().BeTrue();
        result.Node!.Id.Should().Be("n2");
        result.Score.Should().Be(new PlacementScore(100 + 12 - 1000, 0));
        result.Ranking.Select(ranked => ranked.Node.Id).Should().Equal("n2", "n3", "n1");
        result.SoftRulesDropped.Should().BeFalse();
        result.ClassicMessage.Should().BeNull();
        result.Rejections.Should().BeEmpty();
        result.RejectionCounts.Should().BeEmpty();
    }

    [Test]
    public void Ties_are_broken_by_the_ID_ordinally()
    {
        var result = Place(A.Request(), A.Node("b"), A.Node("B"), A.Node("a"));

        result.Node!.Id.Should().Be("B");
        result.Ranking.Select(ranked => ranked.Node.Id).Should().Equal("B", "a", "b");
    }

    [Test]
    public void Many_ties_are_ranked_by_the_ID_too() =>
        Place(A.Request(), [.. Enumerable.Range(100, 200).Select(i => A.Node($"n{i}", containers: i % 2 == 0 ? [] : [A.Container("x")]))]).Ranking
            .Select(ranked => ranked.Node.Id)
            .Should().Equal(Enumerable.Range(100, 200).OrderBy(i => i % 2).Select(i => $"n{i}"));

    [Test]
    public void A_request_may_ask_for_another_strategy()
    {
        var nodes = new[] { A.Node("n1"), A.Node("n2", usedMemory: A.GiB) };

        Place(A.Request(memory: A.GiB, strategy: "binpack"), nodes).Node!.Id.Should().Be("n2");
        Place(A.Request(memory: A.GiB, strategy: "binpacking"), nodes).Node!.Id.Should().Be("n2");
        Place(A.Request(memory: A.GiB, strategy: "spread"), nodes).Node!.Id.Should().Be("n1");
    }

    [Test]
    public void A_strategy_that_does_not_exist_is_refused_by_name()
    {
        var place = () => Place(A.Request(strategy: "best"), A.Node("n1"));

        place.Should().Throw<InvalidRequestException>().WithMessage("There is no strategy 'best'; known are binpack, random, spread.")
            .Which.Field.Should().Be("Strategy");
    }

    [Test]
    public void A_default_strategy_must_exist()
    {
        var make = () => new Scheduler([], BuiltInStrategies.All, "best");

        make.Should().Throw<ArgumentException>().WithMessage("There is no strategy 'best'.*");
        new Scheduler([], BuiltInStrategies.All, "binpacking").Place(A.Request(), A.Nodes(A.Node("n1"))).IsPlaced.Should().BeTrue();
    }

    [Test]
    public void Two_strategies_may_not_share_a_name()
    {
        var make = () => new Scheduler([], [new SpreadStrategy(), new SpreadStrategy()], "spread");

        make.Should().Throw<ArgumentException>();
    }

    [Test]
    public void Soft_rules_are_kept_where_a_node_meets_them_all()
    {
        var result = Place(A.Request(constraints: ["node==~n2"]), A.Node("n1"), A.Node("n2", containers: [A.Container("a")]));

        result.Node!.Id.Should().Be("n2");
        result.SoftRulesDropped.Should().BeFalse();
    }

    [Test]
    public void One_soft_rule_that_no_node_meets_drops_them_all_and_no_hard_one()
    {
        var request = A.Request(constraints: ["node==~n2", "storage==~ssd", "region==eu"]);

        var result = Place(request, A.Node("n1", labels: ["region=eu"]), A.Node("n2", labels: ["region=us"]));

        result.Node!.Id.Should().Be("n1");
        result.SoftRulesDropped.Should().BeTrue();
        result.Request.Should().BeSameAs(request);
    }

    [Test]
    public void Soft_rules_are_dropped_too_when_only_a_node_without_room_meets_them()
    {
        var result = Place(A.Request(cpus: 2, constraints: ["node==~n1"]), A.Node("n1", cpus: 1), A.Node("n2", cpus: 2));

        result.Node!.Id.Should().Be("n2");
        result.SoftRulesDropped.Should().BeTrue();
    }

    [Test]
    public void In_the_second_pass_filters_see_a_request_without_soft_rules()
    {
        var seen = new List<bool>();
        var filter = new TestFilter("watch", context =>
        {
            seen.Add(context.Request.HasSoftRules);
            return null;
        });
        var scheduler = new Scheduler([filter, new ConstraintFilter()], BuiltInStrategies.All, "spread");

        scheduler.Place(A.Request(constraints: ["node==~x"]), A.Nodes(A.Node("n1")));

        seen.Should().Equal(true, false);
    }

    [Test]
    public void Filters_strategies_and_seeds_of_a_host_are_used()
    {
        var seeds = new List<long>();
        var filter = new TestFilter("odd", node => node.Id != "n2");
        var strategy = new TestStrategy("last", (PlacementContext context) =>
        {
            seeds.Add(context.Seed);
            return node => new PlacementScore(-node.Id[1]);
        });
        var scheduler = new Scheduler([filter], [strategy], "last");

        var result = scheduler.Place(A.Request(), A.Nodes(A.Node("n1"), A.Node("n2"), A.Node("n0")), seed: 42);

        result.Node!.Id.Should().Be("n1");
        result.Rejections.Single().Rejection.Should().Be(new Rejection("odd", "test"));
        seeds.Should().Equal(42);
    }

    [TestCase("spread")]
    [TestCase("binpack")]
    [TestCase("random")]
    public void Room_ports_and_slots_are_checked_whatever_filters_and_strategies_are_in_use(string strategy)
    {
        var scheduler = new Scheduler([], BuiltInStrategies.All, strategy);
        var node = A.Node("n1", memory: A.GiB, labels: ["containerslots=2"], containers: [A.Container("web", ports: [A.Port("80")])]);

        scheduler.Place(A.Request(memory: 2 * A.GiB), A.Nodes(node)).IsPlaced.Should().BeFalse();
        scheduler.Place(A.Request(ports: [A.Port("80")]), A.Nodes(node)).IsPlaced.Should().BeFalse();
        scheduler.Place(A.Request(), A.Nodes(node)).IsPlaced.Should().BeTrue();
        scheduler.Place(A.Request(), A.Nodes(A.Node("n1", labels: ["containerslots=0"]))).IsPlaced.Should().BeFalse();
    }

    [Test]
    public void The_reasons_say_which_node_was_refused_by_what()
    {
        var result = Place(
            A.Request(memory: 2 * A.GiB, constraints: ["region==eu"]),
            A.Node("n4", labels: ["region=eu"], memory: A.GiB),
            A.Node("n3", labels: ["region=us"], memory: A.GiB),
            A.Node("n2", labels: ["region=us"]),
            A.Node("n1", health: 0));

        result.IsPlaced.Should().BeFalse();
        result.Node.Should().BeNull();
        result.Rejections.Select(rejected => (rejected.Node.Id, rejected.Rejection.Code, rejected.Rejection.Subject)).Should().Equal(
            ("n1", "unhealthy", null),
            ("n2", "constraint", "region==eu"),
            ("n3", "constraint", "region==eu"),
            ("n4", "resources", "memory"));
        result.RejectionCounts.Should().Equal(
            new RejectionCount("constraint", "constraint", "region==eu", 2),
            new RejectionCount("health", "unhealthy", null, 1),
            new RejectionCount("admission", "resources", "memory", 1));
    }

    private static PlacementResult Place(PlacementRequest request, params NodeView[] nodes) =>
        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread").Place(request, A.Nodes(nodes));
}
