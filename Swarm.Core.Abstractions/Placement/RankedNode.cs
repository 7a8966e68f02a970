using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>A node that may run the container, with its score.</summary>
/// <param name="Node">The node.</param>
/// <param name="Score">Its score; lower is better.</param>
public readonly record struct RankedNode(NodeView Node, PlacementScore Score)
{
    /// <summary>Gets how many soft rules the node does not meet, which counts before the score. 0 unless soft rules are counted: <see cref="SoftRuleMode.MostMet"/>.</summary>
    public int UnmetSoftRules { get; init; }

    // How many wishes of the host program the node does not meet, which counts before everything else.
    internal int UnmetWishes { get; init; }
}
