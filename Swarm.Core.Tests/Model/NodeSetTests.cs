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

    [TestCase(1_000)]
    [TestCase(10_000)]
    public void A_node_that_comes_or_goes_costs_a_page_and_the_page_list(int count)
    {
        var nodes = NodeSet.Create(Enumerable.Range(0, count).Select(number => Node($"n{number:000000}", 1)));
        var more = Enumerable.Range(0, 100).Select(number => Node($"n{number * (count / 100):000000}x")).ToArray();
        var words = 1_000 + (count / 16);

        AllocatedBy(() => more.Aggregate(nodes, (set, node) => set.With(node))).Should().BeLessThan(more.Length * words * 8L);
        var grown = more.Aggregate(nodes, (set, node) => set.With(node));
        AllocatedBy(() => more.Aggregate(grown, (set, node) => set.Without(node.Id))).Should().BeLessThan(more.Length * words * 8L);
    }

    [Test]
    public void Pages_stay_full_whichever_way_nodes_come_and_go()
    {
        // Walking is what decisions do: a set that has shrunk is to be as quick to change as one that was made so.
        var all = Enumerable.Range(0, 4_000).Select(number => Node($"n{number:0000}")).ToArray();
        var nodes = all.Aggregate(NodeSet.Empty, (set, node) => set.With(node));
        nodes = all.Where((_, number) => number % 100 != 0).Aggregate(nodes, (set, node) => set.Without(node.Id));

        nodes.Should().Equal(all.Where((_, number) => number % 100 == 0));
        var change = Node("n0100", 1);
        AllocatedBy(() => nodes.With(change)).Should().BeLessThan(1_400, "there are a page or two of them");
    }

    [Test]
    public void It_stays_what_a_sorted_map_would_be() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 400], Gen.Long[0, 1000]).Array[0, 1000].Sample(steps =>
        {
            var model = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var nodes = NodeSet.Create(Enumerable.Range(0, 200).Select(number => Node($"n{number * 2}")));
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
            Enumerable.Range(0, nodes.Count).Select(index => nodes[index].Id).Should().Equal(model.Keys);
            foreach (var (id, version) in model)
            {
                nodes.TryGet(id, out var found).Should().BeTrue();
                found!.Version.Should().Be(version);
            }
        }, iter: 200);

    private static long AllocatedBy(Func<NodeSet> change)
    {
        change();
        var before = GC.GetAllocatedBytesForCurrentThread();
        change();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static NodeView Node(string id, long version = 0) => new() { Id = id, Name = id, Version = version };
}
