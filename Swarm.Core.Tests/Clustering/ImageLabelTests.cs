using System.Text;
using System.Text.Json.Nodes;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>What an image says in its labels is not said of the containers that are made from it.</summary>
[CancelAfter(60_000)]
public sealed class ImageLabelTests
{
    private static readonly LabelSet _image = LabelSet.Create(
    [
        new("own", "image"),
        new(SwarmLabels.Resources, """{"gpu":4}"""),
        new(SwarmLabels.Constraints, """["region==eu"]"""),
        new(SwarmLabels.Affinities, """["container==db"]"""),
        new(SwarmLabels.Whitelists, """["node==a"]"""),
        new(SwarmLabels.Tolerations, """["*"]"""),
        new(SwarmLabels.ReschedulePolicies, """["on-node-failure"]"""),
        new(SwarmLabels.Id, new string('f', 64)),
        new(SwarmLabels.Operation, new string('f', 32)),
        new(SwarmLabels.Demand, """{"v":1,"memory":1073741824}"""),
        new("com.docker.swarm.owner", "image"),
        new("com.docker.swarm.generation", "9"),
        new("com.docker.swarm.devices", "all"),
    ]);

    [Test]
    public async Task Nothing_that_an_image_says_is_said_of_a_container_created_through_the_cluster(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var listed = cluster.Containers.Get("web");
        var inspected = await cluster.Containers.InspectAsync("web", cancellationToken);

        foreach (var view in (ContainerView[])[created.View, listed.View, inspected.View])
        {
            view.Labels.Keys.Should().BeEquivalentTo("own", SwarmLabels.Id, SwarmLabels.Operation, SwarmLabels.Demand);
            view.Labels["own"].Should().Be("image");
            view.SwarmId.Should().NotBe(_image[SwarmLabels.Id]);
            view.Labels[SwarmLabels.Operation].Should().NotBe(_image[SwarmLabels.Operation]);
            view.Resources.Should().Be(new ResourceVector { Slots = 1 });
        }

        cluster.Cluster.Snapshot.Nodes.Single().Used.Should().Be(new ResourceVector { Slots = 1 });
    }

    [Test]
    public async Task What_a_container_asks_for_goes_before_what_its_image_says(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { NamedResources = A.Named("gpu", 1), Constraints = ["node==engine-0"] }, cancellationToken);

        created.View.Resources.Named["gpu"].Should().Be(1);
        created.View.Labels[SwarmLabels.Constraints].Should().Be("""["node==engine-0"]""");
    }

    [Test]
    public async Task Every_label_of_the_library_is_in_what_the_engine_is_sent(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var sent = ContainerConfig.Parse(cluster.Host(0).Daemon.Containers.Single().Body.Span).Typed.Labels;
        sent.Keys.Should().BeEquivalentTo(_image.Keys.Where(key => key != "own"));
        sent.Where(label => label.Value.Length > 0).Select(label => label.Key).Should().BeEquivalentTo(SwarmLabels.Id, SwarmLabels.Operation, SwarmLabels.Demand);
    }

    [Test]
    public async Task A_container_that_was_made_beside_the_cluster_may_have_its_labels_of_its_image(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(LabelSet.Create(_image.Where(label => label.Key != SwarmLabels.Operation)));
        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("ours"), cancellationToken);
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("theirs"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 2, "it shows up");

        var theirs = cluster.Containers.Get("theirs").View;

        created.View.IsOfCluster.Should().BeTrue();
        theirs.IsOfCluster.Should().BeFalse();
        theirs.Inspection.IsEmpty.Should().BeTrue("nobody asked for it to be made again elsewhere");
    }

    [Test]
    public void A_label_of_the_library_without_a_value_is_none_and_none_that_was_left_out()
    {
        var labels = LabelSet.Create([.. ReservedLabels.Written.Select(label => KeyValuePair.Create(label, "")), new("own", ""), new("com.docker.swarm.made-up", "")]);

        var kept = new EngineIntake(new EngineLimits()).Labels(labels, out var omitted);

        kept.Keys.Should().Equal("own");
        omitted.Should().Be(0);
    }

    [Test]
    public void An_operation_without_a_value_vouches_for_nothing() =>
        CountedDemand.Of(LabelSet.Create([new(SwarmLabels.Operation, ""), new(SwarmLabels.Demand, """{"v":1,"memory":1073741824}""")])).Should().BeNull();

    [TestCase("", false)]
    [TestCase("x", false)]
    [TestCase("0123456789abcdef0123456789abcdef", true)]
    [TestCase("0123456789ABCDEF0123456789abcdef", false)]
    [TestCase("0123456789abcdef0123456789abcdef0", false)]
    public void A_container_is_of_a_cluster_where_it_carries_an_operation(string operation, bool isOfCluster) =>
        new ContainerView { Id = "a", Labels = LabelSet.Create([new(SwarmLabels.Operation, operation)]) }.IsOfCluster.Should().Be(isOfCluster);

    [Test]
    public async Task A_twin_keeps_what_its_container_was_asked_for_also_where_the_image_says_the_same(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Constraints = ["region==eu"], Labels = LabelSet.Create([new("own", "image")]) }, cancellationToken);

        var twin = await TwinAsync(cluster, "web", cancellationToken);

        twin.Labels[SwarmLabels.Constraints].Should().Be("""["region==eu"]""");
        twin.Labels.ContainsKey("own").Should().BeFalse("the image brings its own");
        twin.Labels.Values.Should().NotContain("", "what was written empty says nothing");
    }

    [Test]
    public async Task A_twin_of_a_container_made_beside_the_cluster_leaves_to_the_image_what_is_the_images(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(LabelSet.Create(_image.Where(label => label.Key != SwarmLabels.Operation)));
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it shows up");

        (await TwinAsync(cluster, "web", cancellationToken)).Labels.Should().BeEmpty();
    }

    private static async Task<ContainerSpec> TwinAsync(TestCluster cluster, string name, CancellationToken cancellationToken)
    {
        var inspection = await cluster.Containers.InspectAsync(name, cancellationToken);
        var labels = cluster.Host(0).Daemon.Containers.Single().Image!.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value));
        var image = new JsonObject { ["Config"] = new JsonObject { ["Labels"] = new JsonObject(labels) } };
        return InspectToCreate.Convert(inspection.Json, Encoding.UTF8.GetBytes(image.ToJsonString()), "engine-0", new Version(1, 41)).Config.Typed;
    }

    private static Task<TestCluster> StartAsync(LabelSet? labels = null) => TestCluster.StartAsync(
        engine: (host, _) => host with
        {
            Images = [InMemoryImage.BusyBox with { Labels = labels ?? _image }],
            NamedResources = A.Named("gpu", 8),
            Labels = LabelSet.Create([new("region", "eu")]),
        });
}
