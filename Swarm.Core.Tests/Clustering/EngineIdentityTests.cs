using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class EngineIdentityTests
{
    [Test]
    public async Task One_daemon_that_is_read_under_two_addresses_at_once_takes_part_once(CancellationToken cancellationToken)
    {
        // Which address comes first, and how close behind the other follows, is for the threads to decide: many starts, for many of their orders.
        for (var start = 0; start < 100; start++)
        {
            var hosts = new InMemoryEngines();
            var host = hosts.Add(TestCluster.Host(0, TimeProvider.System));
            hosts.Add(host, TestCluster.AddressOf(1));
            await using var cluster = SwarmCluster.Create(new SwarmOptions(), new SwarmPlugins { Discovery = new InMemoryDiscovery(hosts.Addresses), Connector = hosts });
            await cluster.StartAsync(cancellationToken);

            cluster.Engines.List().Select(engine => engine.Status).Should().BeEquivalentTo([EngineStatus.Healthy, EngineStatus.Pending], "of start {0} too", start);
            cluster.Snapshot.Nodes.Should().ContainSingle();
        }
    }
}
