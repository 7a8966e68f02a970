using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Waits for the end of containers, also over outages of their engines.</summary>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="timings">How long pauses between questions are.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="identifiers">Scatters the questions.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerWaiter(AdmittedEngines engines, ContainerCalls calls, EngineTimings timings, CallLimits limits, IdentifierSource identifiers, TimeProvider time)
{
    private const string Operation = "wait for container";

    /// <summary>Waits for the end of a container.</summary>
    public async Task<ContainerExit> WaitAsync(ClusterContainer container, WaitCondition condition, CancellationToken cancellationToken)
    {
        // What the next exit follows: without it, one that happens during an outage would not be told from an earlier one.
        var before = condition == WaitCondition.NextExit ? await InspectAsync(container, cancellationToken) : null;
        return await WaitUntilAnsweredAsync(container, condition, before, failures: 0, cancellationToken);
    }

    /// <summary>Waits for the answer to a question that was put before the container was started for the first time; when it gets lost, for that end all the same.</summary>
    /// <returns>How it ended, and whether the question got lost.</returns>
    public async Task<(ContainerExit Exit, bool WasInterrupted)> WaitAsync(ClusterContainer container, IContainerWait begun, CancellationToken cancellationToken)
    {
        try
        {
            var engine = engines.Find(container.EngineId);
            return (await FollowAsync(begun, engine, engine.Spell, cancellationToken), false);
        }
        catch (EngineException exception) when (EngineAnswers.MayPass(exception))
        {
            return (await WaitUntilAnsweredAsync(container, WaitCondition.NextExit, container.View, failures: 1, cancellationToken), true);
        }
    }

    private async Task<ContainerExit> WaitUntilAnsweredAsync(ClusterContainer container, WaitCondition condition, ContainerView? before, int failures, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (failures > 0)
            {
                await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers), time, cancellationToken);
            }

            try
            {
                var engine = engines.Find(container.EngineId);
                var spell = engine.Spell;
                var wait = await QueryAsync(container, (asked, id, token) => asked.Containers.OpenWaitAsync(id, condition, token), cancellationToken);
                await using var done = new BoundedDisposal(wait, limits.Call, time);

                // The question is no older than the engine's acceptance: what happened before that is looked up.
                if (before is not null && MissedExit(container, before, await InspectAsync(container, cancellationToken), failures > 0) is { } missed)
                {
                    return missed;
                }

                failures = 0;
                return await FollowAsync(wait, engine, spell, cancellationToken);
            }
            catch (EngineException exception) when (EngineAnswers.MayPass(exception))
            {
                failures++;
            }
        }
    }

    private static ContainerExit? MissedExit(ClusterContainer container, ContainerView before, ContainerView now, bool wasInterrupted)
    {
        if (now.FinishedAt == before.FinishedAt && (IsRunning(now) || !IsRunning(before)))
        {
            return null;
        }

        // The end that is shown is the last one.
        var isFirst = !IsRunning(before) || now.StartedAt == before.StartedAt;
        if (!IsRunning(now) && isFirst)
        {
            return new ContainerExit(now.ExitCode);
        }

        // Without an outage the engine was asked the moment before, and is about to answer or to tell of the next exit.
        return wasInterrupted || !IsRunning(now) ? throw new ExitLostException(container.EngineId, container.Id) : null;
    }

    private static bool IsRunning(ContainerView view) => view.State is ContainerState.Running or ContainerState.Paused;

    // A connection that is half open stays silent for ever, as one does whose container runs on: the engine's pings tell them apart.
    private static async Task<ContainerExit> FollowAsync(IContainerWait wait, IFollowedEngine asked, Task spell, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource();
        using var given = new HostToken(end.Token);
        var exit = CallerContext.ElsewhereAsync(() => wait.GetExitAsync(given.Token), given.Token);
        var answer = exit.WaitAsync(cancellationToken);
        try
        {
            await Task.WhenAny(answer, spell);
            return answer.IsCompleted
                ? await answer
                : throw new EngineUnreachableException(asked.Address, Operation, "the engine has stopped answering meanwhile");
        }
        finally
        {
            // What it still says has nobody to hear it any more: the next question is a new one.
            _ = Patience.AbandonAsync(answer);
            _ = Patience.AbandonAsync(exit);
            await Cancellation.RequestAsync(end);
        }
    }

    private async Task<ContainerView> InspectAsync(ClusterContainer container, CancellationToken cancellationToken) =>
        (await QueryAsync(container, (engine, id, token) => engine.Containers.InspectAsync(id, token), cancellationToken)).View;

    private Task<T> QueryAsync<T>(ClusterContainer container, Func<IEngine, string, CancellationToken, Task<T>> query, CancellationToken cancellationToken) =>
        calls.QueryAsync(container, Operation, limits.Call, query, cancellationToken);
}
