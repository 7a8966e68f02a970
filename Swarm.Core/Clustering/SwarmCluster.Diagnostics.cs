using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

public sealed partial class SwarmCluster
{
    // A subscriber that is too slow stays so.
    private static readonly TimeSpan _lagLogInterval = TimeSpan.FromMinutes(1);

    internal SwarmMetrics Metrics => _metrics.Value;

    /// <summary>Gets what hears of failures of the host's own logger, listeners and clock.</summary>
    internal HostFailures Failures { get; } = new();

    private async Task<T> ObserveAsync<T>(string operation, Func<Task<T>> work)
    {
        using var scope = SwarmActivities.StartOperation(operation, Name, Failures);
        var activity = scope.Activity;
        var started = _time.GetTimestamp();
        string? errorType = null;
        try
        {
            var result = await work();
            errorType = result is CreateResult { IsCreated: false } ? Refused : null;
            if (activity is not null && ContainerOf(result) is { } container)
            {
                activity.SetText(SwarmDiagnostics.ContainerIdTag, container.Id);
                activity.SetText(SwarmDiagnostics.EngineIdTag, container.EngineId);
            }

            return result;
        }
        catch (Exception exception)
        {
            errorType = exception is PlacementException ? Refused : EngineErrorTypes.Of(exception);
            throw;
        }
        finally
        {
            Metrics.OperationEnded(operation, _time.GetElapsedTime(started), errorType);
            if (errorType is not null)
            {
                SwarmActivities.Fail(activity, errorType);
            }
        }
    }

    private const string Refused = "refused";

    private static ClusterContainer? ContainerOf<T>(T result) => result switch
    {
        CreateResult created => created.Container,
        UpdateResult updated => updated.Container,
        CompletedRun completed => completed.Container,
        ClusterContainer container => container,
        _ => null,
    };

    private void NoteStarted(Run run)
    {
        Metrics.Observe(() => CountEngines(run), () => CountReservations(run));
        Log.Started(_loopLog, Name);
    }

    private static IEnumerable<KeyValuePair<string, long>> CountEngines(Run run)
    {
        var states = run.Registry.Engines.Values.Select(engine => engine.State.Status).ToArray();
        yield return new("pending", states.Count(status => status == EngineStatus.Pending));
        yield return new("healthy", states.Count(status => status == EngineStatus.Healthy));
        yield return new("unhealthy", states.Count(status => status == EngineStatus.Unhealthy));
    }

    private static IEnumerable<KeyValuePair<string, long>> CountReservations(Run run)
    {
        var (reserved, settled, unknown) = run.Ledger.CountReservations();
        yield return new("reserved", reserved);
        yield return new("settled", settled);
        yield return new("unknown", unknown);
    }

    private void NoteDropped(long inARow)
    {
        Metrics.SubscriberEventDropped();
        if (inARow == 1 && _lagLog.TryPass())
        {
            Log.SubscriberLagged(_loopLog, Name, _options.EventBufferCapacity);
        }
    }

    private void NoteResolved(Reservation reservation, bool exists)
    {
        if (exists)
        {
            Log.OutcomeMade(_loopLog, reservation.Operation, reservation.EngineId);
        }
        else
        {
            Log.OutcomeNotMade(_loopLog, reservation.Operation, reservation.EngineId);
        }
    }

    private void NoteForgotten(AbandonedOperation operation, bool isForWantOfRoom)
    {
        if (isForWantOfRoom)
        {
            if (_forgottenLog.TryPass())
            {
                Log.AbandonedForgotten(_loopLog, operation.Operation, operation.EngineId);
            }
        }
        else if (operation.ContainerId is { } containerId)
        {
            Log.OrphanForgotten(_loopLog, containerId, operation.EngineId);
        }
    }

    // Listeners hear of the end of each instrument.
    private async Task EndMetricsAsync()
    {
        if (_metrics.IsValueCreated)
        {
            var ending = CallerContext.ElsewhereAsync(
                () =>
                {
                    _metrics.Value.Dispose();
                    return Task.FromResult(true);
                },
                CancellationToken.None);
            await Patience.WaitAsync(ending, _flushLimit, _time);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(415, LogLevel.Warning, "More creates were reported as failed within a day than are remembered: operation {Operation} on engine {EngineId} is forgotten, and what it may still make stays.", EventName = "AbandonedForgotten")]
        public static partial void AbandonedForgotten(ILogger logger, string operation, string engineId);

        [LoggerMessage(409, LogLevel.Warning, "Container {ContainerId} on engine {EngineId}, whose create was reported as failed, could not be removed within a day and is forgotten.", EventName = "OrphanForgotten")]
        public static partial void OrphanForgotten(ILogger logger, string containerId, string engineId);

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
