using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>The library under faults, in hours of virtual time; <c>SWARM_SIM_HOURS</c> says how many, and <c>SWARM_SIM_SEED</c> repeats one run.</summary>
[Category("Simulation")]
public sealed class SimulationTests
{
    private static readonly TimeSpan _perSeed = TimeSpan.FromHours(2);

    [Test]
    public void The_cluster_keeps_its_promises_whatever_fails()
    {
        var counts = new ScenarioCounts();
        var hours = double.Parse(Environment.GetEnvironmentVariable("SWARM_SIM_HOURS") ?? "200", CultureInfo.InvariantCulture);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (Environment.GetEnvironmentVariable("SWARM_SIM_SEED") is { } given)
        {
            ClusterScenario.Run(long.Parse(given, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours), counts);
        }
        else
        {
            for (var seed = 1L; counts.Time < TimeSpan.FromHours(hours); seed++)
            {
                ClusterScenario.Run(seed, _perSeed, counts);
            }
        }

        TestContext.Out.WriteLine($"{counts}; {counts.Steps / watch.Elapsed.TotalSeconds:N0} steps a second, {watch.Elapsed}");
    }
}
