using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>What is under way between a start and the next stop: callers at work, and work that nobody waits for. A stop ends it all, and waits for its end. Safe for concurrent use.</summary>
internal sealed partial class OngoingWork : IDisposable
{
    private readonly string _cluster;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _background = new();
    private readonly TaskCompletionSource _quiet = Completion.Create();

    // Callers at work, and one more until the stop.
    private int _working = 1;

    /// <summary>Begins a run with no work under way.</summary>
    /// <param name="cluster">The name of the cluster.</param>
    /// <param name="limit">How long a stop waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of what does not end, and of defects.</param>
    public OngoingWork(string cluster, TimeSpan limit, TimeProvider time, ILogger logger)
    {
        _cluster = cluster;
        _limit = limit;
        _time = time;
        _logger = logger;
        Stopping = _stop.Token;
    }

    /// <summary>Gets the token of the stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Counts a caller whose work begins.</summary>
    /// <exception cref="InvalidOperationException">The cluster is being stopped.</exception>
    public void Enter()
    {
        Interlocked.Increment(ref _working);
        if (Stopping.IsCancellationRequested)
        {
            Leave();
            throw new InvalidOperationException($"Cluster '{_cluster}' is not started.");
        }
    }

    /// <summary>Counts a caller no more, since its work has ended.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _working) == 0)
        {
            _quiet.TrySetResult();
        }
    }

    /// <summary>Follows work nobody waits for, so that the stop can.</summary>
    public void InBackground(Func<CancellationToken, Task> work)
    {
        var task = CallerContext.DetachAsync(() => work(Stopping));
        _background[task] = true;
        _ = ForgetAsync(task);
    }

    /// <summary>Ends all of it, and waits for the end as long as the limit allows.</summary>
    public async Task EndAsync()
    {
        var cancelled = Cancellation.RequestAsync(_stop);
        Leave();
        if (!await Patience.WaitAsync(Task.WhenAll([cancelled, _quiet.Task, .. _background.Keys]), _limit, _time))
        {
            // A filter, a logger or a stream of the host's has not come back. It ends when that does; the engines are not to wait for it.
            Log.WorkLeft(_logger, _cluster, _limit);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task ForgetAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            // A defect: it sees to its own failures.
            Log.BackgroundFailed(_logger, exception);
        }
        finally
        {
            _background.TryRemove(task, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(452, LogLevel.Warning, "What is under way in cluster {Name} has not ended within {Limit}, held up by something of the host's own; it is stopped all the same.", EventName = "WorkLeft")]
        public static partial void WorkLeft(ILogger logger, string name, TimeSpan limit);

        [LoggerMessage(453, LogLevel.Error, "Something in the background has failed.", EventName = "BackgroundFailed")]
        public static partial void BackgroundFailed(ILogger logger, Exception exception);
    }
}
