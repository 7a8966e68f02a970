using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>A cluster of one engine of another kind or age than the machine's.</summary>
/// <param name="release">Which engine.</param>
[TestFixtureSource(typeof(EngineReleases), nameof(EngineReleases.Names))]
[Category("Engines")]
[NonParallelizable]
public sealed class EngineReleaseClusterTests(string release)
{
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(500);

    [Test]
    public async Task An_engine_stays_one_engine_however_often_it_is_read()
    {
        var daemon = await DockerDaemons.SharedWithNetworkAsync(EngineReleases.Named(release));
        var read = 0;
        var connector = new TappedConnector(new DockerEngineConnector(new EngineConnectionOptions()))
        {
            OnConnected = tapped => tapped.OnSpecs = specs =>
            {
                Interlocked.Increment(ref read);
                return specs;
            },
        };
        await using var cluster = await ClusterUnderTest.StartAsync(
            new SwarmPlugins { Discovery = new InMemoryDiscovery(daemon.Unix), Connector = connector },
            options => options.RefreshInterval = _often);
        var engine = await cluster.UntilAsync(daemon.Unix, EngineStatus.Healthy);
        var made = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("web"));
        var before = Volatile.Read(ref read);

        await Eventually.IsTrueAsync(
            () =>
            {
                cluster.Containers.List().Select(container => container.Id).Should().Equal(made.Id);
                return Volatile.Read(ref read) >= before + 5;
            },
            "it is read again and again");

        cluster.Engine(daemon).Should().Match<EngineState>(each => each.Status == EngineStatus.Healthy && each.Id == engine.Id);
        await cluster.Containers.RemoveAsync(made.Id, force: true);
        await cluster.EventsUntilAsync(each => each is ContainerChanged { Kind: ContainerEventKind.Removed });
    }

    [Test]
    public async Task One_engine_under_two_addresses_takes_part_once()
    {
        var daemon = await DockerDaemons.SharedAsync(release: EngineReleases.Named(release));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.RefreshInterval = _often, daemon.Unix, daemon.Tcp);

        var engines = await cluster.Cluster.Engines.WaitUntilAsync(all => all.Count(each => each.Status == EngineStatus.Healthy) == 1 && all.Count(each => each.Reason is not null) == 1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

        engines.Single(each => each.Status != EngineStatus.Healthy).Reason.Should().EndWith("one daemon under two addresses takes part once.");
    }
}
