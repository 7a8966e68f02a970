using CsCheck;

namespace Swarm.Core.Model;

public sealed class NodeSetTests
{
    [Test]
    public void Nodes_are_ordered_by_ID_ordinally() =>
        NodeSet.Create(Node("b"), Node("a"), Node("B")).Select(node => node.Id).Should().Equal("B", "a", "b");

    [Test]
    public void Two_nodes_with_one_ID_are_refused() =>
        FluentActions.Invoking(() => NodeSet.Create(Node("a"), Node("a"))).Should().Throw<ArgumentException>().WithMessage("*'a'*");

    [Test]
    public void A_set_that_was_handed_out_does_not_change()
    {
        var before = NodeSet.Create(Node("a", 1), Node("b", 1));

        before.With(Node("a", 2)).Without("b");

        before.Select(node => node.Version).Should().Equal(1, 1);
    }

    [Test]
    public void Taking_away_what_is_not_there_gives_the_same_set()
    {
        var nodes = NodeSet.Create(Node("a"));

        nodes.Without("b").Should().BeSameAs(nodes);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void A_position_outside_is_refused(int index)
    {
        var nodes = NodeSet.Create(Node("a"));

        FluentActions.Invoking(() => nodes[index]).Should().Throw<ArgumentOutOfRangeException>();
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(200)]
    public void Every_node_is_found_by_position_by_ID_and_by_walking(int count)
    {
        var all = Enumerable.Range(0, count).Select(number => Node($"n{number:000}")).ToArray();

        var nodes = NodeSet.Create(all.Reverse());

        nodes.Count.Should().Be(count);
        nodes.Should().Equal(all);
        Enumerable.Range(0, count).Select(index => nodes[index]).Should().Equal(all);
        all.Where(node => !nodes.TryGet(node.Id, out var found) || found != node).Should().BeEmpty();
        nodes.TryGet("other", out _).Should().BeFalse();
    }

    [Test]
    public void It_stays_what_a_sorted_map_would_be() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 150], Gen.Long[0, 1000]).Array[0, 100].Sample(steps =>
        {
            var model = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var nodes = NodeSet.Create(Enumerable.Range(0, 70).Select(number => Node($"n{number * 2}")));
            foreach (var node in nodes)
            {
                model[node.Id] = node.Version;
            }

            foreach (var (adds, number, version) in steps)
            {
                var id = $"n{number}";
                if (adds)
                {
                    nodes = nodes.With(Node(id, version));
                    model[id] = version;
                }
                else
                {
                    nodes = nodes.Without(id);
                    model.Remove(id);
                }
            }

            nodes.Select(node => (node.Id, node.Version)).Should().Equal(model.Select(entry => (entry.Key, entry.Value)));
            nodes.Count.Should().Be(model.Count);
            foreach (var (id, version) in model)
            {
                nodes.TryGet(id, out var found).Should().BeTrue();
                found!.Version.Should().Be(version);
            }
        }, iter: 200);

    private static NodeView Node(string id, long version = 0) => new() { Id = id, Name = id, Version = version };
}
