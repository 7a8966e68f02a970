using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[CancelAfter(10_000)]
public sealed class EventsMonitorTests
{
    private static readonly EngineTimings _timings = new();
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task An_open_stream_is_announced_before_its_events(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);

        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        stream.Send("start");

        (await watch.NextAsync()).Should().BeOfType<EventsSubscribed>();
        (await watch.NextAsync()).Should().BeOfType<EventReceived>().Which.Event.Action.Should().Be("start");
    }

    [Test]
    public async Task A_stream_that_the_engine_ends_is_a_loss(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();

        stream.End();

        (await watch.NextAsync()).Should().BeOfType<EventsLost>().Which.Reason.Should().BeOfType<EngineUnreachableException>();
        stream.IsDisposed.Should().BeTrue();
    }

    [Test]
    public async Task A_stream_that_breaks_is_a_loss_with_its_error(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        var error = new EngineUnreachableException(watch.Engine.Address, "follow events", "reset by peer");

        stream.End(error);

        (await watch.NextAsync()).Should().BeOfType<EventsLost>().Which.Reason.Should().BeSameAs(error);
    }

    [Test]
    public async Task After_a_loss_it_subscribes_again_once_the_pause_is_over(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        (await watch.Engine.NextStreamAsync(cancellationToken)).End();
        await watch.NextAsync();
        await watch.NextAsync();

        var next = watch.NextAsync();
        next.IsCompleted.Should().BeFalse("it pauses before it tries again");
        await watch.AdvanceUntilAsync(next, _timings.ShortestRetryDelay);

        (await next).Should().BeOfType<EventsSubscribed>();
    }

    [Test]
    public async Task The_pauses_grow_with_every_failure_up_to_the_longest(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken, engine => engine.OnOpen = _ => throw new EngineUnreachableException(engine.Address, "subscribe", "refused", notSent: true));
        var pauses = new List<TimeSpan>();
        for (var failure = 1; failure <= 10; failure++)
        {
            var before = watch.Time.GetUtcNow();
            var next = watch.NextAsync();
            await watch.AdvanceUntilAsync(next, TimeSpan.FromMilliseconds(50));
            (await next).Should().BeOfType<EventsLost>().Which.Failures.Should().Be(failure);
            pauses.Add(watch.Time.GetUtcNow() - before);
        }

        pauses[1].Should().BeLessThanOrEqualTo(_timings.ShortestRetryDelay + TimeSpan.FromMilliseconds(50));
        pauses[^1].Should().BeGreaterThanOrEqualTo(_timings.LongestRetryDelay / 2).And.BeLessThanOrEqualTo(_timings.LongestRetryDelay + TimeSpan.FromMilliseconds(50));
    }

    [Test]
    public async Task A_silent_stream_is_lost_when_the_engine_stops_answering_pings(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken, engine => engine.OnPing = token => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await watch.NextAsync();

        var next = watch.NextAsync();
        await watch.AdvanceUntilAsync(next, TimeSpan.FromMilliseconds(500));

        (await next).Should().BeOfType<EventsLost>().Which.Reason.Should().BeOfType<EngineTimeoutException>();
    }

    [Test]
    public async Task A_silent_stream_lives_on_while_the_engine_answers_pings(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        var next = watch.NextAsync();
        while (watch.Engine.Pings < 20 && !next.IsCompleted)
        {
            watch.Time.Advance(_timings.PingInterval / 10); // an answer is to have its time
            await Task.Delay(1, cancellationToken);
        }

        stream.Send("die");

        (await next).Should().BeOfType<EventReceived>();
    }

    [Test]
    public async Task A_subscription_that_hangs_is_given_up(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken, engine => engine.OnOpen = token => Task.Delay(Timeout.InfiniteTimeSpan, token));

        var next = watch.NextAsync();
        await watch.AdvanceUntilAsync(next, TimeSpan.FromSeconds(1));

        (await next).Should().BeOfType<EventsLost>().Which.Reason.Should().BeOfType<EngineTimeoutException>();
    }

    [Test]
    public async Task A_stream_that_opens_too_late_is_closed(CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var watch = new Watch(cancellationToken, engine => engine.OnOpen = _ => opened.Task);
        var lost = watch.NextAsync();
        await watch.AdvanceUntilAsync(lost, TimeSpan.FromSeconds(1));

        opened.SetResult();
        var late = await watch.Engine.NextStreamAsync(cancellationToken);

        await Eventually.IsTrueAsync(() => late.IsDisposed, "nobody reads it, so it is closed");
    }

    [Test]
    public async Task Cancelling_ends_the_watch_and_closes_the_stream(CancellationToken cancellationToken)
    {
        var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();

        await watch.DisposeAsync();

        stream.IsDisposed.Should().BeTrue();
    }

    [Test]
    public async Task The_first_subscription_begins_now(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);

        await watch.NextAsync();

        watch.Engine.Sinces.Should().Equal((DateTimeOffset?)null);
    }

    [Test]
    public async Task After_a_loss_it_takes_up_just_before_the_last_event(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        stream.Send("start", _noon);
        stream.Send("die", _noon - _second); // out of order
        await watch.NextAsync();
        await watch.NextAsync();

        await watch.LoseAsync(stream);

        watch.Engine.Sinces.Should().Equal(null, _noon - _second);
    }

    [Test]
    public async Task After_a_loss_without_any_event_it_takes_up_where_the_stream_began(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken, engine => engine.Begin = _noon);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();

        await watch.LoseAsync(stream);

        watch.Engine.Sinces.Should().Equal(null, _noon);
    }

    [Test]
    public async Task It_never_takes_up_before_the_lost_stream_began(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken, engine => engine.Begin = _noon);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        stream.Send("start", _noon + (_second / 2));
        await watch.NextAsync();

        await watch.LoseAsync(stream);

        watch.Engine.Sinces.Should().Equal(null, _noon);
    }

    [Test]
    public async Task Where_a_stream_began_after_all_counts_more_than_where_it_was_asked_to_begin(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        stream.Send("start", _noon);
        await watch.NextAsync();

        watch.Engine.Begin = _noon - TimeSpan.FromHours(1); // the engine's clock was set back
        await watch.LoseAsync(stream);
        await watch.LoseAsync(await watch.Engine.NextStreamAsync(cancellationToken));

        watch.Engine.Sinces.Should().Equal(null, _noon - _second, _noon - TimeSpan.FromHours(1));
    }

    [Test]
    public async Task After_a_stream_that_could_not_be_read_it_begins_now_or_it_would_be_told_the_same_again(CancellationToken cancellationToken)
    {
        await using var watch = new Watch(cancellationToken);
        var stream = await watch.Engine.NextStreamAsync(cancellationToken);
        await watch.NextAsync();
        stream.Send("start", _noon);
        await watch.NextAsync();

        await watch.LoseAsync(stream, new EngineProtocolException(watch.Engine.Address, "read events", "it is garbage"));

        watch.Engine.Sinces.Should().Equal([null, null]);
    }

    private sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly IAsyncEnumerator<EventsSignal> _signals;
        private Task<EventsSignal?> _next = Task.FromResult<EventsSignal?>(null);

        public Watch(CancellationToken cancellationToken, Action<ScriptedEngine>? script = null)
        {
            script?.Invoke(Engine);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _signals = new EventsMonitor(_timings, Time, IdentifierSource.Create(1)).WatchAsync(Engine, _stop.Token).GetAsyncEnumerator(_stop.Token);
            _next = MoveAsync(); // subscribes
        }

        public ScriptedEngine Engine { get; } = new();

        public FakeTimeProvider Time { get; } = new();

        public async Task<EventsSignal?> NextAsync()
        {
            var signal = await _next;
            _next = MoveAsync();
            return signal;
        }

        /// <summary>Ends a stream and lets time pass until the next is open.</summary>
        public async Task LoseAsync(ScriptedEngine.ScriptedStream stream, Exception? error = null)
        {
            stream.End(error);
            (await NextAsync()).Should().BeOfType<EventsLost>();
            var next = NextAsync();
            await AdvanceUntilAsync(next, TimeSpan.FromMilliseconds(100));
            (await next).Should().BeOfType<EventsSubscribed>();
        }

        /// <summary>Lets virtual time pass in steps until a task ends.</summary>
        public async Task AdvanceUntilAsync(Task task, TimeSpan step)
        {
            while (!task.IsCompleted)
            {
                Time.Advance(step);
                await Task.Delay(1);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _next;
            await _signals.DisposeAsync();
            _stop.Dispose();
        }

        private async Task<EventsSignal?> MoveAsync() => await _signals.MoveNextAsync() ? _signals.Current : null;
    }
}
