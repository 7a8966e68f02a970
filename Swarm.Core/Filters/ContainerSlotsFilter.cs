using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes that take a further container, by their <c>containerslots</c> label. Stopped and promised containers count.</summary>
internal sealed class ContainerSlotsFilter : IRememberedFilter
{
    private static readonly string[] _conditions = ["available container slots"];

    public string Name => FilterNames.ContainerSlots;

    public NodeTest? Prepare(PlacementContext context) => static node =>
    {
        var slots = ContainerSlots.Of(node.Labels);
        return node.ContainerCount < slots
            ? null
            : new Rejection(FilterNames.ContainerSlots, RejectionCodes.Slots, Needed: 1, Free: slots - node.ContainerCount);
    };

    public string? KeyOf(PlacementRequest request) => "";

    public IReadOnlyList<string> Describe(PlacementRequest request) => _conditions;
}
