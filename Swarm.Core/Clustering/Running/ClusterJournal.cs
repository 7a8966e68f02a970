using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Clustering;

/// <summary>Tells people and metrics what becomes of a cluster and of what it was asked for.</summary>
/// <param name="cluster">The name of the cluster.</param>
/// <param name="eventCapacity">How many events wait for a subscriber at most.</param>
/// <param name="metrics">Counts events that subscribers missed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where to tell it.</param>
internal sealed partial class ClusterJournal(string cluster, int eventCapacity, Lazy<SwarmMetrics> metrics, TimeProvider time, ILogger logger)
{
    // A subscriber that is too slow stays so.
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private readonly LogThrottle _lagged = new(time, _interval);
    private readonly LogThrottle _forgotten = new(time, _interval);

    /// <summary>The cluster has started.</summary>
    public void Started() => Log.Started(logger, cluster);

    /// <summary>The start goes on without all engines.</summary>
    public void StartupTimedOut(TimeSpan timeout) => Log.StartupTimedOut(logger, cluster, timeout);

    /// <summary>The cluster has stopped.</summary>
    public void Stopped() => Log.Stopped(logger, cluster);

    /// <summary>A stop that nobody waits for has failed.</summary>
    public void StopFailed(Exception exception) => Log.StopFailed(logger, exception, cluster);

    /// <summary>A subscriber has missed an event.</summary>
    /// <param name="inARow">How many in a row that are.</param>
    public void EventMissed(long inARow)
    {
        metrics.Value.SubscriberEventDropped();
        if (inARow == 1 && _lagged.TryPass())
        {
            Log.SubscriberLagged(logger, cluster, eventCapacity);
        }
    }

    /// <summary>What became of an operation has become known.</summary>
    public void Resolved(Reservation reservation, bool exists)
    {
        if (exists)
        {
            Log.OutcomeMade(logger, reservation.Operation, reservation.EngineId);
        }
        else
        {
            Log.OutcomeNotMade(logger, reservation.Operation, reservation.EngineId);
        }
    }

    /// <summary>Something that may still be there is remembered no more.</summary>
    public void Forgotten(AbandonedOperation operation, bool isForWantOfRoom)
    {
        if (isForWantOfRoom)
        {
            if (_forgotten.TryPass())
            {
                Log.AbandonedForgotten(logger, operation.Operation, operation.EngineId);
            }
        }
        else if (operation.ContainerId is { } containerId)
        {
            Log.OrphanForgotten(logger, containerId, operation.EngineId, LeftBehindText.Of(operation.Why));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(403, LogLevel.Warning, "Cluster {Name}: not every engine has answered within {Timeout}; going on without.", EventName = "StartupTimedOut")]
        public static partial void StartupTimedOut(ILogger logger, string name, TimeSpan timeout);

        [LoggerMessage(406, LogLevel.Error, "Cluster {Name} could not be stopped in an orderly way.", EventName = "StopFailed")]
        public static partial void StopFailed(ILogger logger, Exception exception, string name);

        [LoggerMessage(409, LogLevel.Warning, "Container {ContainerId} could not be removed from engine {EngineId} within a day although {Reason}, and is forgotten.", EventName = "OrphanForgotten")]
        public static partial void OrphanForgotten(ILogger logger, string containerId, string engineId, string reason);

        [LoggerMessage(415, LogLevel.Warning, "More was left behind within a day than is remembered: operation {Operation} on engine {EngineId} is forgotten, and what it made or may still make stays.", EventName = "AbandonedForgotten")]
        public static partial void AbandonedForgotten(ILogger logger, string operation, string engineId);

        [LoggerMessage(430, LogLevel.Information, "Cluster {Name} has started.", EventName = "Started")]
        public static partial void Started(ILogger logger, string name);

        [LoggerMessage(431, LogLevel.Information, "Cluster {Name} has stopped.", EventName = "Stopped")]
        public static partial void Stopped(ILogger logger, string name);

        [LoggerMessage(432, LogLevel.Warning, "A subscriber of cluster {Name} is too slow and misses events: {Capacity} were waiting for it.", EventName = "SubscriberLagged")]
        public static partial void SubscriberLagged(ILogger logger, string name, int capacity);

        [LoggerMessage(433, LogLevel.Information, "Operation {Operation} on engine {EngineId}, of which that was not known, has made its container.", EventName = "OutcomeMade")]
        public static partial void OutcomeMade(ILogger logger, string operation, string engineId);

        [LoggerMessage(434, LogLevel.Information, "Operation {Operation} on engine {EngineId}, of which that was not known, has made no container; its room is free.", EventName = "OutcomeNotMade")]
        public static partial void OutcomeNotMade(ILogger logger, string operation, string engineId);
    }
}
