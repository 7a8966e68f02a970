using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes that hold every container this one links to or shares volumes or namespaces with.</summary>
internal sealed class DependencyFilter : IFilter
{
    // A look passes over the containers up to four times. No more than each of them adds to what a decision may take, so that one look at all nodes always fits.
    private const int StepsPerContainer = 36;

    public string Name => FilterNames.Dependency;

    public NodeTest? Prepare(PlacementContext context)
    {
        // Without any node classic Swarm leaves the complaint to a later filter.
        var dependencies = context.Request.Dependencies;
        if (dependencies.IsEmpty || context.Nodes.Count == 0)
        {
            return null;
        }

        // Volumes and a link of one container are two conditions and one look.
        string[] references = [.. dependencies.Select(dependency => dependency.Reference).Distinct(StringComparer.Ordinal)];
        var meter = context.Meter;
        return node =>
        {
            foreach (var reference in references)
            {
                meter?.Spend((long)StepsPerContainer * (node.Containers.Count + 1));
                if (ContainerLookup.Find(node, reference) is null)
                {
                    return new Rejection(FilterNames.Dependency, RejectionCodes.Dependency, reference);
                }
            }

            return null;
        };
    }

    public IReadOnlyList<string> Describe(PlacementRequest request) => [.. request.Dependencies.Select(dependency => dependency.Condition)];
}
