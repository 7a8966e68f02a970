using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Docker;

/// <summary>What a real daemon makes of containers and requests that say more than can be kept.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class OversizedContainerTests
{
    private const long MiB = 1L << 20;

    private static IEnumerable<TestCaseData> Oversized =>
    [
        new TestCaseData(ClusterUnderTest.Sleeper("oversized") with { MemoryBytes = 64 * MiB, Labels = LabelSet.Empty.With(SwarmLabels.Prefix + "x", new string('x', 300_000)) }).SetArgDisplayNames("a label of 300 kB"),
        new TestCaseData(ClusterUnderTest.Sleeper("oversized") with { MemoryBytes = 64 * MiB, ExposedPorts = [.. Enumerable.Range(1, 40_000).Select(port => $"{port}/tcp")] }).SetArgDisplayNames("40,000 exposed ports"),
    ];

    [TestCaseSource(nameof(Oversized))]
    public async Task A_container_that_says_too_much_leaves_its_engine_in_service_and_can_be_removed(ContainerSpec spec)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using (var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(daemon.Tcp, CancellationToken.None))
        {
            await engine.Containers.CreateAsync(spec, CancellationToken.None);
        }

        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);

        cluster.Engine(daemon).IsEligible.Should().BeTrue();
        cluster.Containers.Get("oversized").View.Should().Match<ContainerView>(view => view.IsTruncated == view.ExposedPorts.IsEmpty && !view.IsUnread && view.Resources.MemoryBytes == 64 * MiB);
        await FluentActions.Awaiting(() => cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("oversized"))).Should().ThrowAsync<NameConflictException>();
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("another"));
        await cluster.Containers.RemoveAsync("oversized", force: true);
        (await ClusterUnderTest.ListAsync(daemon)).Should().HaveCount(1);
    }

    [TestCaseSource(nameof(Oversized))]
    public async Task A_request_that_says_too_much_never_reaches_an_engine(ContainerSpec spec)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.BodyRules = BodyRules.Classic, daemon.Tcp);

        var create = () => cluster.Containers.CreateAsync(spec);

        (await create.Should().ThrowAsync<InvalidRequestException>()).Which.ExceededLimit!.Container.Should().Be("oversized");
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
    }
}
