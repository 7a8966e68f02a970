using Swarm.Core.Builders;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class ContainerSlotsFilterTests
{
    private readonly ContainerSlotsFilter _filter = new();

    [TestCase("3", true)]
    [TestCase("+3", true)]
    [TestCase("2", false)]
    [TestCase("1", false)]
    [TestCase("0", false)]
    [TestCase("-1", false)]
    [TestCase("foo", true, Description = "no number, no limit")]
    [TestCase("1.5", true)]
    [TestCase(" 1", true)]
    [TestCase("", true)]
    public void A_node_takes_as_many_containers_as_its_label_says(string slots, bool accepted)
    {
        var node = A.Node("n1", labels: [$"containerslots={slots}"], containers: [A.Container("a"), A.Container("b", id: "")]);

        (_filter.Prepare(A.Context(A.Request(), node))!(node) is null).Should().Be(accepted);
    }

    [Test]
    public void A_node_without_the_label_takes_any_number() =>
        _filter.Prepare(A.Context(A.Request()))!(A.Node("n1", containers: [A.Container("a")])).Should().BeNull();

    [Test]
    public void The_rejection_says_how_many_are_free()
    {
        var node = A.Node("n1", labels: ["containerslots=1"], containers: [A.Container("a"), A.Container("b")]);

        var rejection = _filter.Prepare(A.Context(A.Request(), node))!(node);

        rejection.Should().Be(new Rejection("containerslots", "slots", null, Needed: 1, Free: -1));
        rejection.ToString().Should().Be("no container slot is free (needed 1, free -1)");
    }

    [Test]
    public void It_always_lists_its_condition() => _filter.Describe(A.Request()).Should().Equal("available container slots");
}
