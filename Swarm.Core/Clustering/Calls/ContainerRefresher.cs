using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Makes the cluster's own state show a container as its engine does.</summary>
/// <param name="engines">The engines.</param>
/// <param name="work">What goes on in the background until the stop.</param>
/// <param name="logger">Hears of what could not be shown.</param>
internal sealed partial class ContainerRefresher(AdmittedEngines engines, OngoingWork work, ILogger logger)
{
    /// <summary>Makes the state show a container as its engine does, and returns that; the container as it was known when that cannot be.</summary>
    /// <remarks>Cancelling ends the wait and nothing else: the change that was made before is made, and its caller has to hear of it.</remarks>
    public async Task<ClusterContainer> RefreshAsync(ClusterContainer container, CancellationToken cancellationToken) =>
        (await TryRefreshAsync(container, cancellationToken)).Container;

    /// <summary>Makes the state show that a container is gone, of which its engine has just said so.</summary>
    /// <inheritdoc cref="RefreshAsync" path="/remarks"/>
    public Task RefreshGoneAsync(ClusterContainer container, CancellationToken cancellationToken) => LookAsync(container, isSaidGone: true, cancellationToken);

    /// <summary>Makes the state show a container as its engine does, and says whether the container was read: then the state shows what the engine said after this call had begun.</summary>
    /// <inheritdoc cref="RefreshAsync" path="/remarks"/>
    public async Task<(ClusterContainer Container, bool IsRead)> TryRefreshAsync(ClusterContainer container, CancellationToken cancellationToken)
    {
        var (shown, look) = await LookAsync(container, isSaidGone: false, cancellationToken);
        return (shown, look is not ContainerLook.Unread);
    }

    /// <summary>Makes the state show a container as its engine does, without waiting.</summary>
    public void RefreshSoon(ClusterContainer container) => work.InBackground(stopping => RefreshAsync(container, stopping));

    /// <summary>Looks whether a container is gone, of which its engine did not find something: that may mean a network of it, or anything else.</summary>
    public async Task<bool> IsGoneAsync(ClusterContainer container, bool isSaidGone, CancellationToken cancellationToken)
    {
        var (_, look) = await LookAsync(container, isSaidGone, cancellationToken);
        return look is ContainerLook.Gone;
    }

    // That the state does not show a container tells nothing: of many only some are followed. What the engine says of this one does.
    private async Task<(ClusterContainer Container, ContainerLook Look)> LookAsync(ClusterContainer container, bool isSaidGone, CancellationToken cancellationToken)
    {
        var look = ContainerLook.Unread;
        if (engines.TryFind(container.EngineId) is { } engine)
        {
            try
            {
                look = await engine.RefreshAsync(container.Id, isSaidGone, cancellationToken);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                // The change itself is done; the engine's next list shows it.
                Log.NotShown(logger, container.Id, container.EngineId);
            }

            if (engine.State.FindContainer(container.Id) is { } view)
            {
                return (container with { View = view }, look is ContainerLook.Gone ? ContainerLook.There : look);
            }

            if (look is ContainerLook.Gone)
            {
                // It has removed itself, or somebody has: what it was doing before is not so any more.
                return (container with { View = container.View with { State = ContainerState.Removing, PublishedPorts = [] } }, look);
            }
        }

        return (container, look);
    }

    private static partial class Log
    {
        [LoggerMessage(410, LogLevel.Debug, "Container {ContainerId} could not be read from engine {EngineId} yet.", EventName = "NotShown")]
        public static partial void NotShown(ILogger logger, string containerId, string engineId);
    }
}
