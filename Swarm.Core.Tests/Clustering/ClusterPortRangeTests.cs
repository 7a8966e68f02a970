using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Who asks for one of several host ports gets one that the cluster has chosen, and nobody else gets that.</summary>
[CancelAfter(60_000)]
public sealed class ClusterPortRangeTests
{
    [Test]
    public async Task Two_containers_with_one_range_each_get_a_port_of_their_own_on_one_node(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Containers.RunAsync(Publishing("8000-8010"), cancellationToken);
        await cluster.Containers.RunAsync(Publishing("8000-8010"), cancellationToken);

        await cluster.UntilAsync(() => cluster.Containers.List().All(container => !container.View.PublishedPorts.IsEmpty), "both are published");
        cluster.Containers.List().Select(container => container.View.PublishedPorts[0].HostPort).Should().BeEquivalentTo("8000", "8001");
    }

    [TestCase("http")]
    [TestCase("+8080")]
    [TestCase("8080/tcp")]
    public async Task A_host_port_that_is_no_number_reaches_no_engine_and_takes_no_place(string hostPort, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = cluster.Containers.Awaiting(containers => containers.CreateAsync(Publishing(hostPort) with { Name = "web" }, cancellationToken));
        var plan = () => cluster.Cluster.Plan(Publishing(hostPort));

        await create.Should().ThrowAsync<InvalidRequestException>().WithMessage($"*'{hostPort}' of 80/tcp*");
        plan.Should().Throw<InvalidRequestException>();
        cluster.Host(0).Daemon.Containers.Should().BeEmpty();
        (await cluster.Containers.CreateAsync(Publishing("8000") with { Name = "web" }, cancellationToken)).Name.Should().Be("web");
    }

    [TestCase("8000/tcp")]
    [TestCase("8000/udp")]
    public async Task A_port_that_somebody_else_binds_with_a_protocol_behind_it_is_taken(string hostPort, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Host(0).Local.Containers.CreateAsync(Publishing(hostPort), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it shows up");

        (await cluster.Containers.TryCreateAsync(Publishing("8000"), cancellationToken)).IsCreated.Should().BeFalse("it takes the port once it is started");
        (await cluster.Containers.CreateAsync(Publishing("8000-8001"), cancellationToken)).View.PortBindings.Single().HostPort.Should().Be("8001");
    }

    [Test]
    public async Task A_port_that_there_is_not_reaches_no_engine(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Containers.Awaiting(containers => containers.CreateAsync(Publishing("99999"), cancellationToken)).Should().ThrowAsync<InvalidRequestException>().WithMessage("*'99999' of 80/tcp*");

        cluster.Host(0).Daemon.Containers.Should().BeEmpty();
    }

    [Test]
    public async Task The_engine_is_asked_for_the_port_and_for_no_range(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(Publishing("8000"), cancellationToken);

        var created = await cluster.Containers.CreateAsync(
            ContainerConfig.Parse("""{"Image":"busybox","Cmd":["sleep","600"],"ExposedPorts":{"80/tcp":{},"90/tcp":{}},"HostConfig":{"Memory":8388608,"PortBindings":{"90/tcp":[{"HostIp":"127.0.0.1","HostPort":"09000"}],"80/tcp":[{"HostPort":"8000-8010"}]}}}"""u8),
            cancellationToken: cancellationToken);

        var body = Encoding.UTF8.GetString(cluster.Host(0).CreateBodyOf(created.Id).Span);
        body.Should().Contain("""PortBindings":{"90/tcp":[{"HostIp":"127.0.0.1","HostPort":"09000"}],"80/tcp":[{"HostPort":"8001"}]}""").And.Contain("""Memory":8388608""");
        created.View.PortBindings.Select(binding => binding.HostPort).Should().BeEquivalentTo("9000", "8001");
    }

    [Test]
    public async Task As_many_fit_as_the_range_has_ports_and_the_next_is_refused_before_an_engine_is_asked(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        for (var i = 0; i < 11; i++)
        {
            await cluster.Containers.CreateAsync(Publishing("8000-8010"), cancellationToken);
        }

        var result = await cluster.Containers.TryCreateAsync(Publishing("8000-8010"), cancellationToken);

        result.IsCreated.Should().BeFalse();
        result.Placement.RejectionCounts.Single().Should().Match<RejectionCount>(reason => reason.Code == RejectionCodes.Port && reason.Subject == "8000-8010/tcp");
        result.Placement.Explain().Should().Contain("8000-8010/tcp").And.Contain("It would fit if it did not ask for port 8000-8010/tcp");
        (await cluster.Containers.TryCreateAsync(Publishing("8005"), cancellationToken)).IsCreated.Should().BeFalse("the port is one of those chosen");
        cluster.Host(0).Daemon.Containers.Should().HaveCount(11);
    }

    [Test]
    public async Task A_port_that_is_free_again_is_chosen_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(Publishing("8000-8001") with { Name = "first" }, cancellationToken);
        await cluster.Containers.CreateAsync(Publishing("8000-8001"), cancellationToken);
        await cluster.Containers.RemoveAsync("first", cancellationToken: cancellationToken);

        var third = await cluster.Containers.CreateAsync(Publishing("8000-8001"), cancellationToken);

        third.View.PortBindings.Single().HostPort.Should().Be("8000");
    }

    [Test]
    public async Task Many_at_once_never_get_the_same_port(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        await Task.WhenAll(Enumerable.Range(0, 22).Select(_ => cluster.Containers.CreateAsync(Publishing("8000-8010"), cancellationToken)));

        foreach (var engine in new[] { 0, 1 })
        {
            cluster.Engine(engine).Containers.Select(container => container.PortBindings.Single().HostPort).Should().HaveCount(11).And.OnlyHaveUniqueItems();
        }
    }

    [Test]
    public async Task A_plan_shows_the_port_that_is_chosen()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(Publishing("8000"));

        var plan = cluster.Cluster.Plan(Publishing("8000-8010"));

        plan.Request.PortBindings.Single().HostPort.Should().Be("8001");
        plan.Explain().Should().Contain("Of the host ports 8000-8010/tcp it gets 8001.");
    }

    [Test]
    public async Task Containers_that_are_planned_together_get_ports_of_their_own()
    {
        await using var cluster = await TestCluster.StartAsync();

        var plans = cluster.Cluster.PlanInOrder([Publishing("8000-8001"), Publishing("8000-8001"), Publishing("8000-8001")]);

        plans.Select(plan => plan.IsPlaced ? plan.Request.PortBindings.Single().HostPort : null).Should().Equal("8000", "8001", null);
    }

    [TestCase("8010-8000")]
    [TestCase("8000-")]
    [TestCase("8000-70000")]
    public async Task A_range_that_is_none_is_refused_before_an_engine_is_asked(string hostPort)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = () => cluster.Containers.CreateAsync(Publishing(hostPort));

        (await create.Should().ThrowAsync<InvalidRequestException>()).Which.Field.Should().Be("HostConfig.PortBindings");
        cluster.Host(0).Daemon.Containers.Should().BeEmpty();
    }

    private static ContainerSpec Publishing(string port) => TestCluster.Spec() with { PortBindings = [new PortBinding("80/tcp", "", port)] };
}
