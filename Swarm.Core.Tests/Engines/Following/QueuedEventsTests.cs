using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QueuedEventsTests : IDisposable
{
    private static readonly EngineEvent _event = new(EngineEventType.Container, "start", "c", LabelSet.Empty, default);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLoggerFactory _log = new();
    private readonly QueuedEvents _queued;

    public QueuedEventsTests() => _queued = new QueuedEvents(EngineAddress.Parse("10.0.0.1:2375"), _time, _log.CreateLogger("queue"));

    public void Dispose() => _log.Dispose();

    [Test]
    public void As_many_events_as_are_allowed_enter_and_one_that_leaves_makes_room_for_one()
    {
        for (var number = 0; number < QueuedEvents.MaxQueuedEvents; number++)
        {
            _queued.TryEnter(_event).Should().BeTrue();
        }

        _queued.TakeDropped().Should().BeFalse();
        _queued.TryEnter(_event).Should().BeFalse();
        _queued.Leave(_event);
        _queued.TryEnter(_event).Should().BeTrue();
        _queued.TryEnter(_event).Should().BeFalse();
    }

    [Test]
    public void An_event_that_was_dropped_takes_no_room()
    {
        _queued.TryEnter(_event with { ActorId = new string('x', (int)QueuedEvents.MaxQueuedBytes) }).Should().BeFalse();

        _queued.TryEnter(_event).Should().BeTrue();
    }

    [Test]
    public void That_events_were_dropped_is_told_once_and_logged_once_a_minute()
    {
        Drop();
        _queued.TakeDropped().Should().BeTrue();
        _queued.TakeDropped().Should().BeFalse();
        Drop();
        _queued.TakeDropped().Should().BeTrue();
        _log.Entries.Should().ContainSingle(entry => entry.Event == "EventsDropped");

        _time.Advance(TimeSpan.FromMinutes(1));
        Drop();
        _queued.TakeDropped().Should().BeTrue();
        _log.Entries.Should().HaveCount(2);
    }

    private void Drop() => _queued.TryEnter(_event with { ActorId = new string('x', (int)QueuedEvents.MaxQueuedBytes) });
}
