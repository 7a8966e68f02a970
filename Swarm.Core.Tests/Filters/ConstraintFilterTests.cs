using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class ConstraintFilterTests
{
    private readonly ConstraintFilter _filter = new();

    [Test]
    public void A_request_without_constraints_has_nothing_to_check() =>
        _filter.Prepare(A.Context(A.Request())).Should().BeNull();

    [TestCase("node==id-1", true)]
    [TestCase("node==web-1", true)]
    [TestCase("node==eu", false)]
    [TestCase("node!=web-1", false)]
    [TestCase("node!=id-1", false)]
    [TestCase("node!=web-2", true)]
    [TestCase("region==eu", true)]
    [TestCase("region==eu*", true)]
    [TestCase("region==us", false)]
    [TestCase("region!=us", true)]
    [TestCase("Region==eu", false, Description = "keys are case-sensitive")]
    public void A_node_is_known_by_its_ID_its_name_and_its_labels(string constraint, bool accepted) =>
        Accepts(A.Node("id-1", "web-1", labels: ["region=eu"]), constraint).Should().Be(accepted);

    [TestCase("region!=us", true)]
    [TestCase("region==*", true)]
    [TestCase("region==eu", false)]
    public void A_missing_label_reads_as_the_empty_text(string constraint, bool accepted) =>
        Accepts(A.Node("id-1"), constraint).Should().Be(accepted);

    [Test]
    public void Every_constraint_must_be_met()
    {
        var node = A.Node("id-1", labels: ["region=eu", "storage=ssd"]);

        Accepts(node, "region==eu", "storage==ssd").Should().BeTrue();
        Accepts(node, "region==eu", "storage==disk").Should().BeFalse();
        Accepts(node, "region==us", "storage==ssd").Should().BeFalse();
    }

    [TestCase("node==ABCD", true)]
    [TestCase("node==ABCD|10.0.0.1:2375", true)]
    [TestCase("node==ABC", false)]
    [TestCase("node!=ABCD", false)]
    public void A_node_that_shares_its_daemons_ID_goes_by_either_form(string constraint, bool accepted) =>
        Accepts(A.Node("ABCD|10.0.0.1:2375", "web"), constraint).Should().Be(accepted);

    [Test]
    public void The_rejection_names_the_first_constraint_that_is_not_met()
    {
        var node = A.Node("n1");
        var request = A.Request(constraints: ["node==n1", "region==~mars", "storage==ssd"]);

        var rejection = _filter.Prepare(A.Context(request, node))!(node);

        rejection.Should().Be(new Rejection("constraint", "constraint", "region==mars"));
        rejection.ToString().Should().Be("constraint region==mars is not met");
    }

    [Test]
    public void It_describes_the_constraints_without_the_soft_mark() =>
        _filter.Describe(A.Request(constraints: ["region==~eu", "node!=n1"])).Should().Equal("region==eu", "node!=n1");

    [Test]
    public void A_list_that_cannot_be_read_refuses_every_node()
    {
        var node = A.Node("n1");
        var request = A.Request() with { Constraints = ExpressionList.Unreadable("Key 'a' is invalid") };

        var rejection = _filter.Prepare(A.Context(request, node))!(node);

        rejection.Should().Be(new Rejection("constraint", "unreadable", "Key 'a' is invalid"));
        rejection.ToString().Should().Be("the constraint expressions cannot be read: Key 'a' is invalid");
        _filter.Describe(request).Should().BeEmpty();
    }

    private bool Accepts(NodeView node, params string[] constraints) =>
        _filter.Prepare(A.Context(A.Request(constraints: constraints), node))!(node) is null;
}
