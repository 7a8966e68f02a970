using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>Containers that go, and their names after them, on a real daemon: it is at a removal for a quarter of a second.</summary>
[TestFixture]
[Category("Docker")]
[CancelAfter(120_000)]
internal sealed class ClusterRemovalTests
{
    private const int Rounds = 10;

    [Test]
    public async Task What_removes_itself_is_stopped_and_run_again_under_its_name(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        var spec = Sleeper() with { AutoRemove = true };
        await cluster.Containers.RunAsync(spec, cancellationToken);

        for (var round = 0; round < Rounds; round++)
        {
            (await cluster.Containers.StopAsync("again", cancellationToken: cancellationToken)).State.Should().NotBe(ContainerState.Running);
            (await cluster.Containers.RunAsync(spec, cancellationToken)).State.Should().Be(ContainerState.Running);
        }

        await cluster.Containers.StopAsync("again", cancellationToken: cancellationToken);
        await cluster.Containers.RemoveAsync("again", cancellationToken: cancellationToken);
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task What_cannot_be_started_is_run_again_under_its_name(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        var spec = Sleeper() with { Command = ["/no/such/program"] };

        for (var round = 0; round < Rounds; round++)
        {
            var run = () => cluster.Containers.RunAsync(round % 2 == 0 ? spec : spec with { AutoRemove = true }, cancellationToken);
            await run.Should().ThrowAsync<SwarmException>().Where(error => !(error is NameConflictException));
        }

        (await cluster.Containers.RunAsync(Sleeper(), cancellationToken)).State.Should().Be(ContainerState.Running);
        await cluster.Containers.RemoveAsync("again", force: true, cancellationToken: cancellationToken);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Several_remove_one_container_at_once(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);

        for (var round = 0; round < Rounds; round++)
        {
            var container = await cluster.Containers.RunAsync(Sleeper() with { AutoRemove = round % 2 == 0 }, cancellationToken);

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Containers.RemoveAsync(container.Id, force: true, cancellationToken: cancellationToken)));

            cluster.Containers.List().Should().BeEmpty();
        }
    }

    private static ContainerSpec Sleeper() => ClusterUnderTest.Sleeper("again");
}
