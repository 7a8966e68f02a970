using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>Proves that the simulation and the tests would notice: each known mistake, switched on, must break a promise in the one, or fail one of the others.</summary>
[Category("Mutants")]
public sealed class MutantTests
{
    // Of one or two that were asked for by name the median says nothing.
    private const int FewestForMedian = 10;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _medianLimit = TimeSpan.FromSeconds(10);
    private static readonly string[] _control = [MutantProgram.Simulate, "1", "3", "0.5"];

    // A machine that others keep busy tries fewer of those that a seed drew, and says so.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Mutant, Task<(int? ExitCode, string Output, TimeSpan Time)?>> _runs = [];
    private readonly ConcurrentQueue<TimeSpan> _times = new();
    private MutatedSources _sources = null!;

    private static IEnumerable<Mutant> Mutants => MutantChoice.Current.Mutants;

    private static IEnumerable<Mutant> MutantsWithFaults => Mutants.Where(mutant => mutant.Faults.Count > 0);

    [OneTimeSetUp]
    public async Task BuildAndStartAsync()
    {
        TestContext.Progress.WriteLine(MutantChoice.Current.InWords);
        _sources = await MutatedSources.BuildAsync(KnownMutants.All);
        var watch = Stopwatch.StartNew();
        var turns = new SemaphoreSlim(Math.Min(2, Environment.ProcessorCount));
        foreach (var mutant in Mutants)
        {
            _runs[mutant] = Task.Run(() => RunInTurnAsync(mutant, turns, watch));
        }
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await Task.WhenAll(_runs.Values);
        _sources?.Dispose();
        if (!_times.IsEmpty)
        {
            var median = _times.Order().ElementAt(_times.Count / 2);
            TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_times.Count} mutants were noticed, half of them within {median.TotalSeconds:0.0} s of processor time, all within {_times.Max().TotalSeconds:0.0} s"));
            if (_times.Count >= FewestForMedian)
            {
                median.Should().BeLessThan(_medianLimit);
            }
        }
    }

    [TestCaseSource(nameof(Mutants))]
    public async Task A_mistake_is_noticed(Mutant mutant)
    {
        if (await _runs[mutant] is not var (exitCode, output, time))
        {
            Assert.Ignore($"The machine is too busy: its turn did not come within {_patience}.");
            return;
        }

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s: {Violation(output)}"));
        exitCode.Should().Be(ScenarioProgram.Violated, "'{0}' must be noticed within {1} of processor time; it took {2}, and it said:\n{3}", mutant, _limit, time, output);
        _times.Enqueue(time);
    }

    [Test]
    public async Task Without_a_mistake_nothing_is_noticed_and_each_process_takes_the_same_steps()
    {
        var first = await _sources.RunAsync(null, _limit * 2, _control);
        var second = await _sources.RunAsync(null, _limit * 2, _control);

        first.ExitCode.Should().Be(0, "it said:\n{0}", first.Output);
        second.Output.Should().Be(first.Output);
    }

    [TestCaseSource(nameof(MutantsWithFaults))]
    public async Task Faults_chosen_for_a_mistake_break_nothing_without_it(Mutant mutant)
    {
        var (exitCode, output, _) = await _sources.RunAsync(null, _limit * 2, [.. _control, .. mutant.Faults]);

        exitCode.Should().Be(0, "it said:\n{0}", output);
    }

    [Test]
    public async Task Tests_that_find_a_mistake_pass_without_it()
    {
        string[] tests = [.. Mutants.SelectMany(mutant => mutant.Tests).Distinct(StringComparer.Ordinal)];
        if (tests.Length > 0)
        {
            var (exitCode, output, _) = await _sources.RunAsync(null, _limit * 2, [MutantProgram.Test, .. tests]);

            exitCode.Should().Be(0, "it said:\n{0}", output);
        }
    }

    private async Task<(int? ExitCode, string Output, TimeSpan Time)?> RunInTurnAsync(Mutant mutant, SemaphoreSlim turns, Stopwatch watch)
    {
        await turns.WaitAsync();
        try
        {
            return MutantChoice.Current.IsDrawn && watch.Elapsed > _patience ? null : await _sources.RunAsync(mutant, _limit, ArgumentsFor(mutant));
        }
        finally
        {
            turns.Release();
        }
    }

    private static string[] ArgumentsFor(Mutant mutant) => mutant.Tests.Count > 0
        ? [MutantProgram.Test, .. mutant.Tests]
        : [MutantProgram.Simulate, "1", "1000", "0.5", .. mutant.Faults];

    private static string Violation(string output) =>
        output.Split('\n').FirstOrDefault(line => line.Contains("violated", StringComparison.Ordinal)) ?? "nothing";
}
