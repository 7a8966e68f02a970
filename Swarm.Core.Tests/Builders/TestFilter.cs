using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Builders;

/// <summary>A filter of a host, made of functions.</summary>
internal sealed class TestFilter(string name, Func<PlacementContext, NodeTest?> prepare, Func<PlacementRequest, IReadOnlyList<string>>? describe = null) : IFilter
{
    public TestFilter(string name, Func<NodeView, bool> accepts)
        : this(name, _ => node => accepts(node) ? null : new Rejection(name, "test"))
    {
    }

    public string Name => name;

    public NodeTest? Prepare(PlacementContext context) => prepare(context);

    public IReadOnlyList<string> Describe(PlacementRequest request) => describe is null ? [] : describe(request);
}
