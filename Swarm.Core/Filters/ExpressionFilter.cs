using System.Collections.Immutable;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>What the filters that read expressions have in common: a node must meet every expression of the list.</summary>
internal abstract class ExpressionFilter(string name, string rejectionCode) : IFilter
{
    public string Name => name;

    public NodeTest? Prepare(PlacementContext context)
    {
        var list = ExpressionsOf(context.Request);
        if (list.Error is { } error)
        {
            var unreadable = new Rejection(name, RejectionCodes.Unreadable, error);
            return _ => unreadable;
        }

        if (list.IsEmpty)
        {
            return null;
        }

        // What is said twice is one condition.
        ImmutableArray<Expression> expressions = list.Items.Length > 1 ? [.. list.Items.DistinctBy(expression => expression.Text, StringComparer.Ordinal)] : list.Items;
        var meter = context.Meter;
        return node =>
        {
            foreach (var expression in expressions)
            {
                if (!Meets(node, expression, meter))
                {
                    return new Rejection(name, rejectionCode, expression.Condition);
                }
            }

            return null;
        };
    }

    public IReadOnlyList<string> Describe(PlacementRequest request)
    {
        var expressions = ExpressionsOf(request).Items;
        var conditions = new string[expressions.Length];
        for (var i = 0; i < conditions.Length; i++)
        {
            conditions[i] = Describe(expressions[i]);
        }

        return conditions;
    }

    /// <summary>Returns the list the filter reads.</summary>
    public abstract ExpressionList ExpressionsOf(PlacementRequest request);

    /// <summary>Tells whether a node meets one expression of the list.</summary>
    public abstract bool Meets(NodeView node, Expression expression, WorkMeter? meter);

    protected abstract string Describe(Expression expression);

    protected static string WithSoftness(Expression expression) => $"{expression.Condition} (soft={(expression.IsSoft ? "true" : "false")})";
}
