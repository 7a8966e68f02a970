using Swarm.Core.Builders;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class DependencyFilterTests
{
    private readonly DependencyFilter _filter = new();

    [Test]
    public void A_request_without_dependencies_has_nothing_to_check() =>
        _filter.Prepare(A.Context(A.Request(), A.Node("n1"))).Should().BeNull();

    [Test]
    public void Without_nodes_there_is_nothing_to_check() =>
        _filter.Prepare(A.Context(A.Request(dependsOn: ["db"]))).Should().BeNull();

    [Test]
    public void Every_container_must_be_on_the_node()
    {
        var node = A.Node("n1", containers: [A.Container("db"), A.Container("cache")]);

        Test("db").Should().BeNull();
        Test("db", "cache").Should().BeNull();
        Test("db", "web").Should().Be(new Rejection("dependency", "dependency", "web"));
        Test("web", "db").ToString().Should().Be("web is not on it");

        Rejection? Test(params string[] references) => _filter.Prepare(A.Context(A.Request(dependsOn: references), node))!(node);
    }

    [Test]
    public void It_describes_the_dependencies_as_the_command_line_writes_them() =>
        _filter.Describe(A.Request(dependsOn: ["db", "web"])).Should().Equal("--link=db", "--link=web");
}
