using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers that a create or run left behind although its caller was told that it failed. They are named by their own ID.</summary>
internal static partial class Orphans
{
    /// <summary>
    /// Tries until the container is gone, for the outage that made the caller's call fail may last; ends with the cluster or the engine's membership. What
    /// is left then is remembered, and removed when its daemon shows it again.
    /// </summary>
    public static async Task RemoveAsync(SwarmCluster.Run run, string engineId, string containerId, string operation, CancellationToken stopping)
    {
        var cluster = run.Cluster;
        var orphan = cluster.Abandoned.Remember(engineId, EngineRegistry.DaemonIdOf(engineId), operation, containerId);
        cluster.Abandoned.Trim();
        if (!cluster.Abandoned.TryBeginRemoval(orphan))
        {
            return;
        }

        var isRemoved = false;
        try
        {
            isRemoved = await RemoveAsync(run, engineId, containerId, stopping);
        }
        finally
        {
            cluster.Abandoned.EndRemoval(orphan, isRemoved);
        }
    }

    private static async Task<bool> RemoveAsync(SwarmCluster.Run run, string engineId, string containerId, CancellationToken stopping)
    {
        var cluster = run.Cluster;
        var timings = cluster.Settings.Timings;
        Exception? last = null;
        try
        {
            for (var failures = 1; run.Engines.TryFind(engineId) is { } engine; failures++)
            {
                (last, var isRemoved) = await TryRemoveAsync(cluster, engine, containerId, stopping);
                if (last is null)
                {
                    return isRemoved;
                }

                if (failures == 1)
                {
                    Log.NotRemovedYet(cluster.LoopLogger, last, containerId, engineId);
                }

                await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, cluster.Settings.Identifiers), cluster.Time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }

        Log.NotRemoved(cluster.LoopLogger, last, containerId, engineId);
        return false;
    }

    private static async Task<(Exception? Error, bool IsRemoved)> TryRemoveAsync(SwarmCluster cluster, IFollowedEngine engine, string containerId, CancellationToken stopping)
    {
        try
        {
            await engine.CallAsync(
                "remove container",
                cluster.Options.CallTimeout,
                (io, token) => io.Containers.RemoveAsync(containerId, force: true, removeVolumes: true, token),
                stopping);
            cluster.Metrics.OrphanRemoved();
            Log.Removed(cluster.LoopLogger, containerId, engine.State.Id);
            return (null, true);
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            // Somebody else removed it, or this is a daemon that does not know its containers yet, or a clone: it is remembered in case it shows again.
            return (null, false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws: nobody waits for this.
            return (exception, false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(404, LogLevel.Information, "Removed container {ContainerId} from engine {EngineId}: its create was reported as failed.", EventName = "OrphanRemoved")]
        public static partial void Removed(ILogger logger, string containerId, string engineId);

        [LoggerMessage(405, LogLevel.Warning, "Container {ContainerId} stays on engine {EngineId} although its create was reported as failed.", EventName = "OrphanLeft")]
        public static partial void NotRemoved(ILogger logger, Exception? exception, string containerId, string engineId);

        [LoggerMessage(407, LogLevel.Warning, "Container {ContainerId} could not be removed from engine {EngineId} yet although its create was reported as failed; trying again.", EventName = "OrphanNotRemovedYet")]
        public static partial void NotRemovedYet(ILogger logger, Exception exception, string containerId, string engineId);
    }
}
