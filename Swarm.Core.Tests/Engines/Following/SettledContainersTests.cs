using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SettledContainersTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);
    private static readonly ListEntry _entry = new(1, 60);

    private readonly SettledContainers _settled = new(_interval);

    [Test]
    public void Before_a_reading_showed_everything_needs_an_inspection() => Needs("a").Should().BeTrue();

    [Test]
    public void What_was_inspected_and_of_which_nothing_was_told_since_needs_none()
    {
        Read(5, "a", "b");

        (Needs("a"), Needs("b"), Needs("c")).Should().Be((false, false, true));
    }

    [Test]
    public void What_the_list_tells_otherwise_needs_one()
    {
        Read(5, "a");

        Needs("a", entry: new ListEntry(2, 60)).Should().BeTrue("something changed");
        Needs("a", entry: new ListEntry(1, 59)).Should().BeTrue("it was started again");
        Needs("a", entry: new ListEntry(1, 3600)).Should().BeFalse("time passed");
        Plan().NeedsInspection("a", null, View("a"), View("a")).Should().BeTrue("nobody can tell");
    }

    [Test]
    public void What_shows_otherwise_than_the_list_says_needs_one()
    {
        Read(5, "a");

        Needs("a", known: View("a") with { State = ContainerState.Exited }).Should().BeTrue();
        Needs("a", known: View("a") with { Names = ["/was"] }).Should().BeTrue();
        Needs("a", known: View("a") with { IsUnread = true }).Should().BeTrue();
        Needs("a", known: View("a") with { Detail = ContainerDetail.WithoutAnswer }).Should().BeTrue("there may be room for all of it");
        Plan().NeedsInspection("a", _entry, View("a"), null).Should().BeTrue("it does not show");
    }

    [Test]
    public void What_something_was_told_of_needs_one_until_a_reading_that_began_afterwards()
    {
        Read(5, "a", "b");
        _settled.Changed("a", 7);
        Needs("a").Should().BeTrue();

        Read(6, "a", "b");
        (Needs("a"), Needs("b")).Should().Be((true, false), "it began before");

        Read(8, "a", "b");
        Needs("a").Should().BeFalse();
    }

    [Test]
    public void After_anything_may_have_happened_everything_needs_one_until_a_reading_that_began_afterwards()
    {
        Read(5, "a");
        _settled.Forget(7);
        Needs("a").Should().BeTrue();

        Read(6, "a");
        Needs("a").Should().BeTrue("it began before");

        Read(8, "a");
        Needs("a").Should().BeFalse();
    }

    [Test]
    public void What_somebody_waits_for_needs_one()
    {
        Read(5, "a", "b");

        var plan = Plan(awaited: ["a"]);

        (Needs("a", plan), Needs("b", plan)).Should().Be((true, false));
    }

    [Test]
    public void A_plan_does_not_change_while_it_is_read_by()
    {
        Read(5, "a");
        var plan = Plan();

        _settled.Changed("a", 6);
        _settled.Forget(7);

        Needs("a", plan).Should().BeFalse();
    }

    [Test]
    public void Each_is_inspected_once_an_interval_at_a_time_of_its_own()
    {
        var ids = Enumerable.Range(0, 1000).Select(number => $"{number:x64}").ToArray();
        var (now, inspected) = (TimeSpan.FromHours(3), ids.ToDictionary(id => id, _ => new List<TimeSpan>()));
        Read(1, now, ids);
        for (var position = 2; position < 200; position++)
        {
            now += TimeSpan.FromSeconds(30);
            var plan = Plan(now);
            var due = ids.Where(id => Needs(id, plan)).ToArray();
            due.Length.Should().BeInRange(20, 90, "a twentieth of them");
            Array.ForEach(due, id => inspected[id].Add(now));
            Read(position, now, ids.ToImmutableArray(), uninspected: [.. ids.Except(due).Order(StringComparer.Ordinal)]);
        }

        inspected.Values.Should().OnlyContain(times => times.Count >= 9 && times.Count <= 10);
        inspected.Values.Should().OnlyContain(times => times.Zip(times.Skip(1), (one, next) => next - one).All(gap => gap <= _interval + TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void What_comes_due_while_it_is_read_is_inspected_with_the_next_reading()
    {
        Read(1, "a");
        Read(2, 3 * _interval, ["a"], ["a"]);

        Needs("a", Plan(3 * _interval)).Should().BeTrue();
    }

    [Test]
    public void Events_of_ever_new_containers_fill_no_memory()
    {
        Read(5, "a");
        for (var i = 0; i <= EngineLoop.MaxTouched; i++)
        {
            _settled.Changed($"{i}", 6 + i);
        }

        Needs("a").Should().BeTrue("who has forgotten what changed believes nothing");
        Read(7 + EngineLoop.MaxTouched, "a", "0");
        (Needs("a"), Needs("0")).Should().Be((false, false));
    }

    private static ContainerView View(string id) => LoopUnderTest.Container(id);

    private ReadingPlan Plan(TimeSpan now = default, string[]? awaited = null) => _settled.Plan(awaited ?? [], now, []);

    private bool Needs(string id, ReadingPlan? plan = null, ListEntry? entry = null, ContainerView? known = null) =>
        (plan ?? Plan()).NeedsInspection(id, entry ?? _entry, View(id), known ?? View(id));

    private void Read(long startedAt, params string[] ids) => Read(startedAt, TimeSpan.Zero, ids);

    private void Read(long startedAt, TimeSpan now, string[] ids) => Read(startedAt, now, [.. ids], []);

    private void Read(long startedAt, TimeSpan now, ImmutableArray<string> ids, ImmutableArray<string> uninspected) =>
        _settled.Read(LoopUnderTest.Reading(startedAt) with { Entries = ids.ToDictionary(id => id, _ => _entry), Uninspected = uninspected }, now);
}
