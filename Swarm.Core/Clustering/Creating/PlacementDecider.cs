using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

/// <summary>Decides where a container goes and reserves its place there, both in one turn.</summary>
/// <param name="ledger">Holds what was promised.</param>
/// <param name="scheduler">Decides.</param>
/// <param name="book">What it remembers from one decision to the next.</param>
/// <param name="lanes">Whose turn it is.</param>
/// <param name="strategy">The strategy of requests that name none.</param>
/// <param name="identifiers">Seeds decisions.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts decisions.</param>
/// <param name="failures">Hears of listeners that throw.</param>
/// <param name="logger">Hears what was decided, in the caller's scopes.</param>
/// <param name="loopLogger">Hears of what must not be held up by a logger that blocks.</param>
internal sealed partial class PlacementDecider(
    ReservationLedger ledger,
    Scheduler scheduler,
    VerdictBook book,
    PlacementLanes lanes,
    string strategy,
    IdentifierSource identifiers,
    TimeProvider time,
    SwarmMetrics metrics,
    HostFailures failures,
    ILogger logger,
    ILogger loopLogger)
{
    private const string Placed = "placed";
    private const string Refused = "refused";
    private const string Failed = "failed";

    // A decision is taken back only when the chosen engine changed in the very moment; not for ever, though.
    private const int MaxDecisions = 16;

    /// <summary>Chooses a node for a request, and reserves the place there.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="operation">The operation, by which its container is known again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was decided, and the reservation when there is a place.</returns>
    /// <exception cref="NameConflictException">Another container has the name.</exception>
    /// <exception cref="EngineNotAdmittedException">The engines that were chosen changed each time.</exception>
    public async Task<(PlacementResult Placement, Reservation? Reserved)> DecideAsync(PlacementRequest request, string operation, CancellationToken cancellationToken)
    {
        var scope = default(ActivityScope);
        long? started = null;
        var duration = TimeSpan.Zero;
        var isExpensive = PlacementWeight.IsExpensive(request);
        var name = new NameWait(time);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                Decision? outcome;

                // Expensive requests wait for each other before they stand in line with all others, so that of them only one is ever ahead of anybody.
                using (isExpensive ? await lanes.Expensive.EnterAsync(cancellationToken) : default)
                using (await lanes.All.EnterAsync(cancellationToken))
                {
                    var begun = time.GetTimestamp();
                    if (started is null)
                    {
                        started = begun;
                        scope = SwarmActivities.StartStep(SwarmDiagnostics.DecideActivity, failures);
                    }

                    outcome = Decide(request, operation, isExpensive, cancellationToken);
                    duration += time.GetElapsedTime(begun);
                }

                if (outcome is not { } decided)
                {
                    isExpensive = true;
                    continue;
                }

                if (decided.NameHolder is { } holder)
                {
                    // Outside the turn: others need not wait for a name of their neighbour.
                    if (!ledger.IsNameLeaving(request.Name!) || !await name.TryPauseAsync(cancellationToken))
                    {
                        throw new NameConflictException(request.Name!, holder);
                    }

                    attempt--;
                    continue;
                }

                if (decided.Overtaken is not { } overtaken)
                {
                    // After the turn: a logger or a listener that takes its time must not take that of the next.
                    Record(scope.Activity, request, decided.Placement!, duration);
                    return (decided.Placement!, decided.Reserved);
                }

                var engineId = decided.Placement!.Node!.Id;
                Log.DecisionOvertaken(loopLogger, engineId, overtaken.ToString());
                if (attempt >= MaxDecisions)
                {
                    throw new EngineNotAdmittedException(engineId, $"it changed each of the {MaxDecisions} times it was chosen");
                }
            }
        }
        catch (Exception exception) when (started is not null)
        {
            metrics.Decided(Failed, strategy: null, time.GetElapsedTime(started.Value));
            scope.Activity?.SetText(SwarmDiagnostics.OutcomeTag, Failed);
            SwarmActivities.Fail(scope.Activity, EngineErrorTypes.Of(exception));
            throw;
        }
        finally
        {
            scope.Dispose();
        }
    }

    private void Record(Activity? activity, PlacementRequest request, PlacementResult placement, TimeSpan duration)
    {
        var outcome = placement.IsPlaced ? Placed : Refused;
        var chosen = BuiltInStrategies.Canonical(request.Strategy ?? strategy);
        metrics.Decided(outcome, chosen, duration);
        if (activity is not null)
        {
            activity.SetText(SwarmDiagnostics.OutcomeTag, outcome);
            activity.SetText(SwarmDiagnostics.StrategyTag, chosen);
            activity.SetTag(SwarmDiagnostics.NodesTag, ledger.Snapshot.Nodes.Count);
            activity.SetText(SwarmDiagnostics.EngineIdTag, placement.Node?.Id);
        }

        if (placement.Node is { } node)
        {
            Log.Decided(logger, request.Name, node.Name, node.Id, chosen);
            return;
        }

        if (metrics.CountsRejections)
        {
            foreach (var group in placement.RejectionCounts)
            {
                metrics.Rejected(group.Filter, RejectionReasons.TagOf(group.Code), group.Nodes);
            }
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.NotPlaced(logger, request.Name, RejectionReasons.Summarize(placement.RejectionCounts));
        }
    }

    private HoldOutcome<Reservation> Reserve(PlacementRequest request, NodeView node, string operation)
    {
        using var scope = SwarmActivities.StartStep(SwarmDiagnostics.ReserveActivity, failures);
        var outcome = ledger.TryReserve(request, node, operation);
        if (scope.Activity is { } activity)
        {
            activity.SetText(SwarmDiagnostics.EngineIdTag, node.Id);
            activity.SetText(SwarmDiagnostics.OutcomeTag, outcome.Hold is null ? Refused : Placed);
        }

        return outcome;
    }

    // One decision; null when it would hold up others too long.
    private Decision? Decide(PlacementRequest request, string operation, bool isExpensive, CancellationToken cancellationToken)
    {
        if (request.Name is { } name && ledger.FindNameHolder(name) is { } holder)
        {
            return new Decision(null, null, null, holder);
        }

        var (nodes, seed) = (ledger.Snapshot.Nodes, identifiers.NextSeed());
        var placement = isExpensive
            ? scheduler.Place(request, nodes, seed, book, cancellationToken)
            : scheduler.TryPlaceInPassing(request, nodes, seed, book, cancellationToken);
        if (placement is not { Node: { } node })
        {
            return placement is null ? null : new Decision(placement, null, null);
        }

        var outcome = Reserve(placement.Request, node, operation);
        return outcome.NameHolder is { } taken
            ? new Decision(null, null, null, taken)
            : new Decision(placement, outcome.Hold, outcome.Rejection);
    }

    /// <summary>What came of one turn: a place, that there is none, that the place was lost in the very moment, or that somebody has the name.</summary>
    private readonly record struct Decision(PlacementResult? Placement, Reservation? Reserved, Rejection? Overtaken, string? NameHolder = null);

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Debug, "Container {ContainerName} goes to {EngineName} ({EngineId}) by {Strategy}.", EventName = "Decided")]
        public static partial void Decided(ILogger logger, string? containerName, string engineName, string engineId, string strategy);

        [LoggerMessage(201, LogLevel.Information, "No node will do for container {ContainerName}: {Reasons}.", EventName = "NotPlaced")]
        public static partial void NotPlaced(ILogger logger, string? containerName, string reasons);

        [LoggerMessage(411, LogLevel.Debug, "Engine {EngineId} was chosen, but has changed since: {Reason}. Deciding again.", EventName = "DecisionOvertaken")]
        public static partial void DecisionOvertaken(ILogger logger, string engineId, string reason);
    }
}
