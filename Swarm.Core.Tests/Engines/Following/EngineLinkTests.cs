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
public sealed class EngineLinkTests : IDisposable
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(EngineLinkTests));
    private readonly RecordingLoggerFactory _log = new();
    private readonly ConcurrentQueue<(Exception Error, TimeSpan At)> _failed = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task It_has_no_engine_before_it_was_opened_and_after_it_was_closed(CancellationToken cancellationToken)
    {
        var engine = new TappedEngine(new ScriptedEngine());
        var link = Make(_ => Task.FromResult<IEngine>(engine));
        link.Engine.Should().BeNull();

        (await OpenAsync(link, cancellationToken)).Should().BeSameAs(engine);
        link.Engine.Should().BeSameAs(engine);

        await link.CloseAsync(TimeSpan.FromSeconds(1));
        link.Engine.Should().BeNull();
        engine.Disposals.Should().Be(1);
    }

    [Test]
    public async Task It_tries_until_it_is_there_and_waits_longer_and_longer(CancellationToken cancellationToken)
    {
        var attempts = 0;
        var link = Make(_ => Interlocked.Increment(ref attempts) < 9 ? throw new InvalidOperationException($"attempt {attempts}") : Task.FromResult<IEngine>(new ScriptedEngine()));

        var opening = OpenAsync(link, cancellationToken);
        await Eventually.IsTrueAsync(() => opening.IsCompleted, "it is tried again and again", () => _time.Advance(TimeSpan.FromMilliseconds(25)));

        link.Engine.Should().BeSameAs(await opening);
        _failed.Select(each => each.Error.Message).Should().Equal(Enumerable.Range(1, 8).Select(number => $"attempt {number}"));
        var pauses = _failed.Zip(_failed.Skip(1), (one, next) => next.At - one.At).ToList();
        pauses[0].Should().BeLessThan(TimeSpan.FromMilliseconds(350));
        pauses[^1].Should().BeGreaterThan(TimeSpan.FromSeconds(5)).And.BeLessThan(TimeSpan.FromSeconds(11));
    }

    [Test]
    public async Task A_connector_that_gives_nothing_or_does_not_come_back_has_failed(CancellationToken cancellationToken)
    {
        var attempts = 0;
        var link = Make(token => Interlocked.Increment(ref attempts) switch
        {
            1 => Task.FromResult<IEngine>(null!),
            2 => NeverAsync(token),
            _ => Task.FromResult<IEngine>(new ScriptedEngine()),
        });

        var opening = OpenAsync(link, cancellationToken);
        await Eventually.IsTrueAsync(() => opening.IsCompleted, "it goes on", () => _time.Advance(TimeSpan.FromMilliseconds(100)));

        _failed.Select(each => each.Error).Should().SatisfyRespectively(
            one => one.Should().BeOfType<EngineUnreachableException>().Which.NotSent.Should().BeTrue(),
            two => two.Should().BeOfType<EngineTimeoutException>());
    }

    [Test]
    public async Task Opening_can_be_given_up(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var link = Make(_ => throw new InvalidOperationException("no"));
        var opening = OpenAsync(link, stop.Token);
        await Eventually.IsTrueAsync(() => !_failed.IsEmpty, "it is being tried");

        await stop.CancelAsync();

        await opening.Invoking(async task => await task).Should().ThrowAsync<OperationCanceledException>();
        link.Engine.Should().BeNull();
    }

    [Test]
    public async Task An_engine_that_cannot_be_closed_is_logged_and_breaks_nothing(CancellationToken cancellationToken)
    {
        var link = Make(_ => Task.FromResult<IEngine>(new TappedEngine(new ScriptedEngine()) { OnDispose = () => throw new InvalidOperationException("no") }));
        await OpenAsync(link, cancellationToken);

        await link.CloseAsync(TimeSpan.FromSeconds(1));

        _log.Entries.Select(entry => entry.Event).Should().Equal("DisposeFailed");
    }

    [Test]
    public async Task An_engine_that_does_not_close_is_left_to_itself(CancellationToken cancellationToken)
    {
        var link = Make(_ => Task.FromResult<IEngine>(new TappedEngine(new ScriptedEngine()) { OnDispose = () => new TaskCompletionSource().Task }));
        await OpenAsync(link, cancellationToken);

        var closing = link.CloseAsync(TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => closing.IsCompleted, "nobody waits for ever", () => _time.Advance(TimeSpan.FromMilliseconds(100)));

        _log.Entries.Select(entry => entry.Event).Should().Equal("HelpersLeft");
    }

    private static async Task<IEngine> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("It never comes to this.");
    }

    private EngineLink Make(Func<CancellationToken, Task<IEngine>> connect) =>
        new(_address, new DelegateConnector((_, token) => connect(token)), new EngineTimings(), _time, IdentifierSource.Create(1), _metrics, _log.CreateLogger("link"));

    private Task<IEngine> OpenAsync(EngineLink link, CancellationToken cancellationToken) =>
        link.OpenAsync(error => _failed.Enqueue((error, _time.GetUtcNow() - _time.Start)), cancellationToken);
}
