using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes whose name, ID or labels meet the constraints. A label that a node does not have reads as the empty text.</summary>
internal sealed class ConstraintFilter() : ExpressionFilter(FilterNames.Constraint, RejectionCodes.Constraint), IRememberedFilter
{
    // What it costs to find a label.
    private const int StepsPerLabel = 6;

    public override ExpressionList ExpressionsOf(PlacementRequest request) => request.Constraints;

    public override bool Meets(NodeView node, Expression expression, WorkMeter? meter)
    {
        meter?.Spend(StepsPerLabel);
        return NodeConstraint.IsMet(node, expression, meter);
    }

    public string? KeyOf(PlacementRequest request) => request.Constraints.Key;

    protected override string Describe(Expression expression) => expression.Condition;
}
