using System.Collections.Concurrent;
using System.Net.Http.Json;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>What a cluster makes of what only Podman does.</summary>
/// <param name="release">Which Podman.</param>
[TestFixtureSource(typeof(EngineReleases), nameof(EngineReleases.PodmanNames))]
[Category("Engines")]
[NonParallelizable]
public sealed class PodmanClusterTests(string release)
{
    private const int Probes = 20;

    [Test]
    public async Task Probes_of_health_that_find_nothing_new_cost_no_look_at_their_container()
    {
        var daemon = await DockerDaemons.SharedAsync(release: EngineReleases.Named(release));
        var looks = new ConcurrentDictionary<string, int>();
        var connector = new TappedConnector(new DockerEngineConnector(new EngineConnectionOptions()))
        {
            OnConnected = tapped => tapped.OnInspect = (id, _) =>
            {
                looks.AddOrUpdate(id, 1, (_, count) => count + 1);
                return Task.CompletedTask;
            },
        };
        await using var cluster = await ClusterUnderTest.StartAsync(new SwarmPlugins { Discovery = new InMemoryDiscovery(daemon.Unix), Connector = connector });
        var probed = await cluster.Containers.RunAsync(ContainerConfig.Parse(
            """{"Image":"busybox:latest","Cmd":["sleep","1000"],"StopSignal":"SIGKILL","Healthcheck":{"Test":["CMD","true"],"Interval":3600000000000},"HostConfig":{"NetworkMode":"none"}}"""u8));
        await AppearsAsync(daemon, cluster, "before");
        var before = looks[probed.Id];

        for (var probe = 0; probe < Probes; probe++)
        {
            using var response = await daemon.Http.GetAsync($"v4.0.0/libpod/containers/{probed.Id}/healthcheck");
            response.EnsureSuccessStatusCode();
        }

        await AppearsAsync(daemon, cluster, "after");
        (await daemon.Http.GetStringAsync("v4.0.0/libpod/events?stream=false&since=10m")).Split("health_status").Should().HaveCountGreaterThan(Probes);

        // The first probe makes it healthy, which a list that is read meanwhile says as well.
        looks[probed.Id].Should().BeInRange(before, before + 1);
    }

    // Events are told in their order: what was made last shows that all before it was heard.
    private static async Task AppearsAsync(DockerDaemon daemon, ClusterUnderTest cluster, string name)
    {
        using var made = await daemon.Http.PostAsJsonAsync($"containers/create?name={name}", new { Image = DockerDaemons.Image });
        made.EnsureSuccessStatusCode();
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Any(container => container.Name == name), $"{name} is shown");
    }
}
