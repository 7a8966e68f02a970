using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Builders;

namespace Swarm.Core.Diagnostics;

[CancelAfter(60_000)]
public sealed class LogQueueTests
{
    [Test]
    public async Task What_is_said_is_handed_over_in_order()
    {
        var log = new Log();
        var queue = new LogQueue(log);

        for (var number = 0; number < 1000; number++)
        {
            Say(queue, number);
        }

        (await queue.FlushAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).Should().BeTrue();
        log.Said.Should().Equal(Enumerable.Range(0, 1000).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task A_logger_that_blocks_holds_nobody_up_and_is_told_later_how_much_it_missed()
    {
        using var gate = new ManualResetEventSlim();
        var log = new Log { OnLog = () => gate.Wait(CancellationToken.None) };
        var queue = new LogQueue(log);

        for (var number = 0; number < 10_000; number++)
        {
            Say(queue, number);
        }

        (await queue.FlushAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System)).Should().BeFalse("it waits no longer than it is to");
        gate.Set();
        await Eventually.IsTrueAsync(() => log.Said.Count == 4097, "what was kept is said, and that some was not");
        log.Said.Should().ContainSingle(said => said.Contains("5904 messages", StringComparison.Ordinal));
    }

    [Test]
    public void What_nobody_wants_to_know_is_not_kept()
    {
        var queue = new LogQueue(NullLogger.Instance);

        queue.IsEnabled(LogLevel.Critical).Should().BeFalse();
    }

    private static void Say(LogQueue queue, int number) => queue.Log(LogLevel.Information, default, number, null, (state, _) => state.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private sealed class Log : ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public Action OnLog { get; init; } = () => { };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            OnLog();
            Said.Enqueue(formatter(state, exception));
        }
    }
}
