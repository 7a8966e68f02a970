using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The story of a create: read the request, decide and reserve in one turn, create on the engine, settle.</summary>
internal sealed partial class ContainerPlacer(SwarmCluster cluster)
{
    // A decision is taken back only when the chosen engine changed in the very moment; not for ever, though.
    private const int MaxDecisions = 16;

    // From where on reading a body takes a thread for longer than deciding does.
    private const int LargeBody = 16 * 1024;

    private readonly ImagePuller _puller = new(cluster);

    public async Task<CreateResult> CreateAsync(SwarmCluster.Run run, ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var made = cluster.Settings.Identity.Next(cluster.Settings.Identifiers);
        var operation = made.Operation;
        PlacementRequest request;
        using (config.Body.Length > LargeBody ? await run.DearLane.EnterAsync(cancellationToken) : default)
        {
            request = cluster.Settings.Requests.Create(config, options, made);
        }

        var (placement, reserved) = await DecideObservedAsync(run, request, operation, cancellationToken);
        if (reserved is null)
        {
            return new CreateResult(placement, null);
        }

        using (reserved)
        {
            if (run.Engines.TryFind(reserved.EngineId) is not { } engine)
            {
                reserved.Release();
                throw EngineCalls.HasLeft(reserved.EngineId);
            }

            var id = await CreateOnAsync(run, engine, StampFor(engine, request, reserved), reserved, cancellationToken);
            reserved.Settle(id);
            Log.Created(cluster.Logger, id, request.Name, engine.State.Name, reserved.EngineId);
            var created = new ClusterContainer(reserved.EngineId, engine.State.Name, reserved.Pending with { Id = id, State = ContainerState.Created });
            return new CreateResult(placement, await run.Refresher.RefreshAsync(created, cancellationToken));
        }
    }

    private ContainerConfig StampFor(IFollowedEngine engine, PlacementRequest request, Reservation reserved)
    {
        try
        {
            return DemandStamp.Of(request, cluster.Settings.Rules, engine.State.Specs);
        }
        catch (InvalidRequestException)
        {
            reserved.Release(); // the body has no room for another label; nothing was sent
            throw;
        }
    }

    // One decision; null when it would hold up others too long.
    private Decision? Decide(SwarmCluster.Run run, PlacementRequest request, string operation, bool isDear, CancellationToken cancellationToken)
    {
        if (request.Name is { } name && run.Ledger.FindNameHolder(name) is { } holder)
        {
            throw new NameConflictException(name, holder);
        }

        var (scheduler, nodes, seed) = (cluster.Settings.Scheduler, run.Ledger.Snapshot.Nodes, cluster.Settings.Identifiers.NextSeed());
        var placement = isDear
            ? scheduler.Place(request, nodes, seed, cancellationToken)
            : scheduler.TryPlaceInPassing(request, nodes, seed, cancellationToken);
        if (placement is not { Node: { } node })
        {
            return placement is null ? null : new Decision(placement, null, null);
        }

        var outcome = Reserve(run, request, node, operation);
        return outcome.NameHolder is { } taken
            ? throw new NameConflictException(request.Name!, taken)
            : new Decision(placement, outcome.Hold, outcome.Refused);
    }

    private async Task<string> CreateOnAsync(SwarmCluster.Run run, IFollowedEngine engine, ContainerConfig config, Reservation reserved, CancellationToken cancellationToken)
    {
        if (cluster.Options.PullMissingImages)
        {
            try
            {
                return await AskAsync(run, engine, config, reserved, imageMayCome: true, cancellationToken);
            }
            catch (ImageNotFoundException)
            {
                await PullAsync(engine, config.Typed.Image, reserved, cancellationToken);
            }
        }

        return await AskAsync(run, engine, config, reserved, imageMayCome: false, cancellationToken);
    }

    private async Task PullAsync(IFollowedEngine engine, string image, Reservation reserved, CancellationToken cancellationToken)
    {
        try
        {
            await ObservePullAsync(image, engine, () => _puller.PullAsync(engine, image, cancellationToken));
        }
        catch (Exception)
        {
            reserved.Release(); // whatever became of the image, no container was made
            throw;
        }
    }

    // Every way out decides the reservation, but for a missing image that may come.
    private async Task<string> AskAsync(SwarmCluster.Run run, IFollowedEngine engine, ContainerConfig config, Reservation reserved, bool imageMayCome, CancellationToken cancellationToken)
    {
        var askedAt = cluster.Time.GetTimestamp();
        try
        {
            var created = await engine.CallAsync("create container", cluster.Options.CreateTimeout, (io, token) => CreateDiscreetlyAsync(io, config, token), cancellationToken);
            return created.Id;
        }
        catch (ImageNotFoundException) when (imageMayCome)
        {
            throw;
        }
        catch (EngineUnreachableException exception) when (exception.NotSent)
        {
            reserved.Release();
            throw;
        }
        catch (EngineApiException exception) when (EngineAnswers.IsRefusal(exception))
        {
            reserved.Release();
            if (EngineAnswers.IsConflict(exception) && config.Name is { } name)
            {
                engine.RefreshSoon();
                throw new NameConflictException(name, $"a container that engine {engine.State.Name} ({reserved.EngineId}) has", exception);
            }

            throw;
        }
        catch (EngineException exception)
        {
            Log.AnswerLost(cluster.Logger, exception, reserved.Operation, reserved.EngineId);
            if (await FindOrAbandonAsync(run, engine, reserved, askedAt, cancellationToken) is { } id)
            {
                Log.AnswerFound(cluster.Logger, reserved.Operation, id, reserved.EngineId);
                return id;
            }

            if (reserved.Abandon(EngineAnswers.MayBeAtIt(exception) ? AtWork(askedAt) : TimeSpan.Zero) is { } shown)
            {
                return shown; // the engine's events were quicker than its answers
            }

            engine.RefreshSoon();
            throw;
        }
        catch (Exception)
        {
            // Cancelled, or the host's own connector failed: whatever becomes of the call, its container is not wanted.
            AbandonUnasked(run, engine, reserved, askedAt);
            throw;
        }
    }

    // An engine that goes on with what nobody waits for is given as long as anybody would have waited.
    private TimeSpan AtWork(long askedAt)
    {
        var left = cluster.Options.CreateTimeout - cluster.Time.GetElapsedTime(askedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<string?> FindAsync(IFollowedEngine engine, string operation, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.CallAsync(
                "find container",
                cluster.Options.CallTimeout,
                (io, token) => io.Containers.ListAsync(SwarmLabels.Operation, operation, token),
                cancellationToken);
            return found.IsEmpty ? null : found[0].Id;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws, nothing is known of the container.
            Log.OutcomeUnknown(cluster.Logger, exception, operation, engine.State.Id);
            return null;
        }
    }

    private async Task<string?> FindOrAbandonAsync(SwarmCluster.Run run, IFollowedEngine engine, Reservation reserved, long askedAt, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(engine, reserved.Operation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            AbandonUnasked(run, engine, reserved, askedAt);
            throw;
        }
    }

    // Nobody waits for the answer any more: what there is to find is found, and removed, in the background.
    private void AbandonUnasked(SwarmCluster.Run run, IFollowedEngine engine, Reservation reserved, long askedAt)
    {
        var shown = reserved.Abandon(AtWork(askedAt));
        run.Work.InBackground(stopping => RemoveAbandonedAsync(run, engine, reserved, shown, stopping));
    }

    private async Task RemoveAbandonedAsync(SwarmCluster.Run run, IFollowedEngine engine, Reservation reserved, string? shown, CancellationToken stopping)
    {
        try
        {
            var id = shown ?? await FindAsync(engine, reserved.Operation, stopping);
            engine.RefreshSoon();
            if (id is not null)
            {
                await Orphans.RemoveAsync(run, reserved.EngineId, id, reserved.Operation, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.OutcomeUnknown(cluster.Logger, null, reserved.Operation, engine.State.Id);
        }
    }

    /// <summary>What came of one turn: a place, that there is none, or that the place was lost in the very moment.</summary>
    private readonly record struct Decision(PlacementResult Placement, Reservation? Reserved, Rejection? Overtaken);

    private static partial class Log
    {
        [LoggerMessage(411, LogLevel.Debug, "Engine {EngineId} was chosen, but has changed since: {Reason}. Deciding again.", EventName = "DecisionOvertaken")]
        public static partial void DecisionOvertaken(ILogger logger, string engineId, string reason);

        [LoggerMessage(412, LogLevel.Warning, "The answer to operation {Operation} on engine {EngineId} was lost; looking for its container.", EventName = "AnswerLost")]
        public static partial void AnswerLost(ILogger logger, Exception exception, string operation, string engineId);

        [LoggerMessage(413, LogLevel.Warning, "It is not known whether operation {Operation} on engine {EngineId} made its container; its room stays reserved.", EventName = "OutcomeUnknown")]
        public static partial void OutcomeUnknown(ILogger logger, Exception? exception, string operation, string engineId);
    }
}
