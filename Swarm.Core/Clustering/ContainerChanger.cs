using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The story of a change that has to be promised first, a name or room: hold it, ask the engine, see what became of it.</summary>
internal sealed partial class ContainerChanger(SwarmCluster cluster)
{
    public async Task<ClusterContainer> RenameAsync(SwarmCluster.Run run, ClusterContainer container, string name, CancellationToken cancellationToken)
    {
        if (container.Name == name)
        {
            // It may have got another one meanwhile, beside the cluster.
            container = await run.Refresher.RefreshAsync(container, cancellationToken);
            if (container.Name == name)
            {
                return container;
            }
        }

        var engine = run.Engines.Find(container.EngineId);
        var outcome = run.Ledger.TryHoldName(container.EngineId, container.Id, name);
        if (outcome.NameHolder is { } holder)
        {
            throw new NameConflictException(name, holder);
        }

        using var hold = outcome.Hold ?? throw EngineCalls.HasLeft(container.EngineId);
        try
        {
            await AskAsync(
                run,
                engine,
                container,
                hold,
                "rename container",
                NoResult.Of((io, token) => io.Containers.RenameAsync(container.Id, name, token)),
                seen => seen.View.Name == name ? (true, !hold.HasRival) : null,
                cancellationToken);
        }
        catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))
        {
            engine.RefreshSoon();
            throw new NameConflictException(name, $"a container that engine {engine.State.Name} ({container.EngineId}) has", exception);
        }

        return await ShowAsync(run, container, hold, cancellationToken);
    }

    public async Task<UpdateResult> UpdateAsync(SwarmCluster.Run run, ClusterContainer container, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var engine = run.Engines.Find(container.EngineId);

        // Quota and period make CPU time together, so two updates at once could come to more than either of them.
        using var turn = await run.Updates.EnterAsync(container.Id, cancellationToken);
        var inspection = await run.Calls.InspectAsync(engine, container, cluster.Options.CallTimeout, cancellationToken);
        var before = ContainerSettings.Read(engine.Address, inspection);
        var counted = CountedDemand.Of(inspection.View.Labels);
        update = UpdateDemand.ForEngine(update, cluster.Settings.Rules, counted);
        var unknown = run.Ledger.UnknownUpdates(container.EngineId, container.Id);
        var floor = UpdateDemand.FloorOf(before, update.Typed, unknown, cluster.Settings.Rules, counted);
        using var hold = await HoldRoomAsync(run, engine, container, update.Typed, floor, cancellationToken);

        // What shows already tells nothing of the request, and what another one may have made tells nothing of this one.
        var tells = unknown.IsEmpty && !Shows(before, before, update);
        var warnings = await AskAsync(
            run,
            engine,
            container,
            hold,
            "update container",
            (io, token) => io.Containers.UpdateAsync(container.Id, update, token),
            seen => Shows(ContainerSettings.Read(engine.Address, seen), before, update) ? (ImmutableArray<string>.Empty, tells) : null,
            cancellationToken);
        return new UpdateResult(await ShowAsync(run, container, hold, cancellationToken), CleanText.Each(warnings));
    }

    // A container that neither its engine shows nor a create is known to have made is looked at first: it may have come a moment ago.
    private static async Task<ContainerHold> HoldRoomAsync(SwarmCluster.Run run, IFollowedEngine engine, ClusterContainer container, ContainerUpdateSpec update, ResourceVector floor, CancellationToken cancellationToken)
    {
        var outcome = run.Ledger.TryHoldRoom(container.EngineId, container.Id, update, floor);
        if (outcome.IsUnheardOf)
        {
            await run.Refresher.RefreshAsync(container, cancellationToken);
            outcome = run.Ledger.TryHoldRoom(container.EngineId, container.Id, update, floor);
        }

        return outcome switch
        {
            { Hold: { } hold } => hold,
            { IsUnheardOf: true } => throw new EngineNotAdmittedException(container.EngineId, $"what container {container.Id} takes there is not known yet, so nothing can be promised to it"),
            { Refused: { Code: RejectionCodes.Resources } refused } =>
                throw new InsufficientResourcesException(container.Id, container.EngineId, engine.State.Name, new ResourceShortage(refused.Subject!, refused.Needed, refused.Free)),
            _ => throw EngineCalls.HasLeft(container.EngineId),
        };
    }

    // What the library cannot read of an update may be under way still, unless something it can read tells that it was made.
    private static bool Shows(ContainerUpdateSpec settings, ContainerUpdateSpec before, ContainerUpdate update) =>
        settings.With(update.Typed) == settings && (!update.HasOthers || before.With(update.Typed) != before);

    // The engine's state is read after its answer: when that works, the state says what the hold said.
    private static async Task<ClusterContainer> ShowAsync(SwarmCluster.Run run, ClusterContainer container, ContainerHold hold, CancellationToken cancellationToken)
    {
        var (shown, isRead) = await run.Refresher.TryRefreshAsync(container, cancellationToken);
        if (isRead)
        {
            hold.EndRead();
        }

        return shown;
    }

    // Every way out decides the hold. A lost answer is settled by looking at the container, never by asking again.
    private async Task<T> AskAsync<T>(
        SwarmCluster.Run run,
        IFollowedEngine engine,
        ClusterContainer container,
        ContainerHold hold,
        string operation,
        Func<IEngine, CancellationToken, Task<T>> ask,
        Func<ContainerInspection, (T Result, bool IsCertain)?> resultIfMade,
        CancellationToken cancellationToken)
    {
        try
        {
            var result = await engine.CallAsync(operation, cluster.Options.CallTimeout, ask, cancellationToken);
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
                await run.Calls.ThrowIfGoneAsync(container, exception, cancellationToken);
            }

            run.Refresher.RefreshSoon(container);
            throw;
        }
        catch (EngineException exception)
        {
            Log.ChangeAnswerLost(cluster.Logger, exception, operation, container.Id, container.EngineId);
            if (await LookAsync(engine, container, operation, resultIfMade, run.Work.Stopping) is { } made)
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
            var inspection = await engine.CallAsync("inspect container", cluster.Options.CallTimeout, (io, token) => io.Containers.InspectAsync(container.Id, token), cancellationToken);
            return resultIfMade(inspection);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws, nothing is known of the change.
            Log.ChangeOutcomeUnknown(cluster.Logger, exception, operation, container.Id, container.EngineId);
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
