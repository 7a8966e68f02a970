using Swarm.Core.Architecture;

namespace Swarm.Core.Testing;

/// <summary>What can be said of the mutants without building them.</summary>
internal sealed class KnownMutantsTests
{
    private static IEnumerable<string> MutatedFiles => KnownMutants.All.Select(mutant => mutant.File).Distinct(StringComparer.Ordinal);

    [Test]
    public void Mutants_have_different_names() => KnownMutants.All.Select(mutant => mutant.Name).Should().OnlyHaveUniqueItems();

    [TestCaseSource(nameof(MutatedFiles))]
    public void The_texts_of_the_mutants_of_a_file_are_in_it_once_each(string file)
    {
        var source = File.ReadAllText(SourceTree.At(file));

        MutatedSources.Apply(KnownMutants.All.Where(mutant => mutant.File == file), source).Should().NotBe(source);
    }

    [Test]
    public void A_mistake_has_its_switch_and_differs_from_what_stands_there() =>
        KnownMutants.All.Where(mutant => !mutant.Mistake.Contains('@', StringComparison.Ordinal) || mutant.Mistake == mutant.Text).Should().BeEmpty();

    [Test]
    public void The_tests_that_find_a_mistake_exist() =>
        KnownMutants.All.SelectMany(mutant => mutant.Tests).Where(test => NamedTests.FindFixture(test) is null).Should().BeEmpty();

    [Test]
    public void A_mutant_is_found_by_the_simulation_or_by_tests() =>
        KnownMutants.All.Where(mutant => mutant.Tests.Count > 0 && mutant.Faults.Count > 0).Should().BeEmpty();

    [Test]
    public void A_mutant_whose_text_is_gone_is_reported()
    {
        var apply = () => MutatedSources.Apply([new Mutant("gone", "A.cs", "x", "@")], "abc");

        apply.Should().Throw<InvalidOperationException>().WithMessage("*'gone' is not in A.cs*");
    }

    [Test]
    public void A_mutant_whose_text_is_there_twice_is_reported()
    {
        var apply = () => MutatedSources.Apply([new Mutant("twice", "A.cs", "b", "@")], "abcb");

        apply.Should().Throw<InvalidOperationException>().WithMessage("*'twice' is more than once in A.cs*");
    }

    [Test]
    public void Mutants_whose_texts_overlap_are_reported()
    {
        var apply = () => MutatedSources.Apply([new Mutant("one", "A.cs", "ab", "@"), new Mutant("two", "A.cs", "bc", "@")], "abc");

        apply.Should().Throw<InvalidOperationException>().WithMessage("*'one' and 'two' overlap in A.cs*");
    }

    [Test]
    public void Each_mutant_of_a_file_gets_a_switch_of_its_own() =>
        MutatedSources.Apply([new Mutant("b", "A.cs", "y", "!@"), new Mutant("a", "A.cs", "x", "@ || x")], "if (x && y)")
            .Should().Be("if (SwarmMutants.Is(\"a\") || x && !SwarmMutants.Is(\"b\"))");

    [Test]
    public void The_table_of_mutants_is_the_one_in_the_documentation() =>
        DocumentedTable.Check("mutants", MutantTable.Text, "SWARM_ACCEPT_MUTANT_TABLE", "docs", "simulation.md");
}
