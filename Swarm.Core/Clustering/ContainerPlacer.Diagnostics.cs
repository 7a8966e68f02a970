using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

internal sealed partial class ContainerPlacer
{
    private const string Placed = "placed";
    private const string Refused = "refused";
    private const string Failed = "failed";

    /// <summary>Starts a container that was just created; an error does not repeat the secrets it was created with.</summary>
    public static Task<ClusterContainer> StartNewAsync(SwarmCluster.Run run, ClusterContainer container, ContainerConfig config, Func<Task<ClusterContainer>> start) =>
        run.Engines.TryFind(container.EngineId) is { } engine ? Redaction.Of(config).GuardAsync(engine.Address, "start container", start) : start();

    private static Task<CreatedContainer> CreateDiscreetlyAsync(IEngine engine, ContainerConfig config, CancellationToken cancellationToken) =>
        Redaction.Of(config).GuardAsync(engine.Address, "create container", () => engine.Containers.CreateAsync(config, cancellationToken));

    private async Task<(PlacementResult Placement, Reservation? Reserved)> DecideObservedAsync(SwarmCluster.Run run, PlacementRequest request, string operation, CancellationToken cancellationToken)
    {
        var scope = default(ActivityScope);
        long? started = null;
        var duration = TimeSpan.Zero;
        var isDear = PlacementWeight.IsDear(request);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                Decision? turn;

                // Whoever is dear waits for its like before it stands in line with all others, so that of them only one is ever ahead of anybody.
                using (isDear ? await run.DearLane.EnterAsync(cancellationToken) : default)
                using (await run.Lane.EnterAsync(cancellationToken))
                {
                    var begun = cluster.Time.GetTimestamp();
                    if (started is null)
                    {
                        started = begun;
                        scope = SwarmActivities.StartStep(SwarmDiagnostics.DecideActivity, cluster.Failures);
                    }

                    turn = Decide(run, request, operation, isDear, cancellationToken);
                    duration += cluster.Time.GetElapsedTime(begun);
                }

                if (turn is not { } decided)
                {
                    isDear = true;
                    continue;
                }

                if (decided.Overtaken is not { } overtaken)
                {
                    // After the turn: a logger or a listener that takes its time must not take that of the next.
                    Note(scope.Activity, request, decided.Placement, duration);
                    return (decided.Placement, decided.Reserved);
                }

                var engineId = decided.Placement.Node!.Id;
                Log.DecisionOvertaken(cluster.LoopLogger, engineId, overtaken.ToString());
                if (attempt >= MaxDecisions)
                {
                    throw new EngineNotAdmittedException(engineId, $"it changed each of the {MaxDecisions} times it was chosen");
                }
            }
        }
        catch (Exception exception) when (started is not null)
        {
            cluster.Metrics.Decided(Failed, strategy: null, cluster.Time.GetElapsedTime(started.Value));
            scope.Activity?.SetText(SwarmDiagnostics.OutcomeTag, Failed);
            SwarmActivities.Fail(scope.Activity, EngineErrorTypes.Of(exception));
            throw;
        }
        finally
        {
            scope.Dispose();
        }
    }

    private void Note(Activity? activity, PlacementRequest request, PlacementResult placement, TimeSpan duration)
    {
        var outcome = placement.IsPlaced ? Placed : Refused;
        var strategy = BuiltInStrategies.Canonical(request.Strategy ?? cluster.Options.Strategy);
        cluster.Metrics.Decided(outcome, strategy, duration);
        if (activity is not null)
        {
            activity.SetText(SwarmDiagnostics.OutcomeTag, outcome);
            activity.SetText(SwarmDiagnostics.StrategyTag, strategy);
            activity.SetTag(SwarmDiagnostics.NodesTag, cluster.Snapshot.Nodes.Count);
            activity.SetText(SwarmDiagnostics.EngineIdTag, placement.Node?.Id);
        }

        if (placement.Node is { } node)
        {
            Log.Decided(cluster.Logger, request.Name, node.Name, node.Id, strategy);
            return;
        }

        foreach (var group in placement.RejectionCounts)
        {
            cluster.Metrics.Rejected(group.Filter, RejectionReasons.TagOf(group.Code), group.Nodes);
        }

        if (cluster.Logger.IsEnabled(LogLevel.Information))
        {
            Log.NotPlaced(cluster.Logger, request.Name, RejectionReasons.Summarize(placement.RejectionCounts));
        }
    }

    private HoldOutcome<Reservation> Reserve(SwarmCluster.Run run, PlacementRequest request, NodeView node, string operation)
    {
        using var scope = SwarmActivities.StartStep(SwarmDiagnostics.ReserveActivity, cluster.Failures);
        var outcome = run.Ledger.TryReserve(request, node, operation);
        if (scope.Activity is { } activity)
        {
            activity.SetText(SwarmDiagnostics.EngineIdTag, node.Id);
            activity.SetText(SwarmDiagnostics.OutcomeTag, outcome.Hold is null ? Refused : Placed);
        }

        return outcome;
    }

    private async Task ObservePullAsync(string image, IFollowedEngine engine, Func<Task> pull)
    {
        var (engineName, engineId) = (engine.State.Name, engine.State.Id);
        var started = cluster.Time.GetTimestamp();
        try
        {
            await pull();
        }
        catch (Exception exception)
        {
            cluster.Metrics.PullEnded(EngineErrorTypes.Of(exception));
            Log.PullFailed(cluster.Logger, exception, engineName, engineId, image, cluster.Time.GetElapsedTime(started));
            throw;
        }

        cluster.Metrics.PullEnded(errorType: null);
        Log.Pulled(cluster.Logger, engineName, engineId, image, cluster.Time.GetElapsedTime(started));
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Debug, "Container {ContainerName} goes to {EngineName} ({EngineId}) by {Strategy}.", EventName = "Decided")]
        public static partial void Decided(ILogger logger, string? containerName, string engineName, string engineId, string strategy);

        [LoggerMessage(201, LogLevel.Information, "No node will do for container {ContainerName}: {Reasons}.", EventName = "NotPlaced")]
        public static partial void NotPlaced(ILogger logger, string? containerName, string reasons);

        [LoggerMessage(426, LogLevel.Information, "Container {ContainerId} ({ContainerName}) was created on {EngineName} ({EngineId}).", EventName = "Created")]
        public static partial void Created(ILogger logger, string containerId, string? containerName, string engineName, string engineId);

        [LoggerMessage(427, LogLevel.Information, "The answer to operation {Operation} was lost, but it has made container {ContainerId} on engine {EngineId}.", EventName = "AnswerFound")]
        public static partial void AnswerFound(ILogger logger, string operation, string containerId, string engineId);

        [LoggerMessage(428, LogLevel.Information, "Engine {EngineName} ({EngineId}) has fetched the image {Image} in {Duration}.", EventName = "Pulled")]
        public static partial void Pulled(ILogger logger, string engineName, string engineId, string image, TimeSpan duration);

        [LoggerMessage(429, LogLevel.Warning, "Engine {EngineName} ({EngineId}) could not fetch the image {Image} in {Duration}.", EventName = "PullFailed")]
        public static partial void PullFailed(ILogger logger, Exception exception, string engineName, string engineId, string image, TimeSpan duration);
    }
}
