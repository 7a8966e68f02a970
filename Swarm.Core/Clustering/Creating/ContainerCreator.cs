using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Creates a container on the engine where its place is reserved, and finds out what became of it when the answer is lost.</summary>
/// <param name="puller">Fetches images that an engine does not have; <see langword="null"/> when that is not to be done.</param>
/// <param name="orphans">Removes what nobody waits for any more.</param>
/// <param name="work">What goes on in the background until the stop.</param>
/// <param name="rules">What a container counts for.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of answers that were lost.</param>
internal sealed partial class ContainerCreator(ImagePuller? puller, OrphanRemover orphans, OngoingWork work, DemandRules rules, CallLimits limits, TimeProvider time, ILogger logger)
{
    // Somebody may clean an engine of unused images at any moment, also between a pull and the create after it; not each time.
    private const int MostPulls = 2;

    /// <summary>Creates a container. Every way out says what became of the reservation, but for the success: that is left to the caller to settle.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="reserved">The place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine's answer.</returns>
    public async Task<CreatedContainer> CreateAsync(IFollowedEngine engine, PlacementRequest request, Reservation reserved, CancellationToken cancellationToken)
    {
        var config = StampFor(engine, request, reserved);

        // What is named by its ID is on the engine or nowhere: a registry would be asked for a repository of that name.
        var pulls = puller is null || ImageReference.IsId(config.Typed.Image) ? 0 : MostPulls;
        var name = new NameWait(time);
        while (true)
        {
            try
            {
                if (await SendCreateAsync(engine, config, reserved, name, imageMayCome: pulls > 0, cancellationToken) is { } created)
                {
                    return created;
                }
            }
            catch (ImageNotFoundException) when (pulls > 0)
            {
                await PullAsync(puller!, engine, config.Typed.Image, reserved, cancellationToken);
                pulls--;
            }
        }
    }

    private static async Task PullAsync(ImagePuller puller, IFollowedEngine engine, string image, Reservation reserved, CancellationToken cancellationToken)
    {
        try
        {
            await puller.PullAsync(engine, image, cancellationToken);
        }
        catch (Exception)
        {
            reserved.Release(); // whatever became of the image, no container was made
            throw;
        }
    }

    // Every way out says what became of the reservation, but for a missing image that may come, and for a name that was waited for: then there is no answer, and the create is to be sent again.
    private async Task<CreatedContainer?> SendCreateAsync(IFollowedEngine engine, ContainerConfig config, Reservation reserved, NameWait wait, bool imageMayCome, CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        try
        {
            return await engine.CallAsync("create container", limits.Create, (io, token) => CreateDiscreetlyAsync(io, config, token), cancellationToken);
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
            if (EngineAnswers.IsConflict(exception) && config.Name is { } name)
            {
                if (await WaitForNameAsync(engine, name, wait, reserved, cancellationToken))
                {
                    return null;
                }

                reserved.Release();
                engine.RefreshSoon();
                throw new NameConflictException(name, $"a container that engine {engine.State.Name} ({reserved.EngineId}) has", exception);
            }

            reserved.Release();
            throw;
        }
        catch (EngineException exception)
        {
            Log.AnswerLost(logger, exception, reserved.Operation, reserved.EngineId);
            if (await FindOrAbandonAsync(engine, reserved, sentAt, cancellationToken) is { } id)
            {
                Log.AnswerFound(logger, reserved.Operation, id, reserved.EngineId);
                return new CreatedContainer(id, []);
            }

            if (reserved.Abandon(EngineAnswers.MayBeAtIt(exception) ? AtWork(sentAt) : TimeSpan.Zero) is { } shown)
            {
                return new CreatedContainer(shown, []); // the engine's events were quicker than its answers
            }

            engine.RefreshSoon();
            throw;
        }
        catch (Exception)
        {
            // Cancelled, or the host's own connector failed: whatever becomes of the call, its container is not wanted.
            AbandonInBackground(engine, reserved, sentAt);
            throw;
        }
    }

    // Until then the place stays promised: the create is refused, but not over.
    private async Task<bool> WaitForNameAsync(IFollowedEngine engine, string name, NameWait wait, Reservation reserved, CancellationToken cancellationToken)
    {
        try
        {
            return await TakenName.IsLeavingAsync(engine, name, orphans, limits.Call, cancellationToken) && await wait.TryPauseAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            reserved.Release(); // the engine has made nothing
            throw;
        }
    }

    // An engine that goes on with what nobody waits for is given as long as anybody would have waited.
    private TimeSpan AtWork(long sentAt)
    {
        var left = limits.Create - time.GetElapsedTime(sentAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<string?> FindAsync(IFollowedEngine engine, string operation, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.CallAsync(
                "find container",
                limits.Call,
                (io, token) => io.Containers.ListAsync(SwarmLabels.Operation, operation, token),
                cancellationToken);
            return found.IsEmpty ? null : found[0].Id;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws, nothing is known of the container.
            Log.OutcomeUnknown(logger, exception, operation, engine.State.Id);
            return null;
        }
    }

    private async Task<string?> FindOrAbandonAsync(IFollowedEngine engine, Reservation reserved, long sentAt, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(engine, reserved.Operation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            AbandonInBackground(engine, reserved, sentAt);
            throw;
        }
    }

    // Nobody waits for the answer any more: what there is to find is found, and removed, in the background.
    private void AbandonInBackground(IFollowedEngine engine, Reservation reserved, long sentAt)
    {
        var shown = reserved.Abandon(AtWork(sentAt));
        work.InBackground(stopping => RemoveAbandonedAsync(engine, reserved, shown, stopping));
    }

    private async Task RemoveAbandonedAsync(IFollowedEngine engine, Reservation reserved, string? shown, CancellationToken stopping)
    {
        try
        {
            var id = shown ?? await FindAsync(engine, reserved.Operation, stopping);
            engine.RefreshSoon();
            if (id is not null)
            {
                await orphans.RemoveAsync(reserved.EngineId, id, reserved.Operation, LeftBehind.FailedCreate, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.OutcomeUnknown(logger, null, reserved.Operation, engine.State.Id);
        }
    }

    private ContainerConfig StampFor(IFollowedEngine engine, PlacementRequest request, Reservation reserved)
    {
        try
        {
            return DemandStamp.Of(request, rules, engine.State.Specs);
        }
        catch (InvalidRequestException)
        {
            reserved.Release(); // the body has no room for another label; nothing was sent
            throw;
        }
    }

    private static Task<CreatedContainer> CreateDiscreetlyAsync(IEngine engine, ContainerConfig config, CancellationToken cancellationToken) =>
        Redaction.Of(config).GuardAsync(engine.Address, "create container", () => engine.Containers.CreateAsync(config, cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(412, LogLevel.Warning, "The answer to operation {Operation} on engine {EngineId} was lost; looking for its container.", EventName = "AnswerLost")]
        public static partial void AnswerLost(ILogger logger, Exception exception, string operation, string engineId);

        [LoggerMessage(413, LogLevel.Warning, "It is not known whether operation {Operation} on engine {EngineId} made its container; its room stays reserved.", EventName = "OutcomeUnknown")]
        public static partial void OutcomeUnknown(ILogger logger, Exception? exception, string operation, string engineId);

        [LoggerMessage(427, LogLevel.Information, "The answer to operation {Operation} was lost, but it has made container {ContainerId} on engine {EngineId}.", EventName = "AnswerFound")]
        public static partial void AnswerFound(ILogger logger, string operation, string containerId, string engineId);
    }
}
