using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class ClassicMessageTests
{
    [Test]
    public void Without_a_healthy_node_that_is_all_that_is_said() =>
        Message(A.Request(constraints: ["node==x"]), A.Node("n1", health: 0)).Should().Be("No healthy node available in the cluster");

    [Test]
    public void Without_any_node_the_health_filter_complains() =>
        Message(A.Request()).Should().Be("No healthy node available in the cluster");

    [Test]
    public void Without_any_node_and_filter_there_are_no_nodes() =>
        new Scheduler([], BuiltInStrategies.All, "spread").Place(A.Request(), NodeSet.Empty).ClassicMessage
            .Should().Be("No nodes available in the cluster");

    [Test]
    public void Without_any_node_the_first_filter_with_something_to_check_complains()
    {
        var scheduler = new Scheduler([new PortFilter(), new DependencyFilter(), new ConstraintFilter(), new ContainerSlotsFilter()], BuiltInStrategies.All, "spread");

        scheduler.Place(A.Request(dependsOn: ["db"], constraints: ["node==x"]), NodeSet.Empty).ClassicMessage
            .Should().Be("Unable to find a node that satisfies the following conditions \n[--link=db]\n[node==x]");
    }

    [Test]
    public void Conditions_are_listed_up_to_the_filter_that_left_no_node() =>
        Message(A.Request(ports: [A.Port("80")], constraints: ["node==n1", "region==eu"], whitelists: ["node==n2"]), A.Node("n1"))
            .Should().Be("Unable to find a node that satisfies the following conditions \n[port 80 (Bridge mode)]\n[available container slots]\n[node==n1 region==eu]");

    [Test]
    public void The_filter_that_left_no_node_is_the_last_one_any_node_came_to() =>
        Message(A.Request(ports: [A.Port("80")], constraints: ["node==n2"]), A.Node("n1"), A.Node("n2", containers: [A.Container("web", ports: [A.Port("80")])]))
            .Should().EndWith("\n[node==n2]");

    [Test]
    public void Room_is_missed_when_some_node_passed_every_filter() =>
        Message(A.Request(memory: 100 * A.GiB, constraints: ["node==n1"]), A.Node("n1"), A.Node("n2"))
            .Should().Be("no resources available to schedule container");

    [Test]
    public void Soft_conditions_are_listed_even_when_they_were_dropped() =>
        Message(A.Request(constraints: ["node==~x", "region==eu"]), A.Node("n1"))
            .Should().EndWith("\n[node==x region==eu]");

    [Test]
    public void A_list_that_cannot_be_read_ends_the_report()
    {
        var request = A.Request(whitelists: ["node==x"]) with { Constraints = ExpressionList.Unreadable("Key 'a' is invalid") };

        Message(request, A.Node("n1")).Should().Be(
            "Unable to find a node that satisfies the following conditions \n[available container slots]\nerror from constraint filter: Key 'a' is invalid");
    }

    [Test]
    public void Filters_of_a_host_are_listed_like_the_others()
    {
        var filter = new TestFilter("gpu", _ => _ => new Rejection("gpu", "gpu"), _ => ["a gpu", "quiet"]);

        new Scheduler([filter], BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(A.Node("n1"))).ClassicMessage
            .Should().Be("Unable to find a node that satisfies the following conditions \n[a gpu quiet]");
    }

    private static string? Message(PlacementRequest request, params NodeView[] nodes) =>
        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread").Place(request, A.Nodes(nodes)).ClassicMessage;
}
