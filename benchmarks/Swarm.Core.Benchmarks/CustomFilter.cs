using Swarm.Core.Filters;
using Swarm.Core.Placement;

namespace Swarm.Core.Benchmarks;

/// <summary>A filter as a host would write one: one look-up per node.</summary>
internal sealed class CustomFilter : IFilter
{
    public string Name => "maintenance";

    public NodeTest? Prepare(PlacementContext context) => node =>
        node.Labels.ValueOrEmpty("maintenance") == "yes" ? new Rejection(Name, "maintenance", node.Name) : null;

    public IReadOnlyList<string> Describe(PlacementRequest request) => ["no maintenance"];
}
