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
/// <param name="cause">Tells why they ended.</param>
internal sealed class ContainerWaiter(AdmittedEngines engines, ContainerCalls calls, EngineTimings timings, CallLimits limits, IdentifierSource identifiers, TimeProvider time, ExitCause cause)
{
    private const string Operation = "wait for container";

    // Podman can miss the end of a container that lives for a moment, and then never answers: what is known of the container is looked at beside.
    private static readonly TimeSpan _firstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestLook = TimeSpan.FromSeconds(8);

    /// <summary>Waits for the end of a container.</summary>
    public async Task<ContainerExit> WaitAsync(ClusterContainer container, WaitCondition condition, CancellationToken cancellationToken)
    {
        // What the next exit follows: without it, one that happens during an outage would not be told from an earlier one.
        var before = condition == WaitCondition.NextExit ? await InspectAsync(container, cancellationToken) : null;
        return await cause.TellAsync(container, await WaitUntilAnsweredAsync(container, condition, before, failures: 0, cancellationToken), cancellationToken);
    }

    /// <summary>Waits for the answer to a question that was put before the container was started for the first time; when it gets lost, for that end all the same.</summary>
    /// <returns>How it ended, and whether the question got lost.</returns>
    public async Task<(ContainerExit Exit, bool WasInterrupted)> WaitAsync(ClusterContainer container, IContainerWait begun, CancellationToken cancellationToken)
    {
        try
        {
            var engine = engines.Find(container.EngineId);
            var exit = await FollowAsync(container, begun, WaitCondition.NextExit, container.View, engine, engine.Spell, cancellationToken);
            return (await cause.TellAsync(container, exit, cancellationToken), false);
        }
        catch (EngineException exception) when (EngineAnswers.MayPass(exception))
        {
            var exit = await WaitUntilAnsweredAsync(container, WaitCondition.NextExit, container.View, failures: 1, cancellationToken);
            return (await cause.TellAsync(container, exit, cancellationToken), true);
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
                var now = before is null ? null : await InspectAsync(container, cancellationToken);
                if (now is not null && MissedExit(container, before!, now, failures > 0) is { } missed)
                {
                    return missed;
                }

                failures = 0;
                return await FollowAsync(container, wait, condition, now, engine, spell, cancellationToken);
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
            return ExitOf(container, now);
        }

        // Without an outage the engine was asked the moment before, and is about to answer or to tell of the next exit.
        return wasInterrupted || !IsRunning(now) ? throw new ExitLostException(container.EngineId, container.Id) : null;
    }

    private static bool IsRunning(ContainerView view) => view.State is ContainerState.Running or ContainerState.Paused;

    // A connection that is half open stays silent for ever, as one does whose container runs on: the engine's pings tell them apart.
    private async Task<ContainerExit> FollowAsync(ClusterContainer container, IContainerWait wait, WaitCondition condition, ContainerView? before, IFollowedEngine asked, Task spell, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource();
        using var given = new HostToken(end.Token);
        var exit = CallerContext.ElsewhereAsync(() => wait.GetExitAsync(given.Token), given.Token);
        var answer = exit.WaitAsync(cancellationToken);
        try
        {
            var (look, hasSeenEnd) = (_firstLook, false);
            while (true)
            {
                await Task.WhenAny(answer, spell, Task.Delay(look, time, end.Token));
                if (answer.IsCompleted)
                {
                    return await answer;
                }

                if (spell.IsCompleted)
                {
                    throw new EngineUnreachableException(asked.Address, Operation, "the engine has stopped answering meanwhile");
                }

                // An engine that answers at all does so before the next look.
                var showsEnd = ShowsEnd(asked.State.FindContainer(container.Id), condition, before);
                if (showsEnd && hasSeenEnd && FindEnd(container, condition, before, await InspectAsync(container, cancellationToken)) is { } found)
                {
                    return found;
                }

                look = showsEnd && !hasSeenEnd ? _firstLook : look + look < _longestLook ? look + look : _longestLook;
                hasSeenEnd = showsEnd;
            }
        }
        finally
        {
            // What it still says has nobody to hear it any more: the next question is a new one.
            _ = Patience.AbandonAsync(answer);
            _ = Patience.AbandonAsync(exit);
            await Cancellation.RequestAsync(end);
        }
    }

    private static bool ShowsEnd(ContainerView? shown, WaitCondition condition, ContainerView? before) => shown is null || condition switch
    {
        WaitCondition.NotRunning => HasEnded(shown),
        WaitCondition.NextExit => before is not null && shown.FinishedAt != before.FinishedAt,
        _ => false,
    };

    private static ContainerExit? FindEnd(ClusterContainer container, WaitCondition condition, ContainerView? before, ContainerView now) => condition switch
    {
        WaitCondition.NotRunning => HasEnded(now) ? ExitOf(container, now) : null,
        WaitCondition.NextExit => MissedExit(container, before!, now, wasInterrupted: true),
        _ => null,
    };

    private static ContainerExit ExitOf(ClusterContainer container, ContainerView now) =>
        now.ExitCode is { } code ? new ContainerExit(code) : throw new ExitLostException(container.EngineId, container.Id); // that it ended well is not for us to say

    private static bool HasEnded(ContainerView view) => view.State is ContainerState.Created or ContainerState.Exited or ContainerState.Removing or ContainerState.Dead;

    private async Task<ContainerView> InspectAsync(ClusterContainer container, CancellationToken cancellationToken) =>
        (await QueryAsync(container, (engine, id, token) => engine.Containers.InspectAsync(id, token), cancellationToken)).View;

    private Task<T> QueryAsync<T>(ClusterContainer container, Func<IEngine, string, CancellationToken, Task<T>> query, CancellationToken cancellationToken) =>
        calls.QueryAsync(container, Operation, limits.Call, query, cancellationToken);
}
