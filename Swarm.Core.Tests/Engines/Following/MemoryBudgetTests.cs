namespace Swarm.Core.Engines;

public sealed class MemoryBudgetTests
{
    [Test]
    public void One_engine_may_take_what_an_engine_may_however_much_there_is_for_all()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 1000);
        budget.Open().State(5000).Should().BeFalse("that concerns nobody else");

        budget.Allowance.Should().Be(100);
        Open(budget, 9, 100);
        budget.Allowance.Should().Be(100, "beyond its own limit it wants nothing");
    }

    [Test]
    public void Where_all_want_more_than_there_is_each_may_take_less_and_is_told()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 300);
        Open(budget, 3, 90);

        budget.Open().State(100).Should().BeTrue();

        budget.Allowance.Should().Be(75);
    }

    [Test]
    public void What_a_reading_finds_counts_while_it_is_under_way()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 100);
        var (one, other) = (budget.Open(), budget.Open());
        one.State(60);

        other.Reading(60).Should().BeTrue();
        budget.Allowance.Should().Be(50);
        other.Reading(0).Should().BeFalse();

        budget.Allowance.Should().Be(100);
    }

    [Test]
    public void What_is_kept_of_an_engine_that_is_held_back_counts_beside_its_state()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 100);
        var (one, other) = (budget.Open(), budget.Open());
        one.State(60);
        other.State(20);

        other.Held(40).Should().BeTrue();
        budget.Allowance.Should().Be(50);
        other.Held(0).Should().BeFalse();

        budget.Allowance.Should().Be(100);
    }

    [Test]
    public void The_same_things_in_the_state_and_in_a_reading_are_wanted_once()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 100);
        var account = budget.Open();
        account.State(80);

        account.Reading(80);

        budget.Allowance.Should().Be(100);
    }

    [Test]
    public void What_an_engine_wanted_that_is_let_go_is_there_for_others_again()
    {
        var budget = new MemoryBudget(perEngine: 100, together: 100);
        var (one, other) = (budget.Open(), budget.Open());
        one.State(100);
        other.State(100);
        budget.Allowance.Should().Be(50);

        one.Close();
        one.Reading(100).Should().BeFalse("it has gone");

        budget.Allowance.Should().Be(100);
    }

    private static void Open(MemoryBudget budget, int engines, long wanted)
    {
        for (var i = 0; i < engines; i++)
        {
            budget.Open().State(wanted);
        }
    }
}
