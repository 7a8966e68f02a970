using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Placement;

/// <summary>What an expression about a node means, whoever wrote it.</summary>
internal static class NodeConstraint
{
    /// <summary>Tells whether a node meets an expression: by its name or ID where the key is <c>node</c>, else by a label. Allocates nothing.</summary>
    /// <param name="node">The node.</param>
    /// <param name="expression">The expression.</param>
    /// <param name="meter">Counts the steps; <see langword="null"/> where nobody does.</param>
    public static bool IsMet(NodeView node, Expression expression, WorkMeter? meter = null) => string.Equals(expression.Key, "node", StringComparison.Ordinal)
        ? Names(node, expression, meter) != expression.IsNegated
        : expression.MatchesValue(node.Labels.ValueOrEmpty(expression.Key), meter) != expression.IsNegated;

    // A node that shares its daemon's ID with another goes by the ID, a bar and its address; the bare ID still means it.
    private static bool Names(NodeView node, Expression expression, WorkMeter? meter)
    {
        if (expression.MatchesValue(node.Id, meter) || expression.MatchesValue(node.Name, meter))
        {
            return true;
        }

        var bar = node.Id.IndexOf('|', StringComparison.Ordinal);
        return bar >= 0 && expression.MatchesValue(node.Id.AsSpan(0, bar), meter);
    }
}
