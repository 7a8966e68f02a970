using System.Net;
using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers that a create or run left behind although its caller was told that it failed. They are named by their own ID.</summary>
internal static partial class Orphans
{
    /// <summary>Tries until the container is gone, for the outage that made the caller's call fail may last; ends with the cluster or the engine's membership.</summary>
    public static async Task RemoveAsync(SwarmCluster.Run run, string engineId, string containerId, CancellationToken stopping)
    {
        var cluster = run.Cluster;
        var timings = cluster.Settings.Timings;
        Exception? last = null;
        try
        {
            for (var failures = 1; run.Registry.Find(engineId) is { } engine; failures++)
            {
                last = await TryRemoveAsync(cluster, engine, containerId, stopping);
                if (last is null)
                {
                    return;
                }

                if (failures == 1)
                {
                    Log.NotRemovedYet(cluster.Logger, last, containerId, engineId);
                }

                await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, cluster.Settings.Identifiers), cluster.Time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }

        Log.NotRemoved(cluster.Logger, last, containerId, engineId);
    }

    private static async Task<Exception?> TryRemoveAsync(SwarmCluster cluster, ManagedEngine engine, string containerId, CancellationToken stopping)
    {
        try
        {
            await engine.CallAsync(
                "remove container",
                cluster.Options.CallTimeout,
                async (io, token) =>
                {
                    await io.Containers.RemoveAsync(containerId, force: true, removeVolumes: true, token);
                    return true;
                },
                stopping);
            cluster.Metrics.OrphanRemoved();
            Log.Removed(cluster.Logger, containerId, engine.State.Id);
            return null;
        }
        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null; // somebody else removed it
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws: nobody waits for this.
            return exception;
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
