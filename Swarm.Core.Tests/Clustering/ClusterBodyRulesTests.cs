using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The rules for what others wrote hold on every way that a request can take.</summary>
[CancelAfter(60_000)]
public sealed class ClusterBodyRulesTests
{
    private static readonly string _theirs = string.Concat(Enumerable.Repeat("c0ffee00", 8));

    [Test]
    public async Task Every_way_to_ask_for_a_container_refuses_what_its_text_may_not_say(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var config = ContainerConfig.Parse(Encoding.UTF8.GetBytes($$$"""{"Image":"busybox","Labels":{"{{{SwarmLabels.Resources}}}":"{\"gpu\":0}"}}"""), "web");
        Func<Task>[] ways =
        [
            () => cluster.Containers.CreateAsync(config, cancellationToken),
            () => cluster.Containers.TryCreateAsync(config, cancellationToken),
            () => cluster.Containers.RunAsync(config, cancellationToken),
            () => cluster.Containers.RunToCompletionAsync(config, cancellationToken: cancellationToken),
            () => Task.FromResult(cluster.Cluster.Plan(config)),
            () => Task.FromResult(cluster.Cluster.PlanInOrder([config])),
        ];

        foreach (var way in ways)
        {
            (await way.Should().ThrowAsync<LabelNotAllowedException>()).Which.Label.Should().Be(SwarmLabels.Resources);
        }

        cluster.Host(0).Daemon.Containers.Should().BeEmpty();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task What_a_host_says_in_types_counts(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, _) => host with { NamedResources = A.Named("gpu", 2) });

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Constraints = ["node==engine-1"], NamedResources = A.Named("gpu", 1) }, cancellationToken);

        created.EngineName.Should().Be("engine-1");
        created.View.Resources.Named["gpu"].Should().Be(1);
    }

    [Test]
    public async Task What_is_left_out_is_written_by_the_create_itself(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules.Otherwise = BodyBreach.Overwrite);
        var spec = TestCluster.Spec("web") with
        {
            Environment = [Canary.Environment, "constraint:node==nowhere"],
            Labels = LabelSet.Create([new(SwarmLabels.Id, _theirs), new(SwarmLabels.Operation, "x"), new(SwarmLabels.Demand, """{"v":1,"memory":1}"""), new(ReservedLabels.Owner, "me")]),
        };

        var created = await cluster.Containers.CreateAsync(spec, cancellationToken);

        created.View.SwarmId.Should().NotBe(_theirs);
        created.View.IsSwarmIdOurs.Should().BeTrue();
        created.View.IsOfCluster.Should().BeTrue();
        created.View.Labels.ContainsKey(ReservedLabels.Owner).Should().BeFalse();
        created.View.Labels[SwarmLabels.Demand].Should().Be("""{"v":1}""");
        created.View.Labels.ContainsKey(SwarmLabels.Constraints).Should().BeFalse();
    }

    [Test]
    public async Task By_the_rules_of_classic_Swarm_a_body_says_what_it_likes(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(
            engines: 2,
            engine: (host, _) => host with { NamedResources = A.Named("gpu", 2) },
            options: options => options.BodyRules = BodyRules.Classic);
        var spec = TestCluster.Spec("web") with
        {
            Environment = [Canary.Environment, "constraint:node==engine-1"],
            Labels = LabelSet.Create([new(SwarmLabels.Id, _theirs), new(SwarmLabels.Resources, """{"gpu":1}"""), new(SwarmLabels.Prefix + "made-up", "x"), new(ReservedLabels.Generation, "7"), new(SwarmLabels.Operation, "x")]),
        };

        var created = await cluster.Containers.CreateAsync(spec, cancellationToken);

        created.EngineName.Should().Be("engine-1");
        created.View.SwarmId.Should().Be(_theirs);
        created.View.IsSwarmIdOurs.Should().BeFalse("the cluster did not make it");
        created.View.Resources.Named["gpu"].Should().Be(1);
        created.View.Labels[SwarmLabels.Prefix + "made-up"].Should().Be("x");
        created.View.Labels.ContainsKey(ReservedLabels.Generation).Should().BeFalse("that is the library's");
        created.View.Labels[SwarmLabels.Operation].Should().HaveLength(32);
    }

    [Test]
    public async Task By_the_rules_of_classic_Swarm_a_Swarm_ID_of_another_container_is_ambiguous_and_hides_nothing(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, options: options => options.BodyRules = BodyRules.Classic);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.Containers.CreateAsync(Labelled("copy", web.View.SwarmId), cancellationToken);
        await cluster.Containers.CreateAsync(Labelled("name", "web"), cancellationToken);
        await cluster.Containers.CreateAsync(Labelled("first", _theirs), cancellationToken);
        await cluster.Containers.CreateAsync(Labelled("second", _theirs), cancellationToken);

        cluster.Containers.Get(web.View.SwarmId).Id.Should().Be(web.Id);
        cluster.Containers.Get("web").Id.Should().Be(web.Id);
        FluentActions.Invoking(() => cluster.Containers.Get(_theirs)).Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2);
    }

    [Test]
    public async Task What_an_inspection_shows_can_be_asked_for_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules.Otherwise = BodyBreach.Overwrite);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var labels = cluster.Host(0).Daemon.Containers.Single().Labels;
        labels.Values.Should().Contain("", "the engine shows what was written empty");

        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("again") with { Labels = labels }, cancellationToken);

        await again.Should().NotThrowAsync();
    }

    [Test]
    public void Rules_that_are_none_are_named_with_the_other_mistakes()
    {
        var plugins = new SwarmPlugins { Discovery = new Testing.InMemoryDiscovery() };

        ClusterSettings.Read(new SwarmOptions { BodyRules = null! }, plugins).Mistakes!.Errors.Should().Equal("BodyRules is missing.");
        ClusterSettings.Read(new SwarmOptions { BodyRules = new BodyRules { Honoured = (BodyLabels)4096, Otherwise = (BodyBreach)7 } }, plugins).Mistakes!.Errors.Should().HaveCount(2)
            .And.Contain(error => error.StartsWith("BodyRules.Honoured is 4096", StringComparison.Ordinal))
            .And.Contain("BodyRules.Otherwise is 7; it must be Refuse or Overwrite.");
    }

    private static ContainerSpec Labelled(string name, string swarmId) => TestCluster.Spec(name) with { Labels = LabelSet.Create([new(SwarmLabels.Id, swarmId)]) };
}
