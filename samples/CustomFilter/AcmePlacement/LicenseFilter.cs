using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Acme.Placement;

/// <summary>Keeps containers that need a licensed program on machines that have the licence.</summary>
/// <remarks>A container says what it needs in its label <c>acme.license</c>, an engine what it has in its label <c>licenses</c>: names, separated by commas.</remarks>
public sealed class LicenseFilter : IFilter
{
    /// <summary>The label of a container that needs a licence.</summary>
    public const string ContainerLabel = "acme.license";

    /// <summary>The label of an engine that has licences.</summary>
    public const string NodeLabel = "licenses";

    /// <summary>The reason code of a node that was rejected.</summary>
    public const string ReasonCode = "license";

    /// <inheritdoc/>
    public string Name => "license";

    /// <inheritdoc/>
    public NodeTest? Prepare(PlacementContext context)
    {
        // What depends on the request alone is worked out here, once; the test then runs for every node.
        var needed = Needed(context.Request);
        if (needed.Length == 0)
        {
            return null;
        }

        var rejection = new Rejection(Name, ReasonCode, needed);
        return node => Has(node.Labels, needed) ? null : rejection;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Describe(PlacementRequest request)
    {
        var needed = Needed(request);
        return needed.Length == 0 ? [] : [$"license {needed}"];
    }

    private static string Needed(PlacementRequest request) => request.Labels.ValueOrEmpty(ContainerLabel).Trim();

    private static bool Has(LabelSet labels, ReadOnlySpan<char> needed)
    {
        var licenses = labels.ValueOrEmpty(NodeLabel).AsSpan();
        foreach (var part in licenses.Split(','))
        {
            if (licenses[part].Trim().SequenceEqual(needed))
            {
                return true;
            }
        }

        return false;
    }
}
