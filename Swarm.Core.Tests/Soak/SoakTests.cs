using System.Diagnostics;
using System.Globalization;

namespace Swarm.Core.Soak;

/// <summary>The library as hosts run it, on threads: what the simulation cannot show. <c>SWARM_SOAK_MINUTES</c> says for how long, and <c>SWARM_SOAK_SEED</c> what is drawn.</summary>
[TestFixture]
[Category("Soak")]
[NonParallelizable]
internal sealed class SoakTests
{
    private static readonly TimeSpan _byDefault = TimeSpan.FromSeconds(15);

    private static TimeSpan Length => Environment.GetEnvironmentVariable("SWARM_SOAK_MINUTES") is { } minutes
        ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
        : _byDefault;

    private static int Seed => Environment.GetEnvironmentVariable("SWARM_SOAK_SEED") is { } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 1;

    [Test]
    public async Task Whatever_is_done_at_once_for_long_nothing_is_given_twice_and_nothing_is_left_behind()
    {
        using var process = Process.GetCurrentProcess();
        var (watch, used) = (Stopwatch.StartNew(), process.TotalProcessorTime);

        var (findings, counts) = await SoakRun.RunAsync(Length, Seed);

        process.Refresh();
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:0} s, {(process.TotalProcessorTime - used).TotalSeconds / watch.Elapsed.TotalSeconds:0.0} of {Environment.ProcessorCount} cores busy: {string.Join(", ", counts.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key} {each.Value}"))}"));
        findings.Should().BeEmpty();
        SoakRun.Deeds.Where(deed => counts.GetValueOrDefault(deed) == 0).Should().BeEmpty("what never happened was not tested");
    }
}
