namespace Swarm.Core.Testing;

/// <summary>Proves that the simulation would notice: each known mistake, switched on, must break a promise in it.</summary>
[Category("Mutants")]
public sealed class MutantTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private static readonly string[] _control = ["1", "3", "0.5"];

    private readonly Dictionary<Mutant, Task<(int? ExitCode, string Output, TimeSpan Time)>> _runs = [];
    private MutatedSources _sources = null!;

    private static IEnumerable<Mutant> Mutants => KnownMutants.All;

    private static IEnumerable<Mutant> MutantsWithFaults => KnownMutants.All.Where(mutant => mutant.Faults.Count > 0);

    [OneTimeSetUp]
    public async Task BuildAndStartAsync()
    {
        _sources = await MutatedSources.BuildAsync(KnownMutants.All);
        var turns = new SemaphoreSlim(Math.Min(2, Environment.ProcessorCount));
        foreach (var mutant in KnownMutants.All)
        {
            _runs[mutant] = Task.Run(async () =>
            {
                await turns.WaitAsync();
                try
                {
                    return await _sources.RunAsync(mutant, _limit, ["1", "1000", "0.5", .. mutant.Faults]);
                }
                finally
                {
                    turns.Release();
                }
            });
        }
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await Task.WhenAll(_runs.Values);
        _sources?.Dispose();
    }

    [TestCaseSource(nameof(Mutants))]
    public async Task A_mistake_is_noticed(Mutant mutant)
    {
        var (exitCode, output, time) = await _runs[mutant];

        TestContext.Out.WriteLine($"{time.TotalSeconds:0.0} s: {Violation(output)}");
        exitCode.Should().Be(ScenarioProgram.Violated, "'{0}' must break a promise within {1} of processor time; it said:\n{2}", mutant, _limit, output);
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
        var (exitCode, output, _) = await _sources.RunAsync(null, _limit * 2, ["1", "3", "0.5", .. mutant.Faults]);

        exitCode.Should().Be(0, "it said:\n{0}", output);
    }

    [Test]
    public void A_mutant_whose_text_is_gone_is_reported()
    {
        var apply = () => MutatedSources.Apply(new Mutant("gone", "A.cs", "x", "@"), "abc");

        apply.Should().Throw<InvalidOperationException>().WithMessage("*'gone' is not in A.cs*");
    }

    [Test]
    public void Mutants_have_different_names() => KnownMutants.All.Select(mutant => mutant.Name).Should().OnlyHaveUniqueItems();

    private static string Violation(string output) =>
        output.Split('\n').FirstOrDefault(line => line.Contains("violated", StringComparison.Ordinal)) ?? "nothing";
}
