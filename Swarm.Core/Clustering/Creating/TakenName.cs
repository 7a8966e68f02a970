using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Looks who has a name that an engine does not give, for its words are not to be read.</summary>
internal static class TakenName
{
    /// <summary>
    /// Tells whether a name is about to be free: its container is being removed, by its engine or by the cluster itself, or nothing that can be looked at
    /// has it. Engines let a container out of their lists before they free its name.
    /// </summary>
    /// <param name="engine">The engine that has said no.</param>
    /// <param name="name">The name.</param>
    /// <param name="orphans">Knows, and removes, what was left behind.</param>
    /// <param name="limit">How long the look may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> IsLeavingAsync(IFollowedEngine engine, string name, OrphanRemover orphans, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.CallAsync("inspect container", limit, (io, token) => io.Containers.InspectAsync(name, token), cancellationToken);

            // Of another name it is one whose ID begins so.
            return found.View.Name != name || LeavingContainer.Is(found.View) || orphans.TryRemoveSoon(engine.State.Id, found.View);
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever an engine of the host's own connector throws: nothing is known of it but that it has the name.
            return false;
        }
    }
}
