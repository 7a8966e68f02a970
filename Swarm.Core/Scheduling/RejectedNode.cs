using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>A node that was rejected, and why.</summary>
/// <param name="Node">The node.</param>
/// <param name="Rejection">The first reason found.</param>
/// <param name="Filter">The position of the filter that gave it; behind the last one when admission did.</param>
internal readonly record struct RejectedNode(NodeView Node, Rejection Rejection, int Filter);
