using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers. That somebody else removes one at the same time, its engine or another program, is no failure: it is waited for.</summary>
/// <param name="calls">Calls engines for containers.</param>
/// <param name="refresher">Looks at containers again.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerRemover(ContainerCalls calls, ContainerRefresher refresher, TimeProvider time)
{
    /// <summary>How long the first pause is before an engine that is at it is asked again. Engines were seen to need a quarter of a second.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a pause is at most: large containers on slow disks take their time.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Removes a container that is known, and ends once it is gone, whoever removed it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether to kill it first when it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes too.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineNotAdmittedException">The engine takes part no more.</exception>
    /// <exception cref="EngineException">The call failed, the container runs, or who removes it is not done in time (status 409).</exception>
    public async Task RemoveAsync(ClusterContainer container, bool force, bool removeVolumes, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await calls.CallAsync(container, engine => RemoveAsync(engine, container.Id, force, removeVolumes, limit, time, cancellationToken), cancellationToken);
        }
        catch (ContainerNotFoundException)
        {
            // Somebody was quicker: it is as it was to be.
        }

        await refresher.RefreshAsync(container, cancellationToken);
    }

    /// <summary>Removes a container from an engine, and waits for the end of a removal that is under way there.</summary>
    /// <exception cref="EngineException">The call failed; the container was not there from the start (status 404), or it runs, or who removes it is not done in time (status 409).</exception>
    public static async Task RemoveAsync(IFollowedEngine engine, string id, bool force, bool removeVolumes, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var (pause, isUnderWay, left) = (FirstPause, false, limit);
        while (true)
        {
            try
            {
                await engine.CallAsync(
                    "remove container",
                    left,
                    (io, token) => io.Containers.RemoveAsync(id, force, removeVolumes, token),
                    cancellationToken);
                return;
            }
            catch (EngineApiException exception) when (isUnderWay && EngineAnswers.IsNotFound(exception))
            {
                return;
            }
            catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))
            {
                // An engine says no to what runs with the same status, unless it was to be killed.
                left = limit - time.GetElapsedTime(begun);
                if (left <= pause || (!force && await IsUpAsync(engine, id, left, cancellationToken)))
                {
                    throw;
                }
            }

            isUnderWay = true;
            await Task.Delay(pause, time, cancellationToken);
            left = Max(limit - time.GetElapsedTime(begun), FirstPause);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static async Task<bool> IsUpAsync(IFollowedEngine engine, string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var inspection = await engine.CallAsync("inspect container", limit, (io, token) => io.Containers.InspectAsync(id, token), cancellationToken);
            return inspection.View.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            return false;
        }
    }
}
