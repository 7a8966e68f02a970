using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes whose taints the container tolerates, every one of them.</summary>
/// <remarks>
/// It describes no conditions: classic Swarm knows no taints, so its words stay what they are. Which taint it was, the reasons say.
/// </remarks>
internal sealed class TaintFilter : IRememberedFilter
{
    private const int MostInKey = 64;

    public string Name => FilterNames.Taint;

    public NodeTest? Prepare(PlacementContext context)
    {
        // Without any node the complaint is left to another filter.
        if (context.Nodes.Count == 0)
        {
            return null;
        }

        var (tolerations, meter) = (context.Request.AllTolerations, context.Meter);
        return node =>
        {
            if (node.Taints.IsEmpty)
            {
                return null;
            }

            meter?.Spend(4L * node.Taints.Length * (tolerations.Length + 1));
            return FindUntolerated(node.Taints, tolerations) is { } taint
                ? new Rejection(FilterNames.Taint, RejectionCodes.Taint, taint.Text)
                : null;
        };
    }

    public string? KeyOf(PlacementRequest request)
    {
        var tolerations = request.AllTolerations;
        return tolerations.IsEmpty ? "" : tolerations.Length > MostInKey ? null : string.Concat(tolerations.Select(KeyOf));
    }

    public IReadOnlyList<string> Describe(PlacementRequest request) => [];

    private static string KeyOf(Toleration toleration) =>
        string.Create(CultureInfo.InvariantCulture, $"{toleration.Key.Length}:{toleration.Key}{toleration.Value?.Length ?? -1}:{toleration.Value}");

    private static Taint? FindUntolerated(ImmutableArray<Taint> taints, ImmutableArray<Toleration> tolerations)
    {
        foreach (var taint in taints)
        {
            if (!IsTolerated(taint, tolerations))
            {
                return taint;
            }
        }

        return null;
    }

    private static bool IsTolerated(Taint taint, ImmutableArray<Toleration> tolerations)
    {
        foreach (var toleration in tolerations)
        {
            if (toleration.Tolerates(taint))
            {
                return true;
            }
        }

        return false;
    }
}
