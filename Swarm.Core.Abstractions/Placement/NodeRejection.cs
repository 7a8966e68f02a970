using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>A node that may not run the container, with the first reason found.</summary>
/// <param name="Node">The node.</param>
/// <param name="Rejection">The reason.</param>
public readonly record struct NodeRejection(NodeView Node, Rejection Rejection);
