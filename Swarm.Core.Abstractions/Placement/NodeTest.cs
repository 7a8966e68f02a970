using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Says why a node will not do, or <see langword="null"/> when it will.</summary>
/// <param name="node">The node to look at.</param>
/// <returns>The reason, or <see langword="null"/>.</returns>
/// <remarks>Called for as many nodes as it takes, some of them more than once, and again where reasons are read; synchronously: it must not block, do I/O or change anything.</remarks>
public delegate Rejection? NodeTest(NodeView node);
