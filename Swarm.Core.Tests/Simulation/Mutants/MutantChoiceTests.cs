namespace Swarm.Core.Testing;

internal sealed class MutantChoiceTests
{
    private static readonly Mutant[] _all = [.. Enumerable.Range(0, 100).Select(number => new Mutant($"mutant {number}", $"Folder/File{number}.cs", "x", "@"))];

    [Test]
    public void A_third_is_drawn()
    {
        var (drawn, words, isDrawn) = MutantChoice.Choose(_all, null, 42);

        isDrawn.Should().BeTrue();
        drawn.Should().HaveCountGreaterThanOrEqualTo(33).And.HaveCountLessThanOrEqualTo(34).And.OnlyHaveUniqueItems();
        words.Should().Be($"{drawn.Count} of 100 mutants; SWARM_MUTANTS_SEED=42 repeats this, SWARM_MUTANTS=all tries all");
    }

    [Test]
    public void The_same_seed_draws_the_same() =>
        MutantChoice.Choose(_all, "", 7).Mutants.Should().Equal(MutantChoice.Choose(_all, null, 7).Mutants);

    [Test]
    public void Three_seeds_in_a_row_draw_every_one_once() =>
        Enumerable.Range(9, 3).SelectMany(seed => MutantChoice.Choose(_all, null, seed).Mutants).Should().BeEquivalentTo(_all);

    [Test]
    public void Another_three_seeds_draw_other_thirds() =>
        MutantChoice.Choose(_all, null, 9).Mutants.Should().NotBeEquivalentTo(MutantChoice.Choose(_all, null, 12).Mutants);

    [Test]
    public void Those_that_came_first_are_drawn_like_the_others() =>
        MutantChoice.Choose(_all, null, 9).Mutants.Count(mutant => Array.IndexOf(_all, mutant) < 35).Should().BeInRange(5, 20);

    [Test]
    public void All_of_them_can_be_asked_for() => MutantChoice.Choose(_all, "all", 1).Mutants.Should().Equal(_all);

    [TestCase("mutant 17", 1)]
    [TestCase("file20.cs, MUTANT 17", 2)]
    [TestCase("nothing like it", 0)]
    public void Some_can_be_asked_for_by_parts_of_their_names_and_files(string wanted, int count) =>
        MutantChoice.Choose(_all, wanted, 1).Mutants.Should().HaveCount(count);
}
