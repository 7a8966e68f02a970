using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class ExplanationTests
{
    [Test]
    public void A_placement_is_explained_by_the_choice_it_had()
    {
        var result = Place(A.Request(constraints: ["node!=n3"]), A.Node("n1", "web-1"), A.Node("n2"), A.Node("n3"));

        result.Explain().Should().Be(
            """
            web-1 (n1) is the best of 2 suitable nodes by spread.
            1 of 3 nodes: constraint node!=n3 is not met
            """);
    }

    [Test]
    public void Dropped_soft_rules_are_mentioned() =>
        Place(A.Request(constraints: ["node==~x"]), A.Node("n1")).Explain().Should().Be(
            """
            n1 (n1) is the best of 1 suitable nodes by spread.
            No node met all soft rules, so they were left out.
            """);

    [Test]
    public void A_failure_is_explained_by_classic_Swarms_words_then_the_reasons_then_what_would_help()
    {
        var result = Place(
            A.Request(memory: 4 * A.GiB, constraints: ["region==mars"]),
            A.Node("n1", labels: ["region=mars"], memory: 2 * A.GiB),
            A.Node("n2"),
            A.Node("n3"),
            A.Node("n4", labels: ["region=mars"], health: 0));

        result.Explain().Should().Be(
            """
            no resources available to schedule container
            2 of 4 nodes: constraint region==mars is not met
            1 of 4 nodes: the engine is not healthy
            1 of 4 nodes: not enough memory (needed 4 GiB, free 2 GiB)
            It would fit if the constraint region==mars were dropped.
            It would fit if an engine that does not answer came back.
            It would fit if memory were at most 2 GiB.
            """);
    }

    [Test]
    public void A_node_that_takes_no_new_work_is_a_reason_without_a_remedy()
    {
        var leaving = new NodeView { Id = "n1", Name = "n1", IsEligible = false };

        Place(A.Request(), leaving).Explain().Should().Be(
            """
            no resources available to schedule container
            1 of 1 nodes: the node takes no new work
            No single change would make it fit.
            """);
    }

    [Test]
    public void The_exception_says_the_same_and_carries_the_result()
    {
        var result = Place(A.Request(constraints: ["region==mars"]), A.Node("n1"));

        var error = new PlacementException(result);

        error.Message.Should().Be(result.Explain());
        error.Result.Should().BeSameAs(result);
    }

    [Test]
    public void Without_nodes_there_is_nothing_to_add() =>
        Place(A.Request()).Explain().Should().Be("No healthy node available in the cluster");

    [Test]
    public void Where_one_change_is_not_enough_none_is_promised()
    {
        var result = Place(A.Request(memory: 4 * A.GiB, constraints: ["region==mars"]), A.Node("n1", memory: 2 * A.GiB));

        result.Explain().Should().EndWith("\n1 of 1 nodes: constraint region==mars is not met\nNo single change would make it fit.");
    }

    [Test]
    public void The_most_that_any_node_has_free_is_what_could_be_asked_for()
    {
        var result = Place(
            A.Request(memory: 4 * A.GiB),
            A.Node("n1", memory: 2 * A.GiB),
            A.Node("n2", memory: 3 * A.GiB, usedMemory: A.GiB / 2),
            A.Node("n3", memory: 2 * A.GiB, usedMemory: -A.GiB / 4),
            A.Node("n4", memory: A.GiB));

        Remedies(result).Should().Equal("memory were at most 2.5 GiB");
        result.Explain().Should().Contain("\n4 of 4 nodes: not enough memory (needed 4 GiB, free 2.5 GiB)\n");
        result.RejectionCounts.Single().Nodes.Should().Be(4);
    }

    [Test]
    public void Where_nothing_is_free_nothing_may_be_asked_for() =>
        Remedies(Place(A.Request(cpus: 1), A.Node("n1", cpus: 1, usedCpus: 2))).Should().Equal("it asked for no cpu");

    [Test]
    public void A_node_offers_no_more_than_it_has_even_where_less_than_nothing_is_used() =>
        Remedies(Place(A.Request(memory: 4 * A.GiB), A.Node("n1", memory: 3 * A.GiB, usedMemory: -A.GiB))).Should().Equal("memory were at most 3 GiB");

    [Test]
    public void Less_of_one_resource_does_not_help_where_another_is_short_too() =>
        Remedies(Place(A.Request(memory: 4 * A.GiB, cpus: 8), A.Node("n1", memory: A.GiB, cpus: 1))).Should().BeEmpty();

    [Test]
    public void Every_rule_of_a_request_can_be_the_one_to_drop()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("80")])]);
        var full = A.Node("n1", labels: ["containerslots=0"]);
        var hostPort = A.Node("n1", containers: [A.Container("web", network: "host", exposed: ["80"])]);

        Remedies(Place(A.Request(affinities: ["container==db"]), node)).Should().Equal("the affinity container==db were dropped");
        Remedies(Place(A.Request(whitelists: ["node==n2"]), node)).Should().Equal("the whitelist node==n2 were dropped");
        Remedies(Place(A.Request(dependsOn: ["db", "web"]), node)).Should().Equal("it did not have to be with db");
        Remedies(Place(A.Request(ports: [A.Port("80"), A.Port("81")]), node)).Should().Equal("it did not ask for port 80/tcp");
        Remedies(Place(A.Request(network: "host", exposed: ["80/tcp", "81"]), hostPort)).Should().Equal("it did not ask for port 80/tcp");
        Remedies(Place(A.Request(named: A.Named("gpu", 1)), node)).Should().Equal("it asked for no gpu");
        Remedies(Place(A.Request(), full)).Should().Equal("a full node took another container");
        Remedies(Place(A.Request() with { Constraints = ExpressionList.Unreadable("bad") }, node)).Should().Equal("the constraint expressions were dropped");
    }

    [Test]
    public void A_full_node_that_is_sick_too_does_not_help_by_coming_back() =>
        Remedies(Place(A.Request(), A.Node("n1", health: 0, labels: ["containerslots=0"]))).Should().BeEmpty();

    [Test]
    public void The_same_holds_where_admission_alone_counts_slots()
    {
        var full = A.Node("n1", labels: ["containerslots=0"]);
        var sick = A.Node("n1", health: 0, labels: ["containerslots=0"]);
        var scheduler = new Scheduler([new HealthFilter()], BuiltInStrategies.All, "spread");

        Remedies(scheduler.Place(A.Request(), A.Nodes(full))).Should().Equal("a full node took another container");
        Remedies(scheduler.Place(A.Request(), A.Nodes(sick))).Should().BeEmpty();
    }

    [Test]
    public void Dropping_one_of_two_unmet_constraints_does_not_help()
    {
        var scheduler = new Scheduler([new HealthFilter(), new ConstraintFilter()], BuiltInStrategies.All, "spread");

        Remedies(scheduler.Place(A.Request(constraints: ["region==eu", "storage==ssd"]), A.Nodes(A.Node("n1")))).Should().BeEmpty();
    }

    [Test]
    public void A_filter_of_a_host_is_named()
    {
        var scheduler = new Scheduler([new TestFilter("gpu", _ => false), .. BuiltInFilters.All], BuiltInStrategies.All, "spread");

        var result = scheduler.Place(A.Request(), A.Nodes(A.Node("n1")));

        result.Explain().Should().Contain("\n1 of 1 nodes: test\nIt would fit if the filter gpu were left out.");
    }

    [Test]
    public void A_filter_of_a_host_with_a_code_of_ours_is_still_a_filter_of_the_host()
    {
        foreach (var code in new[] { RejectionCodes.Resources, RejectionCodes.Constraint, RejectionCodes.Slots })
        {
            var filter = new TestFilter("mine", _ => _ => new Rejection("mine", code, "memory", 1, 0));

            var result = new Scheduler([filter], BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(A.Node("n1")));

            Remedies(result).Should().Equal("the filter mine were left out");
        }
    }

    [Test]
    public void Of_many_reasons_only_the_most_common_are_written_out()
    {
        var filter = new TestFilter("each", _ => node => new Rejection("each", "each", node.Id));
        var result = new Scheduler([filter], BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(Enumerable.Range(10, 12).Select(i => A.Node($"n{i}"))));

        var text = result.Explain();

        text.Should().Contain("\n1 of 12 nodes: each: n19\n2 further reasons.\n").And.NotContain("n20");
        text.Split("It would fit").Should().HaveCount(11);
        result.RejectionCounts.Should().HaveCount(12);
    }

    [Test]
    public void Ten_reasons_are_all_written_out()
    {
        var filter = new TestFilter("each", _ => node => new Rejection("each", "each", node.Id));
        var result = new Scheduler([filter], BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(Enumerable.Range(10, 10).Select(i => A.Node($"n{i}"))));

        result.Explain().Should().Contain("each: n19").And.NotContain("further reasons");
    }

    private static string[] Remedies(PlacementResult result) =>
        [.. result.Explain().Split('\n').Where(line => line.StartsWith("It would fit if ", StringComparison.Ordinal)).Select(line => line["It would fit if ".Length..^1])];

    private static PlacementResult Place(PlacementRequest request, params NodeView[] nodes) =>
        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread").Place(request, A.Nodes(nodes));
}
