using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadingReminderTests
{
    private static readonly TimeSpan _interval = new EngineTimings().RefreshInterval;

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<DateTimeOffset> _reminded = new();

    [Test]
    public async Task It_reminds_again_and_again_each_time_after_one_to_two_intervals([Range(1, 5)] int seed)
    {
        await RunAsync(Make(seed), async () => await PassTimeUntilRemindedAsync(3));

        var last = _time.Start;
        foreach (var at in _reminded)
        {
            (at - last).Should().BeGreaterThanOrEqualTo(_interval).And.BeLessThanOrEqualTo(2 * _interval + TimeSpan.FromSeconds(1));
            last = at;
        }
    }

    [Test]
    public async Task What_was_put_off_is_due_after_a_whole_interval_from_then_on()
    {
        var reminder = Make();
        await RunAsync(reminder, async () =>
        {
            for (var second = 0; second < 300; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                reminder.PutOff();
            }

            _reminded.Should().BeEmpty();
            await PassTimeUntilRemindedAsync(1);
        });

        (_reminded.Single() - _time.Start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(300) + _interval);
    }

    [Test]
    public async Task It_can_be_put_off_for_longer_than_two_intervals()
    {
        var reminder = Make();
        await RunAsync(reminder, async () =>
        {
            reminder.PutOff(5 * _interval);
            await PassTimeUntilRemindedAsync(1);
        });

        (_reminded.Single() - _time.Start).Should().BeGreaterThanOrEqualTo(5 * _interval);
    }

    private static async Task RunAsync(ReadingReminder reminder, Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var running = reminder.RunAsync(stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await running;
    }

    private ReadingReminder Make(int seed = 1) => new(new EngineTimings(), _time, IdentifierSource.Create(seed), message =>
    {
        message.Should().BeOfType<EngineMessage.ReadingIntervalOver>();
        _reminded.Enqueue(_time.GetUtcNow());
    });

    private Task PassTimeUntilRemindedAsync(int count) => Eventually.IsTrueAsync(() => _reminded.Count >= count, "it is due some day", () => _time.Advance(TimeSpan.FromSeconds(1)));
}
