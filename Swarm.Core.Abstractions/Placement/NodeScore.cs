using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Says how good a node is for the request it was prepared for; lower is better.</summary>
/// <param name="node">A node that passed all filters and has room.</param>
/// <returns>The score.</returns>
/// <remarks>Called for as many nodes as it takes, some of them more than once, and again where a ranking is read; synchronously: it must not block, do I/O or change anything, and must answer the same for the same node.</remarks>
public delegate PlacementScore NodeScore(NodeView node);
