using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

[NonParallelizable]
public sealed class AllocationTests
{
    [TestCase("spread")]
    [TestCase("binpack")]
    [TestCase("random")]
    public void A_placement_allocates_the_same_however_many_nodes_there_are(string strategy)
    {
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, strategy);
        var request = A.Request(
            memory: A.GiB,
            cpus: 0.5m,
            constraints: ["region==eu-*", "node!=/^x/", "storage==~ssd"],
            affinities: ["container!=db", "image==redis", "tier==front"],
            whitelists: ["node==web"],
            dependsOn: ["front"],
            ports: [A.Port("80"), A.Port("443", ip: "10.0.0.1"), A.Port("53", "53/udp")]);

        var few = Allocated(scheduler, request, 100);
        var many = Allocated(scheduler, request, 1000);

        many.Should().Be(few);
        few.Should().BePositive();
    }

    [Test]
    public void A_placement_on_the_hosts_network_allocates_the_same_however_many_nodes_there_are()
    {
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread");
        var request = A.Request(network: "host", exposed: ["80/tcp", "53/udp"], named: A.Named("gpu", 1));

        Allocated(scheduler, request, 1000).Should().Be(Allocated(scheduler, request, 100));
    }

    [Test]
    public void Taints_that_are_tolerated_cost_nothing_per_node()
    {
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread");
        var request = A.Request(affinities: ["tier==front"]) with { Tolerations = [Toleration.Of("other"), Toleration.Of("dedicated", "gpu")] };

        Allocated(scheduler, request, 1000, Tainted).Should().Be(Allocated(scheduler, request, 100, Tainted));

        static NodeView Tainted(int number) => new() { Id = $"n{number}", Name = "n", Taints = [new Taint("dedicated", "gpu")], Containers = Node(number).Containers };
    }

    [TestCase(100)]
    [TestCase(1000)]
    public void That_no_node_will_do_costs_nothing_per_node_until_somebody_asks_why(int count)
    {
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, "spread");
        var (nodes, book) = (A.Nodes(Enumerable.Range(0, count).Select(Node)), new VerdictBook());
        var request = A.Request(memory: long.MaxValue / 2);
        for (var i = 0; i < 3; i++)
        {
            scheduler.Place(request, nodes, book: book).IsPlaced.Should().BeFalse();
        }

        Allocation.Of(() => _ = new PlacementException(scheduler.Place(request, nodes, book: book))).Should().BeLessThan(5000);
    }

    private static long Allocated(Scheduler scheduler, PlacementRequest request, int count, Func<int, NodeView>? node = null)
    {
        var nodes = A.Nodes(Enumerable.Range(0, count).Select(node ?? Node));

        // Everything that is made once, in regular expressions and port tables too, is made before measuring.
        for (var i = 0; i < 3; i++)
        {
            scheduler.Place(request, nodes).IsPlaced.Should().BeTrue();
        }

        return Allocation.Of(() => scheduler.Place(request, nodes));
    }

    private static NodeView Node(int number) => A.Node(
        $"n{number}",
        "web",
        labels: ["region=eu-1", "storage=ssd", "containerslots=10"],
        named: A.Named("gpu", 4),
        containers:
        [
            A.Container("front", labels: ["tier=front"], ports: [A.Port("8080"), A.Port("443", ip: "10.0.0.2")]),
            A.Container("host", network: "host", exposed: ["81"]),
        ],
        images: [A.Image("sha256:1", "redis:7")]);
}
