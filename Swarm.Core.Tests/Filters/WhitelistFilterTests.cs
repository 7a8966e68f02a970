using Swarm.Core.Builders;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class WhitelistFilterTests
{
    private readonly WhitelistFilter _filter = new();

    [Test]
    public void A_request_without_whitelists_has_nothing_to_check() =>
        _filter.Prepare(A.Context(A.Request())).Should().BeNull();

    [TestCase("n1", true)]
    [TestCase("n2", true)]
    [TestCase("n3", false)]
    [TestCase("N1", false)]
    public void A_node_must_be_named(string name, bool accepted) => Accepts(name, "node==n1|n2").Should().Be(accepted);

    [Test]
    public void Several_whitelists_intersect()
    {
        Accepts("n1", "node==n1|n2", "node==n2|n3").Should().BeFalse();
        Accepts("n2", "node==n1|n2", "node==n2|n3").Should().BeTrue();
    }

    [Test]
    public void A_node_goes_by_its_name_and_not_by_its_ID()
    {
        var node = A.Node("id-1", "n1");

        _filter.Prepare(A.Context(A.Request(whitelists: ["node==id-1"]), node))!(node).Should().NotBeNull();
    }

    [Test]
    public void The_rejection_names_the_whitelist()
    {
        var node = A.Node("n3");

        var rejection = _filter.Prepare(A.Context(A.Request(whitelists: ["node==n1|n2"]), node))!(node);

        rejection.Should().Be(new Rejection("whitelist", "whitelist", "node==n1|n2"));
        rejection.ToString().Should().Be("whitelist node==n1|n2 does not name it");
    }

    [Test]
    public void It_describes_the_whitelists_with_their_softness() =>
        _filter.Describe(A.Request(whitelists: ["node==~n1", "node==n2"])).Should().Equal("node==n1 (soft=true)", "node==n2 (soft=false)");

    private bool Accepts(string name, params string[] whitelists)
    {
        var node = A.Node("id", name);
        return _filter.Prepare(A.Context(A.Request(whitelists: whitelists), node))!(node) is null;
    }
}
