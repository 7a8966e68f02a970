using System.Globalization;
using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Fuzzing;

/// <summary>
/// Whatever an engine, a store, a file or a user writes is read or refused in the documented way, in memory that its length explains.
/// <c>SWARM_FUZZ_INPUTS</c> says how many inputs each parser gets.
/// </summary>
[Category("Fuzz")]
public sealed class ParserFuzzTests
{
    private const int DefaultInputs = 3_000;

    private static IEnumerable<TestCaseData> Targets => FuzzTargets.All.Select(target => new TestCaseData(target.Name).SetArgDisplayNames(target.Name));

    private static IEnumerable<TestCaseData> CorpusFiles => Corpus.Names.Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    /// <summary>Gets how many inputs each parser gets.</summary>
    internal static int Inputs => int.TryParse(Environment.GetEnvironmentVariable("SWARM_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) && inputs > 0
        ? inputs
        : DefaultInputs;

    [TestCaseSource(nameof(Targets))]
    public void A_broken_input_is_read_or_refused_and_nothing_else(string name)
    {
        var target = FuzzTargets.All.Single(candidate => candidate.Name == name);
        var (read, refused) = (0, 0);

        Gen.OneOf([.. target.Seeds.Select(JsonGen.Mutations)]).Sample(
            input =>
            {
                if (target.ParseWithinBounds(input))
                {
                    Interlocked.Increment(ref read);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }

                return true;
            },
            print: Convert.ToBase64String,
            iter: Inputs);

        TestContext.Progress.WriteLine($"fuzzed {name}: {read} read, {refused} refused");
        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [TestCaseSource(nameof(Targets))]
    public void The_seeds_are_well_formed(string name)
    {
        var target = FuzzTargets.All.Single(candidate => candidate.Name == name);

        target.Seeds.Should().OnlyContain(seed => target.Parse(seed));
    }

    [TestCaseSource(nameof(CorpusFiles))]
    public void Nothing_of_the_corpus_breaks_a_parser(string name)
    {
        var input = Corpus.Read(name);

        foreach (var target in FuzzTargets.All)
        {
            FluentActions.Invoking(() => target.ParseWithinBounds(input)).Should().NotThrow(target.Name);
        }
    }
}
