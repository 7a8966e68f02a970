using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes whose name, ID or labels meet the constraints. A label that a node does not have reads as the empty text.</summary>
internal sealed class ConstraintFilter() : ExpressionFilter(FilterNames.Constraint, RejectionCodes.Constraint)
{
    // What it costs to find a label.
    private const int StepsPerLabel = 6;

    public override ExpressionList ExpressionsOf(PlacementRequest request) => request.Constraints;

    public override bool Meets(NodeView node, Expression expression, WorkMeter? meter)
    {
        meter?.Spend(StepsPerLabel);
        return string.Equals(expression.Key, "node", StringComparison.Ordinal)
            ? Names(node, expression, meter) != expression.IsNegated
            : expression.MatchesValue(node.Labels.ValueOrEmpty(expression.Key), meter) != expression.IsNegated;
    }

    protected override string Describe(Expression expression) => expression.Condition;

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
