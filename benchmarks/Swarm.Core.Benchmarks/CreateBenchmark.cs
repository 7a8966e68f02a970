using System.Diagnostics;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Benchmarks;

/// <summary>Whole creates through the public API on engines in memory: read, decide, reserve, create, inspect, settle.</summary>
internal static class CreateBenchmark
{
    /// <summary>Measures creates one after another; time and allocations are those of the whole process, the engines' included.</summary>
    public static async Task<(double Microseconds, double Bytes)> RunAsync(Workload workload, int engines, int creates)
    {
        var hosts = new InMemoryEngines();
        for (var i = 0; i < engines; i++)
        {
            hosts.Add(new InMemoryEngineOptions
            {
                Address = EngineAddress.Parse($"host-{i:d5}:2375"),
                Name = $"host-{i:d5}",
                Cpus = 64,
                MemoryBytes = 256L << 30,
                Labels = Workload.Labels(i),
                Images = [.. Enumerable.Range(0, 100).Select(image => new InMemoryImage($"registry.example.com/app/web-{image}:1.0"))],
            });
        }

        await using var cluster = SwarmCluster.Create(
            new SwarmOptions { Strategy = workload.Strategy, Seed = 1, StartupTimeout = TimeSpan.FromMinutes(5) },
            new SwarmPlugins { Discovery = new StaticDiscovery(hosts.Addresses), Connector = hosts });
        await cluster.StartAsync();
        var configs = Enumerable.Range(0, creates + 100).Select(workload.Container).ToArray();
        foreach (var config in configs.AsSpan(0, 100).ToArray())
        {
            await cluster.Containers.CreateAsync(config);
        }

        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        for (var j = 100; j < configs.Length; j++)
        {
            await cluster.Containers.CreateAsync(configs[j]);
        }

        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds / creates, (double)(GC.GetTotalAllocatedBytes() - bytes) / creates);
    }
}
