// <readme filter>
using Swarm.Core.Filters;
using Swarm.Core.Placement;
// </readme>

namespace Swarm.Core.Samples.Readme;

// <readme filter>
public sealed class MaintenanceFilter : IFilter
{
    public string Name => "maintenance";

    public NodeTest? Prepare(PlacementContext context) => node =>
        node.Labels.ValueOrEmpty("maintenance") == "yes"
            ? new Rejection(Name, "maintenance", node.Name)
            : null;

    public IReadOnlyList<string> Describe(PlacementRequest request) => ["no maintenance"];
}
// </readme>
