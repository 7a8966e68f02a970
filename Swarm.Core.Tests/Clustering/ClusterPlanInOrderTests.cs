using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

public sealed class ClusterPlanInOrderTests
{
    private const long GiB = 1L << 30;

    [Test]
    public async Task Each_decision_sees_what_the_ones_before_it_would_take()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var spec = TestCluster.Spec(memory: 6 * GiB);

        var plans = cluster.Cluster.PlanInOrder([spec, spec, spec]);

        plans.Select(plan => plan.Node?.Name).Should().Equal("engine-0", "engine-1", null);
    }

    [Test]
    public async Task A_host_port_is_planned_once_per_node()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var spec = TestCluster.Spec() with { PortBindings = [new PortBinding("80/tcp", "", "8080")] };

        var plans = cluster.Cluster.PlanInOrder([spec, spec, spec]);

        plans.Select(plan => plan.Node?.Name).Should().Equal("engine-0", "engine-1", null);
        plans[2].Rejections.Should().OnlyContain(each => each.Rejection.Code == RejectionCodes.Port);
    }

    [Test]
    public async Task An_affinity_to_a_container_planned_before_is_met()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);

        var plans = cluster.Cluster.PlanInOrder([TestCluster.Spec("filler"), TestCluster.Spec("db"), TestCluster.Spec("web") with { Affinities = ["container==db"] }]);

        plans[2].Node!.Id.Should().Be(plans[1].Node!.Id);
    }

    [Test]
    public async Task Placing_for_real_in_the_same_order_goes_to_the_same_nodes()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);
        ContainerConfig[] configs = [.. Enumerable.Range(1, 7).Select(number => (ContainerConfig)TestCluster.Spec(memory: number * GiB / 2))];

        var plans = cluster.Cluster.PlanInOrder(configs);
        var placed = new List<string>();
        foreach (var config in configs)
        {
            placed.Add((await cluster.Containers.CreateAsync(config)).EngineId);
        }

        placed.Should().Equal(plans.Select(plan => plan.Node!.Id));
    }

    [Test]
    public async Task Nothing_is_reserved_or_asked_of_an_engine()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var before = cluster.Cluster.Snapshot;

        cluster.Cluster.PlanInOrder([TestCluster.Spec(), TestCluster.Spec()]);

        cluster.Cluster.Snapshot.Should().BeSameAs(before);
        cluster.Hosts.CallCount(Testing.EngineOperation.CreateContainer).Should().Be(0);
    }
}
