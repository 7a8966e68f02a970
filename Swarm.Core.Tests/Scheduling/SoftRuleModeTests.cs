using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>What becomes of soft rules that are counted instead of obeyed all or not at all.</summary>
public sealed class SoftRuleModeTests
{
    private static readonly NodeView _both = A.Node("n3", labels: ["storage=ssd", "region=eu"], containers: [A.Container("a"), A.Container("b")]);
    private static readonly NodeView _one = A.Node("n2", labels: ["storage=ssd"], containers: [A.Container("c")]);
    private static readonly NodeView _none = A.Node("n1");

    [Test]
    public void The_node_that_meets_most_of_them_is_chosen_however_full_it_is() =>
        Place(Wishes, _none, _one, _both).Node.Should().BeSameAs(_both);

    [Test]
    public void One_that_no_node_meets_does_not_drop_the_others()
    {
        var result = Place(Wishes, _none, _one);

        result.Node.Should().BeSameAs(_one);
        result.UnmetSoftRules.Should().Be(1);
        result.SoftRulesDropped.Should().BeFalse();
    }

    [Test]
    public void The_strategy_decides_between_nodes_that_meet_as_many()
    {
        var emptier = A.Node("n9", labels: ["region=eu"]);

        Place(Wishes, _one, emptier).Node.Should().BeSameAs(emptier);
    }

    [Test]
    public void Hard_rules_are_obeyed_all_the_same() =>
        Place(A.Request(constraints: ["storage==~ssd", "region!=eu"]), _both, _none).Node.Should().BeSameAs(_none);

    [Test]
    public void Room_is_needed_all_the_same()
    {
        var full = A.Node("n4", cpus: 1, labels: ["storage=ssd"]);

        Place(A.Request(cpus: 2, constraints: ["storage==~ssd"]), full, A.Node("n5", cpus: 2)).Node!.Id.Should().Be("n5");
    }

    [Test]
    public void Rules_of_all_kinds_count()
    {
        var request = A.Request(constraints: ["storage==~ssd"], affinities: ["container!=~c"]);

        Place(request, _one, _both, _none).Ranking.Select(ranked => (ranked.Node.Id, ranked.UnmetSoftRules)).Should().Equal(("n3", 0), ("n1", 1), ("n2", 1));
    }

    [Test]
    public void Rules_of_a_filter_that_is_not_used_do_not_count()
    {
        var scheduler = new Scheduler([], BuiltInStrategies.All, StrategyNames.Spread, softRules: SoftRuleMode.MostMet);

        scheduler.Place(Wishes, A.Nodes(_none, _one, _both)).Node.Should().BeSameAs(_none);
    }

    [Test]
    public void The_ranking_begins_with_the_chosen_node_and_says_what_each_does_not_meet() =>
        Place(Wishes, _none, _one, _both).Ranking.Select(ranked => (ranked.Node.Id, ranked.UnmetSoftRules)).Should().Equal(("n3", 0), ("n2", 1), ("n1", 2));

    [Test]
    public void The_explanation_says_how_many_are_not_met() =>
        Place(Wishes, _none, _one).Explain().Should().Be("n2 (n2) is the best of 2 suitable nodes by spread.\nIt does not meet 1 of the soft rules; no other suitable node meets more of them.");

    [Test]
    public void A_request_may_ask_for_the_other_way_than_the_cluster_s()
    {
        var classic = Place(Wishes with { SoftRules = SoftRuleMode.AllOrNone }, _none, _one);
        var counted = Classic.Place(Wishes with { SoftRules = SoftRuleMode.MostMet }, A.Nodes(_none, _one));

        classic.SoftRulesDropped.Should().BeTrue();
        classic.Node.Should().BeSameAs(_none);
        counted.Node.Should().BeSameAs(_one);
    }

    [Test]
    public void Counting_is_not_the_default() => Classic.Place(Wishes, A.Nodes(_none, _one)).SoftRulesDropped.Should().BeTrue();

    [Test]
    public async Task A_caller_asks_for_it_with_the_options_of_a_placement()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var spec = TestCluster.Spec() with { Constraints = ["node==~engine-1", "node==~engine-7"] };

        var classic = cluster.Cluster.Plan(spec);
        var counted = cluster.Cluster.Plan(spec, new PlacementOptions { SoftRules = SoftRuleMode.MostMet });

        classic.Node!.Name.Should().Be("engine-0");
        counted.Node!.Name.Should().Be("engine-1");
    }

    [Test]
    public async Task Options_choose_it_for_a_cluster()
    {
        await using var cluster = TestCluster.Create(options: options => options.SoftRules = SoftRuleMode.MostMet);
        var snapshot = ClusterSnapshot.Of(_none, _one);

        cluster.Cluster.Plan(new ContainerSpec { Image = "app", Constraints = ["storage==~ssd", "region==~eu"] }, snapshot).Node!.Id.Should().Be("n2");
    }

    private static PlacementRequest Wishes { get; } = A.Request(constraints: ["storage==~ssd", "region==~eu"]);

    private static Scheduler Classic => new(BuiltInFilters.All, BuiltInStrategies.All, StrategyNames.Spread);

    private static PlacementResult Place(PlacementRequest request, params NodeView[] nodes) =>
        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, StrategyNames.Spread, softRules: SoftRuleMode.MostMet).Place(request, A.Nodes(nodes));
}
