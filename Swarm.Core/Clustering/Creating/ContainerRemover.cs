using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers. That somebody else removes one at the same time, its engine or another program, is no failure: it is waited for.</summary>
/// <param name="calls">Calls engines for containers.</param>
/// <param name="refresher">Looks at containers again.</param>
/// <param name="removals">Hears of what the host program removes.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerRemover(ContainerCalls calls, ContainerRefresher refresher, HostRemovals removals, TimeProvider time)
{
    private const string Operation = "remove container";

    /// <summary>How long the first pause is before an engine that is at it is asked again. Engines were seen to need a quarter of a second.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a pause is at most: large containers on slow disks take their time.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long it is asked again of what it does not show as being removed. That it shows only a moment later, and of what is killed first only once that is dead.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Removes a container as <see cref="RemoveAsync(ClusterContainer, bool, bool, TimeSpan, CancellationToken)"/> does, because the host program wants it gone: whoever has it under way leaves nothing behind then.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether to kill it first when it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes too.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineNotAdmittedException">The engine takes part no more.</exception>
    /// <exception cref="EngineException">As there.</exception>
    public async Task RemoveForHostAsync(ClusterContainer container, bool force, bool removeVolumes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var isDone = false;
        removals.Ask(container);
        try
        {
            await RemoveAsync(container, force, removeVolumes, limit, cancellationToken);
            isDone = true;
        }
        finally
        {
            removals.Answer(container, isDone);
        }
    }

    /// <summary>Removes a container that is known, and ends once it is gone, whoever removed it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether to kill it first when it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes too.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was there; if not, its engine has said so.</returns>
    /// <exception cref="EngineNotAdmittedException">The engine takes part no more.</exception>
    /// <exception cref="EngineException">The call failed, the container runs or cannot be removed for another reason, or who removes it is not done in time (status 409).</exception>
    public async Task<bool> RemoveAsync(ClusterContainer container, bool force, bool removeVolumes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wasThere = true;
        try
        {
            await calls.CallAsync(container, engine => RemoveAsync(engine, container.Id, force, removeVolumes, limit, time, cancellationToken), cancellationToken);
        }
        catch (ContainerNotFoundException)
        {
            // Somebody was quicker: it is as it was to be.
            wasThere = false;
        }

        await refresher.RefreshGoneAsync(container, cancellationToken);
        return wasThere;
    }

    /// <summary>Removes a container from an engine, and waits for the end of a removal that is under way there.</summary>
    /// <exception cref="EngineException">The call failed; the container was not there from the start (status 404), or it runs, cannot be removed for another reason, or who removes it is not done in time (status 409).</exception>
    public static async Task RemoveAsync(IFollowedEngine engine, string id, bool force, bool removeVolumes, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var (pause, wasRefused, left) = (FirstPause, false, limit);
        long? staysSince = null;
        while (true)
        {
            try
            {
                await engine.CallAsync(
                    Operation,
                    left,
                    (io, token) => io.Containers.RemoveAsync(id, force, removeVolumes, token),
                    cancellationToken);
                return;
            }
            catch (EngineApiException exception) when (wasRefused && EngineAnswers.IsNotFound(exception))
            {
                return;
            }
            catch (EngineTimeoutException exception) when (wasRefused)
            {
                throw new EngineTimeoutException(engine.Address, Operation, limit, exception);
            }
            catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))
            {
                // The words of an engine are not read: it says no with the same status to what runs, unless it was to be killed, and to what others need.
                left = limit - time.GetElapsedTime(begun);
                if (left <= pause)
                {
                    throw;
                }

                var state = await LookAsync(engine, id, left, cancellationToken);
                staysSince = state == ContainerState.Removing ? null : staysSince ?? time.GetTimestamp();
                if ((!force && IsUp(state)) || (staysSince is { } since && time.GetElapsedTime(since) >= Grace) || limit - time.GetElapsedTime(begun) <= pause)
                {
                    throw;
                }
            }

            wasRefused = true;
            await Task.Delay(pause, time, cancellationToken);
            left = Max(limit - time.GetElapsedTime(begun), FirstPause);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static bool IsUp(ContainerState? state) => state is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;

    // What the container is doing: nothing where that cannot be told, and being removed where it is gone or about to go.
    private static async Task<ContainerState?> LookAsync(IFollowedEngine engine, string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var inspection = await engine.CallAsync("inspect container", limit, (io, token) => io.Containers.InspectAsync(id, token), cancellationToken);
            return LeavingContainer.Is(inspection.View) ? ContainerState.Removing : inspection.View.State;
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            return ContainerState.Removing;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws: what was said to the removal counts.
            return null;
        }
    }
}
