using System.Collections.Immutable;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>The soft rules of a request that one filter reads, to be counted instead of obeyed.</summary>
internal sealed class SoftRules(ExpressionFilter filter, PlacementRequest request, WorkMeter? meter)
{
    private readonly ImmutableArray<Expression> _expressions = filter.ExpressionsOf(request).Items.RemoveAll(expression => !expression.IsSoft);

    /// <summary>Returns how many of them a node does not meet.</summary>
    public int CountUnmet(NodeView node)
    {
        var unmet = 0;
        foreach (var expression in _expressions)
        {
            unmet += filter.Meets(node, expression, meter) ? 0 : 1;
        }

        return unmet;
    }
}
