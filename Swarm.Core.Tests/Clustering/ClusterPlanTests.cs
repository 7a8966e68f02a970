using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterPlanTests
{
    private const long GiB = 1L << 30;

    [Test]
    public async Task A_plan_asks_no_engine_and_promises_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);
        var before = cluster.Cluster.Snapshot;
        var calls = Calls(cluster);

        for (var i = 0; i < 10; i++)
        {
            cluster.Cluster.Plan(TestCluster.Spec("web", memory: 5 * GiB)).IsPlaced.Should().BeTrue();
        }

        cluster.Cluster.Snapshot.Should().BeSameAs(before);
        cluster.OpenHolds.Should().Be(0);
        Calls(cluster).Should().Be(calls);
    }

    [TestCase(StrategyNames.Spread)]
    [TestCase(StrategyNames.BinPack)]
    public async Task A_placement_goes_where_the_plan_just_before_said(string strategy)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 4, options: options => options.Strategy = strategy);
        for (var i = 0; i < 12; i++)
        {
            var spec = TestCluster.Spec($"c{i}", memory: (1 + (i % 3)) * GiB, cpus: 0.5);

            var planned = cluster.Cluster.Plan(spec);
            var created = await cluster.Containers.TryCreateAsync(spec);

            created.Container?.EngineId.Should().Be(planned.Node?.Id);
            created.IsCreated.Should().Be(planned.IsPlaced);
        }
    }

    [Test]
    public async Task A_plan_takes_what_is_promised_into_account()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).Hang();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 5 * GiB));

        var plan = cluster.Cluster.Plan(TestCluster.Spec(memory: 5 * GiB));

        plan.IsPlaced.Should().BeFalse();
        plan.Rejections.Single().Rejection.Subject.Should().Be(ResourceNames.Memory);
        cluster.Host(0).Resume();
        await create;
    }

    [Test]
    public async Task A_plan_of_an_impossible_request_explains_itself_without_throwing()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var plan = cluster.Cluster.Plan(TestCluster.Spec(memory: 100 * GiB));

        plan.IsPlaced.Should().BeFalse();
        plan.Rejections.Select(each => each.Node.Id).Should().Equal("ID-0", "ID-1");
        plan.Explain().Should().Contain("memory");
    }

    [Test]
    public async Task A_plan_may_use_another_strategy()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Containers.CreateAsync(TestCluster.Spec(memory: GiB));
        var used = cluster.Containers.List()[0].EngineId;

        cluster.Cluster.Plan(TestCluster.Spec(memory: GiB)).Node!.Id.Should().NotBe(used);
        cluster.Cluster.Plan(TestCluster.Spec(memory: GiB), new PlacementOptions { Strategy = StrategyNames.BinPack }).Node!.Id.Should().Be(used);
    }

    [Test]
    public async Task Nodes_made_up_by_hand_can_be_planned_on_before_the_cluster_is_started()
    {
        await using var cluster = TestCluster.Create();
        var nodes = NodeSet.Create(Node("small", 1 * GiB), Node("large", 64 * GiB));

        var plan = cluster.Cluster.Plan(TestCluster.Spec(memory: 8 * GiB), new ClusterSnapshot(1, nodes));

        plan.Node!.Id.Should().Be("large");
        plan.Rejections.Should().ContainSingle().Which.Node.Id.Should().Be("small");
    }

    [Test]
    public async Task A_cluster_that_is_not_started_has_no_node_for_anything()
    {
        await using var cluster = TestCluster.Create();

        cluster.Cluster.Plan(TestCluster.Spec()).IsPlaced.Should().BeFalse();
        cluster.Cluster.Snapshot.Nodes.Should().BeEmpty();
    }

    [Test]
    public async Task With_wrong_options_a_plan_lists_all_mistakes()
    {
        await using var cluster = TestCluster.Create(options: options =>
        {
            options.Strategy = "nosuch";
            options.PingInterval = TimeSpan.Zero;
            options.Overcommit = -2;
        });

        var plan = () => cluster.Cluster.Plan(TestCluster.Spec());

        var errors = plan.Should().Throw<InvalidOptionsException>().Which.Errors;
        errors.Should().HaveCount(3);
        errors.Should().Contain(error => error.Contains("nosuch", StringComparison.Ordinal))
            .And.Contain(error => error.Contains("PingInterval", StringComparison.Ordinal))
            .And.Contain(error => error.Contains("Overcommit", StringComparison.Ordinal));
    }

    private static int Calls(TestCluster cluster) => Enum.GetValues<EngineOperation>().Sum(cluster.Hosts.CallCount);

    private static NodeView Node(string id, long memory) => new()
    {
        Id = id,
        Name = id,
        Total = new ResourceVector { MemoryBytes = memory, NanoCpus = 4 * ResourceVector.NanoCpusPerCpu, Slots = ResourceVector.UnlimitedSlots },
    };
}
