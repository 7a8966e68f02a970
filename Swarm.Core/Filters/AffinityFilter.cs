using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes whose containers or images meet the affinities. Containers that are only promised count with their names and labels.</summary>
internal sealed class AffinityFilter() : ExpressionFilter(FilterNames.Affinity, RejectionCodes.Affinity)
{
    public override ExpressionList ExpressionsOf(PlacementRequest request) => request.Affinities;

    public override bool Meets(NodeView node, Expression expression) => expression.IsNegated != expression.Key switch
    {
        "container" => HasContainer(node, expression),
        "image" => HasImage(node, expression),
        _ => HasLabel(node, expression),
    };

    protected override string Describe(Expression expression) => WithSoftness(expression);

    // By full ID or by its own name; a container without any name is passed over, as in classic Swarm.
    private static bool HasContainer(NodeView node, Expression expression)
    {
        var containers = node.Containers;
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            if (container.Names.IsDefaultOrEmpty)
            {
                continue;
            }

            var name = container.Names[0].AsSpan();
            if (expression.MatchesValue(container.Id) || expression.MatchesValue(name.StartsWith('/') ? name[1..] : name))
            {
                return true;
            }
        }

        return false;
    }

    // By full ID, by tag, or by the repository of a tag.
    private static bool HasImage(NodeView node, Expression expression)
    {
        var images = node.Images;
        for (var i = 0; i < images.Count; i++)
        {
            if (expression.MatchesValue(images[i].Id))
            {
                return true;
            }

            foreach (var tag in images[i].RepoTags)
            {
                if (expression.MatchesValue(tag) || expression.MatchesValue(ImageReference.RepositoryOf(tag)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasLabel(NodeView node, Expression expression) =>
        node.AnyContainerLabel(expression.Key, expression, static (wanted, value) => wanted.MatchesValue(value));
}
