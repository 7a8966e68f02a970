using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineInboxTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLoggerFactory _log = new();
    private readonly ConcurrentQueue<string> _seen = new();

    public void Dispose() => _log.Dispose();

    [Test]
    public async Task Messages_are_handled_in_order_and_their_batch_is_told_after_them()
    {
        var inbox = Make();
        Post(inbox, 3);

        await RunAsync(inbox, () => _seen.Contains("batch"));

        _seen.Should().Equal("0", "1", "2", "batch");
    }

    [Test]
    public async Task A_batch_has_an_end_however_many_there_are()
    {
        var inbox = Make();
        Post(inbox, 300);

        await RunAsync(inbox, () => _seen.Count == 302);

        _seen.ElementAt(256).Should().Be("batch");
        _seen.Last().Should().Be("batch");
    }

    [Test]
    public async Task A_message_that_cannot_be_handled_is_lost_and_those_after_it_are_handled_after_a_restart()
    {
        var inbox = Make();
        Post(inbox, 3);

        await RunAsync(inbox, () => _seen.Contains("2"), failAt: "1");

        _seen.Take(3).Should().Equal("0", "restart: no", "2");
        _log.Entries.Select(entry => entry.Event).Should().Equal("LoopFailed");
    }

    [Test]
    public async Task A_restart_that_fails_is_repeated_with_longer_and_longer_pauses()
    {
        var inbox = Make();
        Post(inbox, 1);
        var restarts = new ConcurrentQueue<DateTimeOffset>();

        await RunAsync(inbox, () => restarts.Count >= 5, failAt: "0", restart: _ =>
        {
            restarts.Enqueue(_time.GetUtcNow());
            throw new InvalidOperationException("no again");
        });

        restarts.Zip(restarts.Skip(1), (one, next) => next - one).Should().BeInAscendingOrder();
    }

    [Test]
    public void After_the_close_nothing_is_taken_and_what_was_left_is_given_back()
    {
        var inbox = Make();
        Post(inbox, 2);

        inbox.Close().Should().HaveCount(2);

        inbox.TryPost(new EngineMessage.ReadingRequested()).Should().BeFalse();
    }

    private static void Post(EngineInbox inbox, int count)
    {
        for (var number = 0; number < count; number++)
        {
            inbox.TryPost(new EngineMessage.InspectionRepeatDue($"{number}")).Should().BeTrue();
        }
    }

    private EngineInbox Make() => new(EngineAddress.Parse("10.0.0.1:2375"), new EngineTimings(), _time, IdentifierSource.Create(1), _log.CreateLogger("inbox"));

    private async Task RunAsync(EngineInbox inbox, Func<bool> until, string? failAt = null, Action<Exception>? restart = null)
    {
        using var stop = new CancellationTokenSource();
        var running = inbox.RunAsync(
            message =>
            {
                var id = ((EngineMessage.InspectionRepeatDue)message).Id;
                if (id == failAt)
                {
                    throw new InvalidOperationException("no");
                }

                _seen.Enqueue(id);
            },
            () => _seen.Enqueue("batch"),
            restart ?? (reason => _seen.Enqueue($"restart: {reason.Message}")),
            stop.Token);
        await Eventually.IsTrueAsync(until, "it is handled", () => _time.Advance(TimeSpan.FromMilliseconds(10)));
        await stop.CancelAsync();
        await running.Invoking(async task => await task).Should().ThrowAsync<OperationCanceledException>();
    }
}
