namespace Swarm.Core.Model;

/// <summary>The nodes of a cluster at one moment. Immutable; plans can be made on one from the cluster or on one built by hand.</summary>
/// <param name="Version">A number that grows with every change of the cluster.</param>
/// <param name="Nodes">The admitted engines, ordered by ID, with what is promised on them.</param>
public sealed record ClusterSnapshot(long Version, NodeSet Nodes)
{
    /// <summary>Makes a snapshot of made-up nodes, for a plan on hardware that does not exist yet.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <returns>The snapshot, with version 0.</returns>
    /// <exception cref="ArgumentException">Two nodes have one ID.</exception>
    public static ClusterSnapshot Of(params IEnumerable<NodeView> nodes) => new(0, NodeSet.Create(nodes));
}
