using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>Decides which of the suitable nodes a container should run on, by scoring them.</summary>
/// <remarks>
/// Shared by concurrent placements and never called under a lock: keep no state between calls. Room and ports have been checked before a
/// node is scored (of a <see cref="IRememberedStrategy"/>, room). A strategy that throws fails that one placement with <see cref="PlacementPluginException"/>; the cluster lives on.
/// </remarks>
public interface IPlacementStrategy
{
    /// <summary>Gets the name that selects the strategy in the options or on a request, for example <c>spread</c>. Two strategies of one cluster may not share one.</summary>
    string Name { get; }

    /// <summary>Reads the request once and returns the score of a node: lower is better.</summary>
    /// <param name="context">What is to be placed, and where it could go.</param>
    /// <returns>The scoring function.</returns>
    NodeScore Prepare(PlacementContext context);
}
