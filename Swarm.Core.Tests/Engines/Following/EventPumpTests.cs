using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(120_000)]
public sealed class EventPumpTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ToldMonitor _monitor = new();
    private readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(EventPumpTests));
    private readonly RecordingLoggerFactory _log = new();
    private readonly ConcurrentQueue<EventsSignal> _posted = new();

    private readonly QueuedEvents _queued;

    public EventPumpTests() => _queued = new QueuedEvents(_address, _time, _log.CreateLogger("queue"));

    public void Dispose()
    {
        _metrics.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task What_the_monitor_says_arrives_in_order()
    {
        _monitor.Tell(new EventsSubscribed());
        _monitor.Tell(Event("start"));
        _monitor.Tell(new EventsLost(new EngineUnreachableException(_address, "follow events", "the link is gone"), 1));

        await RunAsync(Make(), () => _posted.Count == 3);

        _posted.Select(each => each.GetType()).Should().Equal(typeof(EventsSubscribed), typeof(EventReceived), typeof(EventsLost));
    }

    [Test]
    public async Task What_nobody_looks_at_does_not_arrive()
    {
        _monitor.Tell(Event("exec_start: sh"));
        _monitor.Tell(Event("start"));

        await RunAsync(Make(), () => !_posted.IsEmpty);

        Actions().Should().Equal("start");
    }

    [Test]
    public async Task More_events_than_are_taken_are_dropped_and_that_is_told_once()
    {
        var pump = Make();
        for (var number = 0; number < QueuedEvents.MaxQueuedEvents + 10; number++)
        {
            _monitor.Tell(Event("start"));
        }

        await RunAsync(pump, () => _monitor.Untold == 0 && _posted.Count == QueuedEvents.MaxQueuedEvents);

        _queued.TakeDropped().Should().BeTrue();
        _queued.TakeDropped().Should().BeFalse();
        _log.Entries.Select(entry => entry.Event).Should().Equal("EventsDropped");
    }

    [Test]
    public async Task Events_that_take_too_much_memory_are_dropped_however_few_they_are()
    {
        var pump = Make();
        var big = new string('x', 2 * 1024);
        for (var number = 0; number < 3000; number++)
        {
            _monitor.Tell(new EngineEvent(EngineEventType.Container, "start", big, LabelSet.Empty, _time.GetUtcNow()));
        }

        await RunAsync(pump, () => _monitor.Untold == 0);

        _queued.TakeDropped().Should().BeTrue();
        _posted.Count.Should().BeInRange(1000, 2500);
    }

    [Test]
    public async Task Whoever_takes_events_out_makes_room_for_as_many()
    {
        var pump = Make();
        for (var number = 0; number < QueuedEvents.MaxQueuedEvents; number++)
        {
            _monitor.Tell(Event("start"));
        }

        await RunAsync(pump, () => _posted.Count == QueuedEvents.MaxQueuedEvents);
        foreach (var received in _posted.OfType<EventReceived>())
        {
            _queued.Leave(received.Event);
        }

        _posted.Clear();
        for (var number = 0; number < QueuedEvents.MaxQueuedEvents; number++)
        {
            _monitor.Tell(Event("stop"));
        }

        await RunAsync(pump, () => _posted.Count == QueuedEvents.MaxQueuedEvents);
        _queued.TakeDropped().Should().BeFalse();
    }

    [Test]
    public async Task A_monitor_that_fails_and_fails_is_started_anew_and_logged_while_that_costs_the_engine_its_health()
    {
        var status = EngineStatus.Healthy;
        var pump = Make(new BrokenMonitor(), () => status);

        await RunAsync(pump, () => _posted.Count >= 5, () =>
        {
            status = _posted.Count >= 2 ? EngineStatus.Unhealthy : status;
            _time.Advance(TimeSpan.FromMilliseconds(100));
        });

        _posted.Should().AllBeOfType<EventsLost>();
        _posted.Cast<EventsLost>().Select(lost => lost.Failures).Should().BeInAscendingOrder();
        _log.Entries.Count(entry => entry.Event == "MonitorFailed").Should().BeInRange(1, 3);
    }

    [Test]
    public async Task A_monitor_that_says_nothing_known_has_failed()
    {
        _monitor.Tell((EventsSignal)null!);

        await RunAsync(Make(), () => !_posted.IsEmpty);

        _posted.Single().Should().BeOfType<EventsLost>().Which.Reason.Message.Should().Contain("the events monitor failed");
    }

    private EventPump Make(IEventsMonitor? monitor = null, Func<EngineStatus>? status = null) => new(
        _address,
        monitor ?? _monitor,
        new EngineIntake(new EngineLimits()),
        _queued,
        new EngineTimings(),
        _time,
        IdentifierSource.Create(1),
        _metrics,
        _log.CreateLogger("pump"),
        null,
        status ?? (() => EngineStatus.Healthy),
        message => _posted.Enqueue(((EngineMessage.Monitored)message).Signal));

    private async Task RunAsync(EventPump pump, Func<bool> until, Action? meanwhile = null)
    {
        using var stop = new CancellationTokenSource();
        var running = pump.RunAsync(new ScriptedEngine(), stop.Token);
        await Eventually.IsTrueAsync(until, "it arrives", meanwhile);
        await stop.CancelAsync();
        await running;
    }

    private EngineEvent Event(string action) => new(EngineEventType.Container, action, "c", LabelSet.Empty, _time.GetUtcNow());

    private IEnumerable<string> Actions() => _posted.OfType<EventReceived>().Select(received => received.Event.Action);

    private sealed class BrokenMonitor : IEventsMonitor
    {
        public IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, CancellationToken cancellationToken) => throw new InvalidOperationException("no");
    }
}
