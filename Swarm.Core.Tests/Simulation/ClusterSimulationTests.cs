using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Swarm.Core.Testing;

/// <summary>The library under faults, in hours of virtual time. <c>SWARM_SIM_HOURS</c> says how many, <c>SWARM_SIM_SEED</c> repeats one run, and <c>SWARM_SIM_FAULTS</c> names the only faults that there are to be.</summary>
[Category("Simulation")]
public sealed class ClusterSimulationTests
{
    private static readonly TimeSpan _byDefault = TimeSpan.FromHours(200);
    private static readonly TimeSpan _perSeed = TimeSpan.FromHours(2);
    private static readonly TimeSpan _withItsEnd = TimeSpan.FromHours(2.2);

    // A machine that others keep busy simulates less, and says so.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan _short = TimeSpan.FromMinutes(20);

    private static TimeSpan? GivenTime => Environment.GetEnvironmentVariable("SWARM_SIM_HOURS") is { } hours
        ? TimeSpan.FromHours(double.Parse(hours, CultureInfo.InvariantCulture))
        : null;

    private static long? GivenSeed => Environment.GetEnvironmentVariable("SWARM_SIM_SEED") is { } seed
        ? long.Parse(seed, CultureInfo.InvariantCulture)
        : null;

    // The first that draws a thousand engines.
    private const long SeedOfAThousand = 101;

    private static string[] GivenFaults => Environment.GetEnvironmentVariable("SWARM_SIM_FAULTS")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    [Test]
    public void The_cluster_keeps_its_promises_whatever_fails()
    {
        var counts = new ScenarioCounts();
        var unobserved = new List<string>();
        void Observe(object? sender, UnobservedTaskExceptionEventArgs args) => unobserved.Add(args.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Observe;
        var watch = Stopwatch.StartNew();
        var isWhole = true;
        try
        {
            if (GivenSeed is { } given)
            {
                ClusterScenario.Run(given, GivenTime ?? _perSeed, counts, GivenFaults);
            }
            else
            {
                isWhole = RunSeeds(GivenTime ?? _byDefault, counts, watch);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        TestContext.Progress.WriteLine($"{counts.Time.TotalHours:0} of {(GivenTime ?? _byDefault).TotalHours:0} hours simulated in {watch.Elapsed.TotalMinutes:0.0} minutes");
        TestContext.Out.WriteLine($"{counts}; {counts.Steps / watch.Elapsed.TotalSeconds:N0} steps a second");
        unobserved.Should().BeEmpty("no failure may go unheard");
        if (!isWhole)
        {
            counts.Time.Should().BeGreaterThan(_byDefault / 10, "a machine may be busy, but not that busy");
            Assert.Ignore($"The machine is too busy: {counts.Time.TotalHours:0} of {_byDefault.TotalHours:0} hours were simulated within {_patience}. Nothing was violated in those.");
        }

        if (GivenSeed is null && GivenFaults is [] && (GivenTime ?? _byDefault) >= _byDefault)
        {
            counts.Time.Should().BeGreaterThanOrEqualTo(_byDefault);
            ScenarioKnobs.AllNames.Concat(ClusterScenario.Deeds).Where(kind => counts.Of(kind) == 0).Should().BeEmpty("what never happened was not tested");
        }
    }

    // So few draw a thousand engines that none of them may be among the first.
    private static IEnumerable<long> SeedsFor(TimeSpan wanted)
    {
        long[] thousand = GivenFaults is [] && wanted >= _byDefault ? [SeedOfAThousand] : [];
        return [.. thousand, .. Enumerable.Range(1, (int)Math.Ceiling(wanted / _withItsEnd)).Select(seed => (long)seed)];
    }

    /// <summary>Runs one seed after the other on each core: what seeds come to does not depend on which of them meet.</summary>
    /// <returns>Whether all had their turn.</returns>
    private static bool RunSeeds(TimeSpan wanted, ScenarioCounts counts, Stopwatch watch)
    {
        var gate = new Lock();
        var seeds = new Queue<long>(SeedsFor(wanted));
        var failures = new List<ExceptionDispatchInfo>();
        long? Take()
        {
            lock (gate)
            {
                var isOver = failures.Count > 0 || (GivenTime is null && watch.Elapsed > _patience);
                return !isOver && seeds.TryDequeue(out var seed) ? seed : null;
            }
        }

        void Work()
        {
            while (Take() is { } seed)
            {
                var own = new ScenarioCounts();
                try
                {
                    ClusterScenario.Run(seed, _perSeed, own, GivenFaults);
                }
                catch (Exception exception)
                {
                    lock (gate)
                    {
                        failures.Add(ExceptionDispatchInfo.Capture(exception));
                    }
                }

                lock (gate)
                {
                    counts.Add(own);
                }
            }
        }

        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failures.FirstOrDefault()?.Throw();
        return seeds.Count == 0;
    }

    [Test]
    public void The_same_seed_takes_the_same_steps()
    {
        var first = ClusterScenario.Run(7, _short, new ScenarioCounts());
        var second = ClusterScenario.Run(7, _short, new ScenarioCounts());

        second.Should().Be(first);
    }

    [Test]
    public void Another_seed_takes_other_steps() =>
        ClusterScenario.Run(8, _short, new ScenarioCounts()).Hash.Should().NotBe(ClusterScenario.Run(9, _short, new ScenarioCounts()).Hash);

    [Test]
    public void A_failure_says_how_to_repeat_it() =>
        ClusterScenario.ReplayLine(42, TimeSpan.FromHours(1.5)).Should()
            .Be("SWARM_SIM_SEED=42 SWARM_SIM_HOURS=1.5 dotnet test Swarm.Core.Tests --filter TestCategory=Simulation");
}
