using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterOptionsTests
{
    [Test]
    public async Task An_overcommit_that_is_changed_later_does_not_count_at_the_next_start()
    {
        var (cluster, options) = await StartAsync();
        await using var disposed = cluster;
        var before = cluster.Cluster.Snapshot.Nodes.Single().Total;

        await RestartAsync(cluster, () => options.Overcommit = 9);

        cluster.Cluster.Snapshot.Nodes.Single().Total.Should().Be(before);
    }

    [Test]
    public async Task What_was_never_checked_is_not_worked_with_at_the_next_start()
    {
        var (cluster, options) = await StartAsync();
        await using var disposed = cluster;

        await RestartAsync(cluster, () => options.MaxDiscoveredEngines = 0);

        cluster.Engine(0).Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public async Task A_grace_time_that_is_changed_later_does_not_count_at_the_next_start()
    {
        var (cluster, options) = await StartAsync();
        await using var disposed = cluster;
        await RestartAsync(cluster, () => options.EngineRemovalGrace = TimeSpan.Zero);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));

        await cluster.UntilAsync(() => cluster.Cluster.Engines.List() is not [{ IsDiscovered: true }], "discovery is heard");
        cluster.Cluster.Engines.List().Should().ContainSingle("it is kept for a while");
    }

    [Test]
    public async Task That_images_are_pulled_no_more_does_not_count_at_the_next_start(CancellationToken cancellationToken)
    {
        var (cluster, options) = await StartAsync();
        await using var disposed = cluster;
        await RestartAsync(cluster, () => options.PullMissingImages = false);

        cluster.Host(0).AddToRegistry(new InMemoryImage("app:1"));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = "app:1" }, cancellationToken);

        cluster.Host(0).Pulls.Should().ContainSingle();
    }

    private static async Task<(TestCluster Cluster, SwarmOptions Options)> StartAsync()
    {
        SwarmOptions? made = null;
        var cluster = await TestCluster.StartAsync(options: options => made = options);
        return (cluster, made!);
    }

    private static async Task RestartAsync(TestCluster cluster, Action change)
    {
        await cluster.Cluster.StopAsync();
        change();
        await cluster.StartAsync();
    }
}
