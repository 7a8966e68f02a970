using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Engines;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InspectionQueueTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly InspectionQueue _queue;

    public InspectionQueueTests() => _queue = new InspectionQueue(_second, _time);

    [Test]
    public void A_container_marked_often_waits_once()
    {
        Enqueue("a", "a", "a");

        StartAll().Should().Equal("a");
    }

    [Test]
    public void A_container_marked_often_while_it_is_inspected_is_inspected_once_more()
    {
        Enqueue("a");
        StartAll();

        for (var i = 0; i < 1000; i++)
        {
            _queue.Enqueue("a");
        }

        StartAll().Should().BeEmpty();
        _queue.End("a", isThere: true);
        StartAll().Should().Equal("a");
        _queue.End("a", isThere: true);
        StartAll().Should().BeEmpty();
    }

    [Test]
    public void Containers_are_inspected_in_the_order_of_their_marks_and_few_at_a_time()
    {
        Enqueue(Names(10));

        StartAll().Should().Equal(Names(InspectionQueue.QuickLane));
        _queue.End("c03", isThere: true);
        StartAll().Should().Equal("c08");
    }

    [Test]
    public void Inspections_that_take_long_make_room()
    {
        Enqueue(Names(10));
        StartAll();
        _queue.UntilRoom.Should().Be(_second);
        _time.Advance(_second / 2);
        _queue.UntilRoom.Should().Be(_second / 2);
        StartAll().Should().BeEmpty();

        _time.Advance(_second / 2);

        StartAll().Should().Equal("c08", "c09");
        _queue.UntilRoom.Should().BeNull("nobody waits");
    }

    [Test]
    public void All_that_run_are_bounded()
    {
        Enqueue(Names(100));
        var started = 0;
        for (var i = 0; i < 20; i++)
        {
            started += StartAll().Count;
            _time.Advance(_second);
        }

        started.Should().Be(InspectionQueue.QuickLane + InspectionQueue.SlowLane);
        _queue.UntilRoom.Should().BeNull("no time makes room, only the end of one");
        _queue.End("c00", isThere: true);
        StartAll().Should().HaveCount(1);
    }

    [Test]
    public void A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick()
    {
        MakeSlow("a");
        Enqueue(Names(InspectionQueue.QuickLane));
        StartAll();

        Enqueue("a");
        StartAll().Should().Equal("a");
        _queue.End("a", isThere: true);

        Enqueue("a");
        StartAll().Should().BeEmpty("it takes its turn with the others again");
    }

    [Test]
    public void However_many_containers_are_stuck_the_quick_lane_stays_free_once_they_are_known()
    {
        var stuck = Names(200);
        MakeSlow(stuck);
        Enqueue(stuck);
        StartAll().Should().HaveCount(InspectionQueue.SlowLane);

        Enqueue("well");

        StartAll().Should().Equal("well");
    }

    [Test]
    public void What_is_gone_is_forgotten()
    {
        MakeSlow("a", "b");

        _queue.Forget(id => id == "a");

        _queue.KnownSlow.Should().Equal("b");
    }

    [Test]
    public void Slow_containers_that_never_were_are_not_remembered_and_others_not_without_end()
    {
        foreach (var (isThere, most) in new[] { (false, 0), (true, InspectionQueue.MostKnownSlow) })
        {
            var queue = new InspectionQueue(_second, _time);
            for (var number = 0; number < InspectionQueue.MostKnownSlow + 100; number++)
            {
                queue.Enqueue($"c{number}");
                var id = queue.Start()!;
                _time.Advance(_second);
                queue.End(id, isThere);
            }

            queue.KnownSlow.Should().HaveCount(most);
        }
    }

    [Test]
    public void The_end_of_what_was_never_started_means_nothing()
    {
        _queue.End("a", isThere: true);

        StartAll().Should().BeEmpty();
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"c{number:d2}")];

    private void MakeSlow(params string[] ids)
    {
        Enqueue(ids);
        while (StartAll() is { Count: > 0 } started)
        {
            _time.Advance(_second);
            started.ForEach(id => _queue.End(id, isThere: true));
        }
    }

    private void Enqueue(params string[] ids) => Array.ForEach(ids, _queue.Enqueue);

    private List<string> StartAll()
    {
        var started = new List<string>();
        while (_queue.Start() is { } id)
        {
            started.Add(id);
        }

        return started;
    }
}
