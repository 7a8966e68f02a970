using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers that a create, a start or a job left behind. They are named by their own ID.</summary>
/// <param name="engines">The engines.</param>
/// <param name="abandoned">Remembers what is to be removed.</param>
/// <param name="work">What goes on in the background until the stop.</param>
/// <param name="timings">How long pauses between attempts are.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="identifiers">Scatters the attempts.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts what was removed.</param>
/// <param name="logger">Hears what becomes of them.</param>
internal sealed partial class OrphanRemover(AdmittedEngines engines, AbandonedOperations abandoned, OngoingWork work, EngineTimings timings, CallLimits limits, IdentifierSource identifiers, TimeProvider time, SwarmMetrics metrics, ILogger logger)
{
    /// <summary>Removes a container in the background.</summary>
    /// <param name="engineId">Its engine.</param>
    /// <param name="container">The container.</param>
    /// <param name="why">Why it is not to stay, unless something else is remembered of it.</param>
    public void RemoveSoon(string engineId, ContainerView container, LeftBehind why)
    {
        // At once: whoever is told that it failed may ask for its name before anything in the background has begun.
        var operation = container.Labels.ValueOrEmpty(SwarmLabels.Operation);
        abandoned.Remember(engineId, EngineRegistry.DaemonIdOf(engineId), operation, container.Id, why);
        work.InBackground(stopping => RemoveAsync(engineId, container.Id, operation, why, stopping));
    }

    /// <summary>Removes a container in the background if it is remembered as one that is not to stay.</summary>
    /// <param name="engineId">Its engine.</param>
    /// <param name="container">The container.</param>
    /// <returns>Whether it is.</returns>
    public bool TryRemoveSoon(string engineId, ContainerView container)
    {
        if (!abandoned.Remembers(EngineRegistry.DaemonIdOf(engineId), container))
        {
            return false;
        }

        RemoveSoon(engineId, container, LeftBehind.FailedCreate);
        return true;
    }

    /// <summary>
    /// Tries until the container is gone, for the outage that made the caller's call fail may last; ends with the cluster or the engine's membership. What
    /// is left then is remembered, and removed when its daemon shows it again.
    /// </summary>
    public async Task RemoveAsync(string engineId, string containerId, string operation, LeftBehind why, CancellationToken stopping)
    {
        var orphan = abandoned.Remember(engineId, EngineRegistry.DaemonIdOf(engineId), operation, containerId, why);
        abandoned.Trim();
        if (!abandoned.TryBeginRemoval(orphan))
        {
            return;
        }

        var (isRemoved, isDenied) = (false, false);
        try
        {
            (isRemoved, isDenied) = await RemoveAsync(engineId, containerId, LeftBehindText.Of(orphan.Why), stopping);
        }
        finally
        {
            abandoned.EndRemoval(orphan, isRemoved, isDenied);
        }
    }

    private async Task<(bool IsRemoved, bool IsDenied)> RemoveAsync(string engineId, string containerId, string why, CancellationToken stopping)
    {
        Exception? last = null;
        try
        {
            for (var failures = 1; engines.TryFind(engineId) is { } engine; failures++)
            {
                (last, var isRemoved, var isDenied) = await TryRemoveAsync(engine, containerId, why, stopping);
                if (last is null)
                {
                    return (isRemoved, isDenied);
                }

                if (failures == 1)
                {
                    Log.NotRemovedYet(logger, last, containerId, engineId, why);
                }

                await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }

        Log.NotRemoved(logger, last, containerId, engineId, why);
        return default;
    }

    private async Task<(Exception? Error, bool IsRemoved, bool IsDenied)> TryRemoveAsync(IFollowedEngine engine, string containerId, string why, CancellationToken stopping)
    {
        try
        {
            await ContainerRemover.RemoveAsync(engine, containerId, force: true, removeVolumes: true, limits.Call, time, stopping);
            metrics.OrphanRemoved();
            Log.Removed(logger, containerId, engine.State.Id, why);
            await ShowAsync(engine, containerId, stopping);
            return (null, true, false);
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            // Somebody else removed it, or this is a daemon that does not know its containers yet, or a clone: it is remembered in case it shows again. Where a
            // look shows it all the same, that was not said in earnest.
            var look = await ShowAsync(engine, containerId, stopping);
            return (look is ContainerLook.There ? exception : null, false, look is ContainerLook.Gone);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws: nobody waits for this.
            return (exception, false, false);
        }
    }

    // Until the state shows it gone its name is taken there, and whoever asks for that is to know that it is about to be free.
    private static async Task<ContainerLook> ShowAsync(IFollowedEngine engine, string containerId, CancellationToken stopping)
    {
        try
        {
            return await engine.RefreshAsync(containerId, isSaidGone: true, stopping);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The engine's next list shows it.
            return ContainerLook.Unread;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(404, LogLevel.Information, "Removed container {ContainerId} from engine {EngineId}: {Reason}.", EventName = "OrphanRemoved")]
        public static partial void Removed(ILogger logger, string containerId, string engineId, string reason);

        [LoggerMessage(405, LogLevel.Warning, "Container {ContainerId} stays on engine {EngineId} although {Reason}.", EventName = "OrphanLeft")]
        public static partial void NotRemoved(ILogger logger, Exception? exception, string containerId, string engineId, string reason);

        [LoggerMessage(407, LogLevel.Warning, "Container {ContainerId} could not be removed from engine {EngineId} yet although {Reason}; trying again.", EventName = "OrphanNotRemovedYet")]
        public static partial void NotRemovedYet(ILogger logger, Exception exception, string containerId, string engineId, string reason);
    }
}
