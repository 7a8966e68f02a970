using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Starts and stops a cluster, one thing at a time.</summary>
/// <param name="cluster">The name of the cluster.</param>
/// <param name="startupTimeout">How long a start waits for engines, and for the host's own parts.</param>
/// <param name="settings">What it works with.</param>
/// <param name="compose">Makes what lives from a start to the next stop.</param>
/// <param name="current">What runs.</param>
/// <param name="overlays">What the host says of engines.</param>
/// <param name="events">Where events go, until the end.</param>
/// <param name="changes">Wakes those who wait for a change.</param>
/// <param name="metrics">The instruments, which end with the cluster.</param>
/// <param name="journal">Tells of it.</param>
/// <param name="loopLog">What is written out before a stop ends.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterLifetime(
    string cluster,
    TimeSpan startupTimeout,
    CheckedSettings settings,
    Func<ClusterSettings, ClusterRun> compose,
    CurrentRun current,
    OverlayBook overlays,
    ClusterEventHub events,
    StateChanges changes,
    Lazy<SwarmMetrics> metrics,
    ClusterJournal journal,
    LogQueue loopLog,
    TimeProvider time)
{
    // How long a stop waits for a logger that blocks to take its last words.
    private static readonly TimeSpan _flushLimit = TimeSpan.FromSeconds(1);

    // Held only while something begins or ends: a stop need not wait for a start that waits for engines.
    private readonly AsyncSemaphore _turn = new(1);

    /// <summary>Starts the cluster, and waits for its engines as long as a start may.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => CallerContext.LeaveAsync(async () =>
    {
        current.ThrowIfClosed();
        var (run, isNew) = await BeginAsync(await PrepareAsync(cancellationToken), cancellationToken);
        try
        {
            await WaitForEnginesAsync(run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (isNew)
            {
                await EndAsync(run);
            }

            throw;
        }

        current.ThrowIfClosed();
        if (!ReferenceEquals(current.RunningOrNull, run))
        {
            throw new OperationCanceledException($"Cluster '{cluster}' was stopped while it started.");
        }
    });

    /// <summary>Stops the cluster. Cancelling ends the wait and nothing else.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        CallerContext.LeaveAsync(() => EndAsync().WaitAsync(cancellationToken));

    /// <summary>Stops the cluster for good.</summary>
    public async ValueTask CloseAsync()
    {
        await CallerContext.LeaveAsync(async () =>
        {
            current.Close();
            await EndAsync();
            events.Close();
            await EndMetricsAsync();
        });
    }

    /// <summary>Begins to stop the cluster for good, and waits for nothing.</summary>
    public void BeginClose()
    {
        _ = CloseUnattendedAsync();

        async Task CloseUnattendedAsync()
        {
            try
            {
                await CloseAsync();
            }
            catch (Exception exception)
            {
                journal.StopFailed(exception);
            }
        }
    }

    // Plug-ins are asked for their names, and meters made, by the host's own code, which may block.
    private async Task<ClusterSettings> PrepareAsync(CancellationToken cancellationToken)
    {
        var preparing = CallerContext.ElsewhereAsync(
            () =>
            {
                var known = settings.Value;
                _ = metrics.Value;
                return Task.FromResult(known);
            },
            cancellationToken);
        return await preparing.WaitAsync(startupTimeout, time, cancellationToken);
    }

    private async Task WaitForEnginesAsync(ClusterRun run, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(startupTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await run.Registry.WaitForFirstOutcomesAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            journal.StartupTimedOut(startupTimeout);
        }
    }

    private async Task<(ClusterRun Run, bool IsNew)> BeginAsync(ClusterSettings known, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            current.ThrowIfClosed();
            if (current.RunningOrNull is { } running)
            {
                return (running, false);
            }

            overlays.Seed(known.Overlays);
            var run = compose(known);
            current.Begin(run);
            run.Registry.Start();
            metrics.Value.Observe(run.CountEngines, run.CountHolds);
            journal.Started();
            return (run, true);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task EndAsync(ClusterRun? only = null)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (only is null || ReferenceEquals(current.RunningOrNull, only))
            {
                await EndRunAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task EndRunAsync()
    {
        if (current.End() is not { } run)
        {
            return;
        }

        try
        {
            metrics.Value.StopObserving();
            await run.DisposeAsync();
        }
        finally
        {
            journal.Stopped();
            changes.Signal();
            await loopLog.FlushAsync(_flushLimit, time);
        }
    }

    // Listeners hear of the end of each instrument.
    private async Task EndMetricsAsync()
    {
        if (metrics.IsValueCreated)
        {
            var ending = CallerContext.ElsewhereAsync(
                () =>
                {
                    metrics.Value.Dispose();
                    return Task.FromResult(true);
                },
                CancellationToken.None);
            await Patience.WaitAsync(ending, _flushLimit, time);
        }
    }
}
