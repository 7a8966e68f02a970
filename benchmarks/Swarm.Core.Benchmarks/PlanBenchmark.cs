using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Benchmarks;

/// <summary>Decisions through the public API, the nodes growing fuller with each.</summary>
internal static class PlanBenchmark
{
    /// <summary>Measures a decision on nodes that hold some containers each; the placed container is added between, outside the measurement.</summary>
    public static Measurement Run(Workload workload, int engines, int fill, int placements)
    {
        var cluster = SwarmCluster.Create(
            new SwarmOptions { Strategy = workload.Strategy, Seed = 1 },
            new SwarmPlugins { Discovery = new StaticDiscovery(), Connector = new InMemoryEngines() });
        var nodes = Workload.Nodes(engines, fill);
        var configs = Enumerable.Range(0, placements).Select(workload.Container).ToArray();

        Place(new Measurement(), cluster, nodes, [.. configs.Take(200)]); // warm-up
        GC.Collect();
        var measurement = new Measurement();
        Place(measurement, cluster, nodes, configs);
        return measurement;
    }

    private static void Place(Measurement measurement, SwarmCluster cluster, NodeSet nodes, ContainerConfig[] configs)
    {
        for (var j = 0; j < configs.Length; j++)
        {
            var config = configs[j];
            var snapshot = new ClusterSnapshot(j, nodes);
            var result = measurement.Step(() => cluster.Plan(config, snapshot));
            var node = result.Node ?? throw new PlacementException(result);
            nodes = nodes.With(Workload.Add(node, Workload.View(j, $"{j:x64}")));
        }
    }
}
