using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The host program's own conditions on the way through a cluster.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ClusterHostConditionsTests
{
    private static readonly PlacementOptions _options = new()
    {
        ForbiddenEngines = ["ID-0"],
        Constraints = [Expression.Parse("tier!=secretthing")],
        RequiredLabels = LabelSet.Create([KeyValuePair.Create("pool", "secretpool")]),
        Tolerations = [Toleration.Of("secretuse")],
    };

    // Spread would choose the first: the others are used.
    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(
            engines: 3,
            engine: (host, number) => number == 1 ? host : host with { Labels = LabelSet.Create([KeyValuePair.Create("pool", "secretpool")]) });
        await cluster.Cluster.Engines.SetOverlayAsync("ID-2", new EngineOverlay { Taints = [new Taint("secretuse")] });
        return cluster;
    }

    [Test]
    public async Task They_hold_for_each_way_to_place_a_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var containers = cluster.Containers;

        cluster.Cluster.Plan(TestCluster.Spec(), _options).Node!.Id.Should().Be("ID-2");
        cluster.Cluster.PlanInOrder([TestCluster.Spec(), TestCluster.Spec()], _options).Select(plan => plan.Node!.Id).Should().Equal("ID-2", "ID-2");
        (await containers.CreateAsync(TestCluster.Spec(), _options, cancellationToken)).EngineId.Should().Be("ID-2");
        (await containers.TryCreateAsync(TestCluster.Spec(), _options, cancellationToken)).Container!.EngineId.Should().Be("ID-2");
        (await containers.RunAsync(TestCluster.Spec(), _options, cancellationToken)).EngineId.Should().Be("ID-2");
    }

    [Test]
    public async Task They_hold_for_a_container_that_is_run_to_its_end(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = cluster.Containers.RunToCompletionAsync(TestCluster.Spec("job"), new RunToCompletionOptions { Placement = _options }, cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Any(container => container.Name == "job" && container.View.State == ContainerState.Running), "it runs");

        cluster.Containers.Get("job").EngineId.Should().Be("ID-2");
        cluster.Host(2).EndProcess(cluster.Containers.Get("job").Id, 0);
        await run;
    }

    [Test]
    public async Task Nothing_of_them_is_in_the_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), _options, cancellationToken);

        var inspected = await cluster.Containers.InspectAsync(created.Id, cancellationToken);

        Encoding.UTF8.GetString(inspected.Json.Span).Should().Contain("web").And.NotContain("secret").And.NotContain("ID-0");
        created.View.Labels.ToString().Should().NotContain("secret");
    }

    [Test]
    public async Task A_create_that_cannot_meet_them_fails_and_the_error_can_be_shown_to_others(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var options = _options with { ForbiddenEngines = ["ID-0", "ID-2"] };

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec(), options, cancellationToken);

        var error = (await create.Should().ThrowAsync<PlacementException>()).Which;
        error.Message.Should().Contain("secretpool");
        error.ForTenant().ToString().Should().NotContain("secret").And.NotContain("forbidden").And.NotContain("ID-");
    }
}
