using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class AbandonedOperationsTests
{
    [Test]
    public void A_container_with_the_label_of_a_remembered_operation_is_unwanted()
    {
        var (memory, _, _) = Memory();
        memory.Remember("E", "D", "op-1");

        memory.FindOrphan("D", Container("c1", "op-1"))!.Operation.Should().Be("op-1");
        memory.FindOrphan("D", Container("c2", "op-2")).Should().BeNull();
        memory.FindOrphan("D", Container("c3", "")).Should().BeNull();
    }

    [Test]
    public void A_container_that_is_known_by_its_ID_needs_no_label()
    {
        var (memory, _, _) = Memory();
        memory.Remember("E", "D", "", "c1");

        memory.FindOrphan("D", Container("c1", "")).Should().NotBeNull();
        memory.FindOrphan("D", Container("c2", "")).Should().BeNull();
    }

    [Test]
    public void Another_daemon_has_nothing_that_is_unwanted()
    {
        var (memory, _, _) = Memory();
        memory.Remember("E", "D", "op-1", "c1");

        memory.FindOrphan("other", Container("c1", "op-1")).Should().BeNull();
        memory.HasAny("other").Should().BeFalse();
        memory.HasAny("D").Should().BeTrue();
    }

    [Test]
    public void What_one_daemon_is_to_lose_hides_nothing_of_another_that_has_a_copy_of_it()
    {
        var (memory, _, _) = Memory();
        var copied = memory.Remember("F", "other", "op-1", "c1");
        var operation = memory.Remember("E", "D", "op-1", "c1");

        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeSameAs(operation);
        memory.FindOrphan("other", Container("c1", "op-1")).Should().BeSameAs(copied);
        memory.TryBeginRemoval(copied);
        memory.EndRemoval(copied, isRemoved: true);
        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeSameAs(operation);
    }

    [Test]
    public void One_operation_makes_one_container_and_a_copy_of_it_is_somebody_elses()
    {
        var (memory, _, _) = Memory();
        memory.Remember("E", "D", "op-1");
        memory.Remember("E", "D", "op-1", "c1");

        memory.FindOrphan("D", Container("c1", "op-1")).Should().NotBeNull();
        memory.FindOrphan("D", Container("copy", "op-1")).Should().BeNull();
        memory.Count.Should().Be(1);
    }

    [Test]
    public void What_is_being_removed_is_nobody_elses_to_remove()
    {
        var (memory, _, _) = Memory();
        var operation = memory.Remember("E", "D", "op-1", "c1");

        memory.TryBeginRemoval(operation).Should().BeTrue();
        memory.TryBeginRemoval(operation).Should().BeFalse();
        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeNull();
        memory.EndRemoval(operation, isRemoved: false);

        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeSameAs(operation);
    }

    [Test]
    public void What_was_removed_is_forgotten()
    {
        var (memory, _, forgotten) = Memory();
        var operation = memory.Remember("E", "D", "op-1", "c1");
        memory.TryBeginRemoval(operation);

        memory.EndRemoval(operation, isRemoved: true);

        memory.Count.Should().Be(0);
        memory.HasAny("D").Should().BeFalse();
        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeNull();
        forgotten.Should().BeEmpty("nothing is left of it");
    }

    [Test]
    public void An_operation_is_remembered_for_a_day()
    {
        var (memory, time, forgotten) = Memory();
        memory.Remember("E", "D", "op-1");
        time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        memory.Trim();
        memory.FindOrphan("D", Container("c1", "op-1")).Should().NotBeNull();
        memory.Remembers("D", Container("c1", "op-1")).Should().BeTrue();

        time.Advance(TimeSpan.FromTicks(1));
        memory.FindOrphan("D", Container("c1", "op-1")).Should().BeNull();
        memory.Remembers("D", Container("c1", "op-1")).Should().BeFalse("what is there after a day stays");
        memory.Trim();

        memory.Count.Should().Be(0);
        forgotten.Should().Equal(("op-1", false));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_its_engine_has_said_is_not_there_is_forgotten_after_a_day_without_a_word(bool isDenied)
    {
        var (memory, time, forgotten) = Memory();
        var operation = memory.Remember("E", "D", "op-1", "c1");
        memory.TryBeginRemoval(operation);
        memory.EndRemoval(operation, isRemoved: false, isDenied);
        memory.FindOrphan("D", Container("c1", "op-1")).Should().NotBeNull("it may show again");

        time.Advance(AbandonedOperations.Lifetime);
        memory.Trim();

        memory.Count.Should().Be(0);
        forgotten.Count.Should().Be(isDenied ? 0 : 1);
    }

    [Test]
    public void An_operation_whose_container_becomes_known_gets_no_younger()
    {
        var (memory, time, _) = Memory();
        memory.Remember("E", "D", "op-1");
        time.Advance(TimeSpan.FromHours(23));
        memory.Remember("E", "D", "op-1", "c1");

        time.Advance(TimeSpan.FromHours(1));
        memory.Trim();

        memory.Count.Should().Be(0);
    }

    [Test]
    public void Beyond_what_there_is_room_for_the_oldest_are_forgotten_and_told()
    {
        var (memory, _, forgotten) = Memory(capacity: 2);
        for (var i = 1; i <= 4; i++)
        {
            memory.Remember("E", "D", $"op-{i}");
            memory.Trim();
        }

        memory.Count.Should().Be(2);
        forgotten.Should().Equal(("op-1", true), ("op-2", true));
        memory.FindOrphan("D", Container("c2", "op-2")).Should().BeNull();
        memory.FindOrphan("D", Container("c3", "op-3")).Should().NotBeNull();
    }

    [Test]
    public void Beyond_what_there_is_room_for_what_is_said_not_to_be_there_is_forgotten_first()
    {
        var (memory, _, forgotten) = Memory(capacity: 3);
        memory.Remember("E", "D", "op-1", "c1");
        Deny(memory, memory.Remember("E", "D", "op-2", "c2"));
        Deny(memory, memory.Remember("E", "D", "op-3", "c3"));
        memory.Remember("E", "D", "op-4", "c4");
        memory.Trim();
        memory.Remember("E", "D", "op-5", "c5");
        memory.Trim();
        memory.Remember("E", "D", "op-6", "c6");
        memory.Trim();

        forgotten.Should().Equal(("op-2", true), ("op-3", true), ("op-1", true));
        memory.Count.Should().Be(3);
    }

    [Test]
    public void What_shows_again_is_not_said_not_to_be_there_any_more()
    {
        var (memory, _, forgotten) = Memory(capacity: 2);
        memory.Remember("E", "D", "op-1", "c1");
        var shown = memory.Remember("E", "D", "op-2", "c2");
        Deny(memory, shown);
        memory.TryBeginRemoval(shown).Should().BeTrue();
        memory.Remember("E", "D", "op-3", "c3");

        memory.Trim();
        memory.EndRemoval(shown, isRemoved: false);
        memory.Remember("E", "D", "op-4", "c4");
        memory.Trim();

        forgotten.Should().Equal(("op-1", true), ("op-2", true));
    }

    [Test]
    public void What_was_forgotten_meanwhile_is_not_denied_either()
    {
        var (memory, _, forgotten) = Memory(capacity: 1);
        var first = memory.Remember("E", "D", "op-1", "c1");
        memory.TryBeginRemoval(first);
        memory.Remember("E", "D", "op-2", "c2");
        memory.Trim();
        memory.EndRemoval(first, isRemoved: false, isDenied: true);

        memory.Remember("E", "D", "op-3", "c3");
        memory.Trim();

        forgotten.Should().Equal(("op-1", true), ("op-2", true));
        memory.Count.Should().Be(1);
    }

    [Test]
    public void The_end_of_a_removal_of_what_was_forgotten_meanwhile_changes_nothing()
    {
        var (memory, _, _) = Memory(capacity: 1);
        var first = memory.Remember("E", "D", "op-1", "c1");
        memory.TryBeginRemoval(first);
        memory.Remember("E", "D", "op-2", "c2");
        memory.Trim();

        memory.EndRemoval(first, isRemoved: true);

        memory.Count.Should().Be(1);
        memory.FindOrphan("D", Container("c2", "op-2")).Should().NotBeNull();
    }

    private static void Deny(AbandonedOperations memory, AbandonedOperation operation)
    {
        memory.TryBeginRemoval(operation);
        memory.EndRemoval(operation, isRemoved: false, isDenied: true);
    }

    private static ContainerView Container(string id, string operation) => new()
    {
        Id = id,
        Labels = operation.Length == 0 ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Operation, operation)]),
    };

    private static (AbandonedOperations Memory, FakeTimeProvider Time, List<(string Operation, bool IsForWantOfRoom)> Forgotten) Memory(int capacity = AbandonedOperations.DefaultCapacity)
    {
        var time = new FakeTimeProvider();
        var forgotten = new List<(string Operation, bool IsForWantOfRoom)>();
        return (new AbandonedOperations(time, (operation, isForWantOfRoom) => forgotten.Add((operation.Operation, isForWantOfRoom)), capacity), time, forgotten);
    }
}
