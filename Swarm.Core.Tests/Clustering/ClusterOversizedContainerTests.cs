using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>A container that says more than can be kept, or has more ports than are kept one by one, takes neither its engine nor its name away, however it came there.</summary>
[CancelAfter(60_000)]
public sealed class ClusterOversizedContainerTests
{
    private const long GiB = 1L << 30;

    private static IEnumerable<TestCaseData> Oversized =>
    [
        new TestCaseData(TestCluster.Spec("web", memory: 5 * GiB) with { Labels = LabelSet.Empty.With(SwarmLabels.Prefix + "x", new string('x', 300_000)) }).SetArgDisplayNames("a label of 300 kB"),
        new TestCaseData(TestCluster.Spec("web", memory: 5 * GiB) with { ExposedPorts = Ports(40_000) }).SetArgDisplayNames("40,000 exposed ports"),
        new TestCaseData(TestCluster.Spec("web", memory: 5 * GiB) with { Image = "many" }).SetArgDisplayNames("40,000 exposed ports of the image"),
        new TestCaseData(TestCluster.Spec("web", memory: 5 * GiB) with { Image = "long" }).SetArgDisplayNames("a label of 300 kB of the image"),
    ];

    [TestCaseSource(nameof(Oversized))]
    public async Task A_container_of_somebody_else_that_says_too_much_leaves_its_engine_in_service_and_can_be_removed(ContainerSpec spec)
    {
        await using var cluster = await TestCluster.StartAsync(engine: WithImages);
        await cluster.Host(0).Local.Containers.CreateAsync(spec, CancellationToken.None);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is seen");

        await ShouldBeKnownAndRemovableAsync(cluster);
    }

    [TestCaseSource(nameof(Oversized))]
    public async Task A_container_that_said_too_much_before_the_start_leaves_its_engine_in_service_and_can_be_removed(ContainerSpec spec)
    {
        await using var cluster = TestCluster.Create(engine: WithImages);
        await cluster.Host(0).Local.Containers.CreateAsync(spec, CancellationToken.None);
        await cluster.StartAsync();

        await ShouldBeKnownAndRemovableAsync(cluster);
    }

    [TestCase("many")]
    [TestCase("long")]
    public async Task What_an_image_adds_to_a_container_of_the_cluster_does_no_harm(string image)
    {
        await using var cluster = await TestCluster.StartAsync(engine: WithImages);

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 5 * GiB) with { Image = image });

        created.View.SwarmId.Should().NotBeEmpty();
        await ShouldBeKnownAndRemovableAsync(cluster);
    }

    [Test]
    public async Task A_container_of_the_cluster_whose_inspection_is_too_long_to_be_read_counts_for_what_its_labels_say()
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 5 * GiB));
        connector!.Engines[0].OnInspect = (_, _) => throw new EngineProtocolException(TestCluster.AddressOf(0), "inspect container", "its answer is longer than 4194304 bytes") { IsTooLong = true };

        cluster.Host(0).Disconnect();
        await cluster.PassTimeUntilAsync(() => !cluster.Is(0, EngineStatus.Healthy), "it is lost");
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is read again");

        cluster.Engine(0).Degradations.Should().BeEmpty();
        cluster.Containers.Get("web").View.Should().Match<ContainerView>(view => view.IsTruncated && !view.IsUnread && view.Resources.MemoryBytes == 5 * GiB);
        await ShouldBeKnownAndRemovableAsync(cluster);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_container_that_becomes_too_long_to_be_read_is_shown_as_what_it_is_doing_all_the_same(bool isOfCluster)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        var spec = TestCluster.Spec("web", memory: 5 * GiB);
        var id = isOfCluster ? (await cluster.Containers.CreateAsync(spec)).Id : (await cluster.Host(0).Local.Containers.CreateAsync(spec, CancellationToken.None)).Id;
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is seen");
        connector!.Engines[0].OnInspect = (_, _) => throw new EngineProtocolException(TestCluster.AddressOf(0), "inspect container", "its answer is longer than 33554432 bytes") { IsTooLong = true };

        await cluster.Host(0).Local.Containers.StartAsync(id, CancellationToken.None);
        await cluster.PassTimeUntilAsync(() => cluster.Containers.Get("web").State == ContainerState.Running, "it is shown to run");

        cluster.Engine(0).Should().Match<EngineState>(engine => engine.IsEligible && !engine.IsDegraded);
        cluster.Containers.Get("web").View.Should().Match<ContainerView>(view => view.IsTruncated && !view.IsUnread && view.Resources.MemoryBytes == 5 * GiB);

        await cluster.Host(0).Local.Containers.KillAsync(id, "KILL", CancellationToken.None);
        await cluster.PassTimeUntilAsync(() => cluster.Containers.Get("web").State == ContainerState.Exited, "its end is shown");
        cluster.Containers.Get("web").View.ExitCode.Should().Be(137, "the list tells of it");
    }

    private static async Task ShouldBeKnownAndRemovableAsync(TestCluster cluster)
    {
        cluster.Engine(0).Should().Match<EngineState>(engine => engine.IsEligible && !engine.IsDegraded);
        var known = cluster.Containers.Get("web");
        known.View.Should().Match<ContainerView>(view => view.IsTruncated == view.ExposedPorts.IsEmpty && !view.IsUnread && view.State == ContainerState.Created && view.Resources.MemoryBytes == 5 * GiB);

        // It takes what it takes, and its name is held.
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 4 * GiB))).IsCreated.Should().BeFalse();
        await FluentActions.Awaiting(() => cluster.Containers.CreateAsync(TestCluster.Spec("web"))).Should().ThrowAsync<NameConflictException>();
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 2 * GiB))).IsCreated.Should().BeTrue();

        await cluster.Containers.RemoveAsync("web");
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is gone");
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 5 * GiB))).Name.Should().Be("web");
    }

    private static InMemoryEngineOptions WithImages(InMemoryEngineOptions host, int number) => host with
    {
        Images =
        [
            InMemoryImage.BusyBox,
            new InMemoryImage("many") { ExposedPorts = Ports(40_000) },
            new InMemoryImage("long") { Labels = LabelSet.Empty.With(SwarmLabels.Prefix + "x", new string('x', 300_000)) },
        ],
    };

    private static System.Collections.Immutable.ImmutableArray<string> Ports(int count) => [.. Enumerable.Range(1, count).Select(port => $"{port}/tcp")];
}
