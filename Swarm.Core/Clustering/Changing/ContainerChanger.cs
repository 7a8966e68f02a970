using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The story of a change that has to be promised first, a name or room: hold it, send the request, see what became of it.</summary>
/// <param name="ledger">Holds what was promised.</param>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="refresher">Looks at containers again.</param>
/// <param name="orphans">Removes what was left behind, and may have a name.</param>
/// <param name="rules">What a container counts for.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of answers that were lost.</param>
/// <param name="stopping">The stop of the cluster.</param>
internal sealed partial class ContainerChanger(
    ReservationLedger ledger,
    AdmittedEngines engines,
    ContainerCalls calls,
    ContainerRefresher refresher,
    OrphanRemover orphans,
    DemandRules rules,
    CallLimits limits,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    // Whose turn it is to update a container.
    private readonly ContainerLanes _updates = new();

    public async Task<ClusterContainer> RenameAsync(ClusterContainer container, string name, CancellationToken cancellationToken)
    {
        if (container.Name == name)
        {
            // It may have got another one meanwhile, beside the cluster.
            container = await refresher.RefreshAsync(container, cancellationToken);
            if (container.Name == name)
            {
                return container;
            }
        }

        var engine = engines.Find(container.EngineId);
        var wait = new NameWait(time);
        while (true)
        {
            var outcome = ledger.TryHoldName(container.EngineId, container.Id, name);
            if (outcome.NameHolder is { } holder)
            {
                if (!ledger.IsNameLeaving(name) || !await wait.TryPauseAsync(cancellationToken))
                {
                    throw new NameConflictException(name, holder);
                }

                continue;
            }

            using var hold = outcome.Hold ?? throw AdmittedEngines.HasLeft(container.EngineId);
            try
            {
                await SendChangeAsync(
                    engine,
                    container,
                    hold,
                    "rename container",
                    NoResult.Of((io, token) => io.Containers.RenameAsync(container.Id, name, token)),
                    seen => seen.View.Name == name ? (true, !hold.HasRival) : null,
                    cancellationToken);
                return await ShowAsync(container, hold, cancellationToken);
            }
            catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))
            {
                if (!await TakenName.IsLeavingAsync(engine, name, orphans, limits.Call, cancellationToken) || !await wait.TryPauseAsync(cancellationToken))
                {
                    engine.RefreshSoon();
                    throw new NameConflictException(name, $"a container that engine {engine.State.Name} ({container.EngineId}) has", exception);
                }
            }
        }
    }

    public async Task<UpdateResult> UpdateAsync(ClusterContainer container, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var engine = engines.Find(container.EngineId);

        // Quota and period make CPU time together, so two updates at once could come to more than either of them.
        using var turn = await _updates.EnterAsync(container.Id, cancellationToken);
        var inspection = await calls.InspectAsync(engine, container, limits.Call, cancellationToken);
        var before = ContainerSettings.Read(engine.Address, inspection);
        var counted = CountedDemand.Of(inspection.View.Labels);
        update = UpdateDemand.ForEngine(update, rules, counted);
        var unknown = ledger.UnknownUpdates(container.EngineId, container.Id);
        var floor = UpdateDemand.FloorOf(before, update.Typed, unknown, rules, counted);
        using var hold = await HoldRoomAsync(engine, container, update.Typed, floor, cancellationToken);

        // What shows already tells nothing of the request, and what another one may have made tells nothing of this one.
        var tells = unknown.IsEmpty && !Shows(before, before, update);
        var warnings = await SendChangeAsync(
            engine,
            container,
            hold,
            "update container",
            (io, token) => io.Containers.UpdateAsync(container.Id, update, token),
            seen => Shows(ContainerSettings.Read(engine.Address, seen), before, update) ? (ImmutableArray<string>.Empty, tells) : null,
            cancellationToken);
        return new UpdateResult(await ShowAsync(container, hold, cancellationToken), CleanText.Each(warnings));
    }

    // A container that neither its engine shows nor a create is known to have made is looked at first: it may have come a moment ago.
    private async Task<ContainerHold> HoldRoomAsync(IFollowedEngine engine, ClusterContainer container, ContainerUpdateSpec update, ResourceVector floor, CancellationToken cancellationToken)
    {
        var outcome = ledger.TryHoldRoom(container.EngineId, container.Id, update, floor);
        if (outcome.IsContainerUnknown)
        {
            await refresher.RefreshAsync(container, cancellationToken);
            outcome = ledger.TryHoldRoom(container.EngineId, container.Id, update, floor);
        }

        return outcome switch
        {
            { Hold: { } hold } => hold,
            { IsContainerUnknown: true } => throw new EngineNotAdmittedException(container.EngineId, $"what container {container.Id} takes there is not known yet, so nothing can be promised to it"),
            { Rejection: { Code: RejectionCodes.Resources } rejection } =>
                throw new InsufficientResourcesException(container.Id, container.EngineId, engine.State.Name, new ResourceShortage(rejection.Subject!, rejection.Needed, rejection.Free)),
            _ => throw AdmittedEngines.HasLeft(container.EngineId),
        };
    }

    // What the library cannot read of an update may be under way still, unless something it can read tells that it was made.
    private static bool Shows(ContainerUpdateSpec settings, ContainerUpdateSpec before, ContainerUpdate update) =>
        settings.With(update.Typed) == settings && (!update.HasOthers || before.With(update.Typed) != before);

    // The engine's state is read after its answer: when that works, the state says what the hold said.
    private async Task<ClusterContainer> ShowAsync(ClusterContainer container, ContainerHold hold, CancellationToken cancellationToken)
    {
        var (shown, isRead) = await refresher.TryRefreshAsync(container, cancellationToken);
        if (isRead)
        {
            hold.EndRead();
        }

        return shown;
    }

    // Every way out says what became of the hold. After a lost answer the container is looked at; the request is never sent again.
    private async Task<T> SendChangeAsync<T>(
        IFollowedEngine engine,
        ClusterContainer container,
        ContainerHold hold,
        string operation,
        Func<IEngine, CancellationToken, Task<T>> send,
        Func<ContainerInspection, (T Result, bool IsCertain)?> resultIfMade,
        CancellationToken cancellationToken)
    {
        try
        {
            var result = await engine.CallAsync(operation, limits.Call, send, cancellationToken);
            hold.Settle();
            return result;
        }
        catch (EngineUnreachableException exception) when (exception.NotSent)
        {
            hold.Release();
            throw;
        }
        catch (EngineApiException exception) when (EngineAnswers.IsRefusal(exception))
        {
            hold.Release();
            if (EngineAnswers.IsNotFound(exception))
            {
                await calls.ThrowIfGoneAsync(container, exception, cancellationToken);
            }

            refresher.RefreshSoon(container);
            throw;
        }
        catch (EngineException exception)
        {
            Log.ChangeAnswerLost(logger, exception, operation, container.Id, container.EngineId);
            if (await LookAsync(engine, container, operation, resultIfMade, stopping) is { } made)
            {
                // The caller has what was asked for, but where something else may have made it, this request may be on its way still.
                if (made.IsCertain)
                {
                    hold.Settle();
                }
                else
                {
                    hold.MarkUnknown();
                }

                return made.Result;
            }

            hold.MarkUnknown();
            engine.RefreshSoon();
            throw;
        }
        catch (Exception)
        {
            // Cancelled, or the host's own connector failed: the engine may make the change all the same.
            hold.MarkUnknown();
            engine.RefreshSoon();
            throw;
        }
    }

    private async Task<(T Result, bool IsCertain)?> LookAsync<T>(IFollowedEngine engine, ClusterContainer container, string operation, Func<ContainerInspection, (T Result, bool IsCertain)?> resultIfMade, CancellationToken cancellationToken)
    {
        try
        {
            var inspection = await engine.CallAsync("inspect container", limits.Call, (io, token) => io.Containers.InspectAsync(container.Id, token), cancellationToken);
            return resultIfMade(inspection);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws, nothing is known of the change.
            Log.ChangeOutcomeUnknown(logger, exception, operation, container.Id, container.EngineId);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(420, LogLevel.Warning, "The answer to {Operation} of {ContainerId} on engine {EngineId} was lost; looking at the container.", EventName = "ChangeAnswerLost")]
        public static partial void ChangeAnswerLost(ILogger logger, Exception exception, string operation, string containerId, string engineId);

        [LoggerMessage(421, LogLevel.Warning, "It is not known whether engine {EngineId} did {Operation} of {ContainerId}; what was promised to it stays reserved.", EventName = "ChangeOutcomeUnknown")]
        public static partial void ChangeOutcomeUnknown(ILogger logger, Exception? exception, string operation, string containerId, string engineId);
    }
}
