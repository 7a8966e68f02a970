using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swarm.Core.Runtime;

namespace Swarm.Core.Diagnostics;

/// <summary>Hands what loops have to say to the log, in order and beside them: a logger that blocks holds up none of them.</summary>
/// <remarks>While the logger is that slow only so much is kept; what is left out is counted, and told when it goes on. In a simulation everything is handed over at once.</remarks>
internal sealed partial class LogQueue(ILogger inner) : ILogger
{
    private const int Capacity = 4096;

    private readonly ConcurrentQueue<Action> _waiting = new();
    private int _count;
    private int _isRunning;
    private long _left;
    private Task _run = Task.CompletedTask;

    /// <summary>Opens none: nothing of the library asks for scopes.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    /// <remarks>Asked on the thread that has something to say: a logger only looks that up.</remarks>
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (SynchronizationContext.Current is SimulationContext)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        if (Interlocked.Increment(ref _count) > Capacity)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _left);
            return;
        }

        _waiting.Enqueue(() => inner.Log(logLevel, eventId, state, exception, formatter));
        StartUnlessRunning();
    }

    /// <summary>Waits until what was said so far is handed over, but no longer than a limit.</summary>
    public async Task<bool> FlushAsync(TimeSpan limit, TimeProvider time)
    {
        while (Volatile.Read(ref _count) > 0)
        {
            if (!await Patience.WaitAsync(Volatile.Read(ref _run), limit, time))
            {
                return false;
            }
        }

        return true;
    }

    private void StartUnlessRunning()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            Volatile.Write(ref _run, CallerContext.DetachAsync(RunAsync));
        }
    }

    private Task RunAsync()
    {
        do
        {
            while (_waiting.TryDequeue(out var say))
            {
                say();
                Interlocked.Decrement(ref _count);
                if (Interlocked.Exchange(ref _left, 0) is > 0 and var left)
                {
                    Messages.Dropped(inner, left);
                }
            }

            Volatile.Write(ref _isRunning, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _isRunning, 1) == 0);
        return Task.CompletedTask;
    }

    private static partial class Messages
    {
        [LoggerMessage(451, LogLevel.Warning, "The log was too slow: {Count} messages were left out here.", EventName = "LogDropped")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
