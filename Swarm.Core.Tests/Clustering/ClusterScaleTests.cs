using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(300_000)]
public sealed class ClusterScaleTests
{
    private const int Engines = 1_000;
    private const int PerEngine = 30;
    private const int AtOnce = 64;

    // What differs from one measurement to the next without any decision: a table that grows, a delegate that is cached.
    private const long Tolerance = 256;

    [Test]
    public async Task Thirty_thousand_containers_are_spread_over_a_thousand_engines_with_one_call_each(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(Engines);
        var empty = cluster.Cluster.Snapshot;
        empty.Nodes.Should().HaveCount(Engines);
        var allocatedWhenEmpty = AllocatedByPlan(cluster, empty);
        using var slots = new SemaphoreSlim(AtOnce);

        await Task.WhenAll(Enumerable.Range(0, Engines * PerEngine).Select(async _ =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));

        var full = cluster.Cluster.Snapshot;
        cluster.Hosts.CallCount(EngineOperation.CreateContainer).Should().Be(Engines * PerEngine);
        cluster.Hosts.Addresses.Should().OnlyContain(address => cluster.Hosts[address].CallCount(EngineOperation.CreateContainer) == PerEngine);
        full.Nodes.Should().OnlyContain(node => node.ContainerCount == PerEngine && node.Used.Slots == PerEngine);
        cluster.OpenHolds.Should().Be(0);
        AllocatedByPlan(cluster, full).Should().BeLessThan(allocatedWhenEmpty + Tolerance, "a decision must not grow with the number of containers");
        AllocatedByPlan(cluster, new ClusterSnapshot(1, NodeSet.Create(full.Nodes.Take(Engines / 10))))
            .Should().BeCloseTo(AllocatedByPlan(cluster, new ClusterSnapshot(1, NodeSet.Create(full.Nodes.Take(Engines)))), (ulong)Tolerance, "a decision must not allocate per node");
    }

    private static long AllocatedByPlan(TestCluster cluster, ClusterSnapshot snapshot)
    {
        ContainerConfig config = TestCluster.Spec(memory: 1L << 20, cpus: 0.1);
        var least = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var plan = cluster.Cluster.Plan(config, snapshot);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            plan.IsPlaced.Should().BeTrue();
        }

        return least;
    }
}
