using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Tells of a container that its engine is about to be rid of it.</summary>
internal static class LeavingContainer
{
    /// <summary>Tells whether a container is being removed, or is to remove itself now that it has ended.</summary>
    public static bool Is(ContainerView container) =>
        container.State == ContainerState.Removing || (container is { RemovesItself: true, State: ContainerState.Exited });
}
