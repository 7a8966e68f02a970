using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The story of a job: create a container, listen before it starts, wait for its end, collect what it wrote, remove it.</summary>
/// <param name="placer">Creates containers.</param>
/// <param name="starter">Starts them.</param>
/// <param name="calls">Calls engines for containers.</param>
/// <param name="waiter">Waits for their end.</param>
/// <param name="output">Collects what they wrote.</param>
/// <param name="remover">Removes them.</param>
/// <param name="orphans">Removes what cannot be removed at once.</param>
/// <param name="removals">Knows what of it the host program removes itself.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The stop of the cluster.</param>
internal sealed class JobRunner(
    ContainerPlacer placer,
    ContainerStarter starter,
    ContainerCalls calls,
    ContainerWaiter waiter,
    JobOutput output,
    ContainerRemover remover,
    OrphanRemover orphans,
    HostRemovals removals,
    CallLimits limits,
    TimeProvider time,
    CancellationToken stopping)
{
    // An engine that does not answer must not hold up the stop of the cluster.
    private static readonly TimeSpan _removedBeforeStop = TimeSpan.FromSeconds(1);

    /// <summary>Runs a container to its end.</summary>
    /// <param name="config">What is asked for.</param>
    /// <param name="options">Its place, its input, and what is kept.</param>
    /// <param name="cancellationToken">Gives up: the container is removed then.</param>
    /// <exception cref="PlacementException">There is no place for it.</exception>
    public async Task<CompletedRun> RunAsync(ContainerConfig config, RunToCompletionOptions options, CancellationToken cancellationToken)
    {
        for (var made = 1; ; made++)
        {
            if (await TryRunAsync(config, options, ContainerStarter.MayBeMadeAgain(config, made), cancellationToken) is { } completed)
            {
                return completed;
            }
        }
    }

    // Gives nothing where the container was gone before it was started, and may be made again.
    private async Task<CompletedRun?> TryRunAsync(ContainerConfig config, RunToCompletionOptions options, bool mayBeMadeAgain, CancellationToken cancellationToken)
    {
        var created = await placer.CreateAsync(config, options.Placement, cancellationToken);
        var container = created.Container ?? throw new PlacementException(created.Placement);
        var (keep, isStarted, left) = (false, false, LeftBehind.FailedAttach);
        removals.Begin(container);
        try
        {
            // Attached and waiting before it starts, nothing of a container is missed, however short its life is.
            var streams = await calls.CallAsync(
                container,
                "attach to container",
                limits.Call,
                (engine, id, token) => engine.Containers.AttachAsync(id, new AttachOptions { Input = options.Input is not null }, token),
                cancellationToken);
            await using var streamed = new BoundedDisposal(streams, limits.Call, time);
            left = LeftBehind.FailedWait;
            var wait = await calls.CallAsync(
                container,
                "wait for container",
                limits.Call,
                (engine, id, token) => engine.Containers.OpenWaitAsync(id, WaitCondition.NextExit, token),
                cancellationToken);
            await using var waited = new BoundedDisposal(wait, limits.Call, time);
            using var talk = new ProcessTalk(streams, options.Input, options.MaxOutputBytes, time, cancellationToken);
            try
            {
                left = LeftBehind.FailedStart;
                var started = await starter.StartNewAsync(container, config, cancellationToken);
                (isStarted, left) = (true, LeftBehind.FailedWait);
                var (exit, wasInterrupted) = await waiter.WaitAsync(container, wait, cancellationToken);
                left = LeftBehind.FailedOutput;
                var (written, isComplete) = await output.FinishAsync(container, talk, wasInterrupted, options.MaxOutputBytes, cancellationToken);
                var error = exit.Error is { } text ? CleanText.Of(Redaction.Of(config).Apply(text)) : null;
                (keep, left) = (options.Keep, LeftBehind.JobEnded);
                return new CompletedRun(started, exit.ExitCode, error, written, isComplete) { RanOutOfMemory = exit.RanOutOfMemory };
            }
            finally
            {
                await talk.EndAsync();
            }
        }
        catch (ContainerNotFoundException) when (mayBeMadeAgain && !isStarted)
        {
            return null;
        }
        catch (Exception exception)
        {
            (keep, left) = (false, exception is OperationCanceledException && cancellationToken.IsCancellationRequested ? LeftBehind.JobGivenUp : left);
            throw;
        }
        finally
        {
            if (keep)
            {
                removals.End(container, isDenied: false);
            }
            else
            {
                await RemoveNowOrLaterAsync(container, left, mayBeGone: isStarted && config.Typed.AutoRemove);
            }
        }
    }

    // Whoever gave up must not wait for ever for what is left; whoever did not finds the container gone. One that its engine has not got although nobody was to remove it, the host program neither, goes when it shows again.
    private async Task RemoveNowOrLaterAsync(ClusterContainer container, LeftBehind why, bool mayBeGone)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var whenStopped = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(_removedBeforeStop), limit);
        try
        {
            var wasThere = await remover.RemoveAsync(container, force: true, removeVolumes: true, limits.Call, limit.Token);
            var byHost = removals.End(container, isDenied: !wasThere);
            if (!wasThere && !mayBeGone && !byHost)
            {
                orphans.RemoveSoon(container.EngineId, container.View, why);
            }
        }
        catch (Exception)
        {
            // Whatever a connector of the host throws, what became of the job is known and told.
            if (!removals.End(container, isDenied: false))
            {
                orphans.RemoveSoon(container.EngineId, container.View, why);
            }
        }
    }
}
