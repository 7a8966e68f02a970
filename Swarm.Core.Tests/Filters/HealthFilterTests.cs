using Swarm.Core.Builders;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class HealthFilterTests
{
    private readonly HealthFilter _filter = new();

    [TestCase(100, true)]
    [TestCase(1, true)]
    [TestCase(0, false)]
    [TestCase(-5, false)]
    public void A_node_needs_some_health(long health, bool accepted)
    {
        var node = A.Node("n1", health: health);

        var rejection = _filter.Prepare(A.Context(A.Request(), node))!(node);

        rejection.Should().Be(accepted ? null : new Rejection("health", "unhealthy"));
    }

    [Test]
    public void It_lists_no_conditions()
    {
        _filter.Name.Should().Be("health");
        _filter.Describe(A.Request()).Should().BeEmpty();
    }
}
