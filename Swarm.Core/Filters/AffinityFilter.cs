using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes whose containers or images meet the affinities. Containers that are only promised count with their names and labels.</summary>
internal sealed class AffinityFilter() : ExpressionFilter(FilterNames.Affinity, RejectionCodes.Affinity)
{
    // What it costs to come to one container or image.
    private const int StepsPerItem = 8;

    public override ExpressionList ExpressionsOf(PlacementRequest request) => request.Affinities;

    public override bool Meets(NodeView node, Expression expression, WorkMeter? meter) => expression.IsNegated != expression.Key switch
    {
        "container" => HasContainer(node, expression, meter),
        "image" => HasImage(node, expression, meter),
        _ => HasLabel(node, expression, meter),
    };

    protected override string Describe(Expression expression) => WithSoftness(expression);

    // By full ID or by its own name; a container without any name is passed over, as in classic Swarm.
    private static bool HasContainer(NodeView node, Expression expression, WorkMeter? meter)
    {
        var containers = node.Containers;
        meter?.Spend((long)StepsPerItem * containers.Count);
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            if (container.Names.IsDefaultOrEmpty)
            {
                continue;
            }

            var name = container.Names[0].AsSpan();
            if (expression.MatchesId(container.Id, meter) || expression.MatchesValue(name.StartsWith('/') ? name[1..] : name, meter))
            {
                return true;
            }
        }

        return false;
    }

    // By full ID, by tag, or by the repository of a tag; an image of Docker Hub also by the name that says so, which is how Podman calls it.
    private static bool HasImage(NodeView node, Expression expression, WorkMeter? meter)
    {
        var images = node.Images;
        meter?.Spend((long)StepsPerItem * images.Count);
        for (var i = 0; i < images.Count; i++)
        {
            if (expression.MatchesValue(images[i].Id, meter))
            {
                return true;
            }

            foreach (var tag in images[i].RepoTags)
            {
                if (IsCalled(tag, expression, meter))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsCalled(string tag, Expression expression, WorkMeter? meter)
    {
        if (expression.MatchesValue(tag, meter) || expression.MatchesValue(ImageReference.RepositoryOf(tag), meter))
        {
            return true;
        }

        // To classic Swarm nginx and library/nginx are two; they are one where either side says that it is of Docker Hub.
        if (!ImageReference.NamesDockerHub(tag) && !ImageReference.NamesDockerHub(expression.Value))
        {
            return false;
        }

        // A pattern is compared with what the engine says and with Docker's way to say it; a name can itself be written either way.
        var familiar = ImageReference.FamiliarOf(tag);
        if (familiar.Length < tag.Length && (expression.MatchesValue(familiar, meter) || expression.MatchesValue(ImageReference.RepositoryOf(familiar), meter)))
        {
            return true;
        }

        var wanted = ImageReference.FamiliarOf(expression.Value);
        return wanted.Length < expression.Value.Length && !expression.IsPattern && (wanted.SequenceEqual(familiar) || wanted.SequenceEqual(ImageReference.RepositoryOf(familiar)));
    }

    private static bool HasLabel(NodeView node, Expression expression, WorkMeter? meter)
    {
        meter?.Spend(StepsPerItem);
        return node.AnyContainerLabel(expression.Key, (Expression: expression, Meter: meter), static (wanted, value) =>
        {
            wanted.Meter?.Spend(StepsPerItem);
            return wanted.Expression.MatchesValue(value, wanted.Meter);
        });
    }
}
