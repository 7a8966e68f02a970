using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>A container with thousands of ports, such as a media server or a relay, is counted like any other and takes nobody's engine out.</summary>
[CancelAfter(120_000)]
public sealed class ClusterManyPortsTests
{
    [Test]
    public async Task An_image_that_exposes_all_higher_ports_can_be_run_by_hand(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: WithImages);
        var id = (await cluster.Host(0).Local.Containers.CreateAsync(Spec("relay"), cancellationToken)).Id;
        await cluster.Host(0).Local.Containers.StartAsync(id, cancellationToken);

        await cluster.UntilAsync(() => cluster.Engine(0).FindContainer(id)?.State == ContainerState.Running, "it is seen to run");
        await ShouldBeInServiceAsync(cluster, cancellationToken);
        cluster.Engine(0).FindContainer(id)!.ExposedPorts.Should().Equal("1025-65535/tcp");
        cluster.Engine(0).FindContainer(id)!.IsTruncated.Should().BeFalse();
    }

    [Test]
    public async Task An_image_that_exposes_all_higher_ports_can_be_run_by_the_cluster(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: WithImages);

        var running = await cluster.Containers.RunAsync(Spec("relay"), cancellationToken);

        running.State.Should().Be(ContainerState.Running);
        await ShouldBeInServiceAsync(cluster, cancellationToken);
    }

    [TestCase(5_000)]
    [TestCase(10_001)]
    [TestCase(65_535)]
    public async Task A_container_that_publishes_thousands_of_ports_is_shown_running_and_holds_each_of_them(int count, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var id = await RunByHandAsync(cluster, count, cancellationToken);

        await cluster.UntilAsync(() => cluster.Engine(0).FindContainer(id)?.State == ContainerState.Running, "it is seen to run");
        await ShouldBeInServiceAsync(cluster, cancellationToken);
        foreach (var port in new[] { 1, 2, 1024, count / 2, count })
        {
            (await cluster.Containers.TryCreateAsync(Publishing($"{port}"), cancellationToken)).Placement.RejectionCounts.Single().Code.Should().Be(RejectionCodes.Port);
        }

        cluster.Cluster.Plan(Publishing("1") with { PortBindings = [new PortBinding("80/tcp", "", "1")] }).IsPlaced.Should().BeTrue("they are of udp");
        if (count < 65_535)
        {
            cluster.Cluster.Plan(Publishing($"{count + 1}")).IsPlaced.Should().BeTrue();
            cluster.Cluster.Plan(Publishing("1-65535")).Request.PortBindings.Single().HostPort.Should().Be($"{count + 1}");
        }
    }

    [Test]
    public async Task After_a_restart_of_the_program_its_engine_goes_on_getting_work(CancellationToken cancellationToken)
    {
        await using var cluster = TestCluster.Create();
        var id = await RunByHandAsync(cluster, 5_000, cancellationToken);

        await cluster.StartAsync();

        await cluster.UntilAsync(() => cluster.Engine(0).FindContainer(id)?.State == ContainerState.Running, "it is seen to run");
        await ShouldBeInServiceAsync(cluster, cancellationToken);
    }

    [Test]
    public async Task Its_ports_are_free_once_it_is_gone(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var id = await RunByHandAsync(cluster, 10_000, cancellationToken);
        await cluster.UntilAsync(() => cluster.Engine(0).FindContainer(id)?.State == ContainerState.Running, "it is seen to run");

        await cluster.Containers.RemoveAsync(id, force: true, cancellationToken: cancellationToken);

        (await cluster.Containers.TryCreateAsync(Publishing("5000"), cancellationToken)).IsCreated.Should().BeTrue();
    }

    [Test]
    public async Task The_cluster_runs_one_itself_where_its_host_allows_that_many(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options =>
        {
            options.SpecLimits.MaxPortBindings = options.SpecLimits.MaxExposedPorts = options.SpecLimits.MaxEntries = 10_001;
        });

        var running = await cluster.Containers.RunAsync(Many(10_001), cancellationToken);

        running.State.Should().Be(ContainerState.Running);
        running.View.PublishedPorts.Should().NotBeEmpty();
        (await cluster.Containers.TryCreateAsync(Publishing("7777"), cancellationToken)).IsCreated.Should().BeFalse();
    }

    private static async Task ShouldBeInServiceAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        cluster.Engine(0).Should().Match<EngineState>(engine => engine.IsEligible && !engine.IsDegraded);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeTrue();
    }

    private static async Task<string> RunByHandAsync(TestCluster cluster, int count, CancellationToken cancellationToken)
    {
        var engine = cluster.Host(0).Local.Containers;
        var id = (await engine.CreateAsync(Many(count), cancellationToken)).Id;
        await engine.StartAsync(id, cancellationToken);
        return id;
    }

    private static ContainerSpec Many(int count) => TestCluster.Spec() with
    {
        NetworkMode = "bridge",
        ExposedPorts = [.. Enumerable.Range(1, count).Select(port => $"{port}/udp")],
        PortBindings = [.. Enumerable.Range(1, count).Select(port => new PortBinding($"{port}/udp", "", $"{port}"))],
    };

    private static ContainerSpec Publishing(string port) => TestCluster.Spec() with { PortBindings = [new PortBinding("80/udp", "", port)] };

    private static ContainerSpec Spec(string image) => TestCluster.Spec() with { Image = image };

    private static InMemoryEngineOptions WithImages(InMemoryEngineOptions host, int number) => host with
    {
        Images = [InMemoryImage.BusyBox, new InMemoryImage("relay") { ExposedPorts = [.. Enumerable.Range(1025, 64_511).Select(port => $"{port}/tcp")] }],
    };
}
