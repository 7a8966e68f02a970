using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>A node that may run the container, with its score.</summary>
/// <param name="Node">The node.</param>
/// <param name="Score">Its score; lower is better.</param>
public readonly record struct RankedNode(NodeView Node, PlacementScore Score);
