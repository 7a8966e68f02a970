using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes that every whitelist names, exactly.</summary>
internal sealed class WhitelistFilter() : ExpressionFilter(FilterNames.Whitelist, RejectionCodes.Whitelist), IRememberedFilter
{
    public override ExpressionList ExpressionsOf(PlacementRequest request) => request.Whitelists;

    public override bool Meets(NodeView node, Expression expression, WorkMeter? meter) => expression.MatchesValue(node.Name, meter) != expression.IsNegated;

    public string? KeyOf(PlacementRequest request) => request.Whitelists.Key;

    protected override string Describe(Expression expression) => WithSoftness(expression);
}
