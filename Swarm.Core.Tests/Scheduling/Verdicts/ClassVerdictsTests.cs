using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Scheduling;

public sealed class ClassVerdictsTests
{
    private readonly ClassVerdicts _verdicts = new(RequestClass.Of("spread", default, [])!);
    private readonly List<string> _judged = [];

    [Test]
    public void A_node_is_judged_once_and_again_when_it_is_replaced()
    {
        var nodes = Nodes(100);
        Follow(nodes);

        Follow(nodes);
        Follow(nodes.With(Node("n050", 7)));

        _judged.Should().HaveCount(101).And.EndWith("n050");
    }

    [Test]
    public void The_best_is_the_first_by_ID_of_those_with_the_lowest_verdict()
    {
        Follow(NodeSet.Create(Node("n1", 3), Node("n2", 2), Node("n3", 2), Node("n4", 5)));

        _verdicts.FindBest(passes: null, out var verdict)!.Id.Should().Be("n2");
        verdict.Should().Be(2);
    }

    [Test]
    public void A_node_that_got_worse_is_not_the_best_any_more()
    {
        var nodes = NodeSet.Create(Node("n1", 1), Node("n2", 2));
        Follow(nodes);

        Follow(nodes.With(Node("n1", 3)));

        Best().Should().Be("n2");
    }

    [Test]
    public void Of_refused_nodes_none_is_the_best()
    {
        Follow(NodeSet.Create(Refused("n1"), Refused("n2")));

        _verdicts.FindBest(passes: null, out _).Should().BeNull();
    }

    [TestCase(3, Description = "the next best is looked for each time")]
    [TestCase(90, Description = "all are asked in order")]
    public void The_best_that_passes_is_found_however_many_do_not(int refusing)
    {
        Follow(Nodes(100));

        _verdicts.FindBest(node => Number(node) >= refusing, out var verdict)!.Id.Should().Be($"n{refusing:000}");
        verdict.Should().Be(refusing);
    }

    [TestCase(3)]
    [TestCase(100)]
    public void What_did_not_pass_once_is_asked_again_the_next_time(int refusing)
    {
        Follow(Nodes(100));
        _verdicts.FindBest(node => Number(node) >= refusing, out _);

        Best().Should().Be("n000");
        _verdicts.Suitable().Should().HaveCount(100);
    }

    [Test]
    public void No_node_is_asked_twice_in_one_search()
    {
        Follow(Nodes(200));
        var asked = new List<string>();

        _verdicts.FindBest(node => Ask(node), out _).Should().BeNull();

        asked.Should().OnlyHaveUniqueItems().And.HaveCount(200);

        bool Ask(NodeView node)
        {
            asked.Add(node.Id);
            return false;
        }
    }

    [Test]
    public void What_did_not_pass_is_asked_again_also_after_a_search_that_failed()
    {
        Follow(Nodes(10));

        FluentActions.Invoking(() => _verdicts.FindBest(node => Number(node) < 3 ? false : throw new InvalidOperationException(), out _)).Should().Throw<InvalidOperationException>();

        Best().Should().Be("n000");
    }

    [Test]
    public void Pages_that_are_split_or_joined_leave_the_verdicts_of_the_others_as_they_are()
    {
        var nodes = Nodes(1000);
        Follow(nodes);
        _judged.Clear();
        for (var i = 0; i < 70; i++)
        {
            nodes = nodes.With(Node($"n500-{i}", i));
        }

        Follow(nodes);

        _judged.Count.Should().BeInRange(70, 2 * NodeSet.MaxPageSize);
        _verdicts.Suitable().Select(node => node.Id).Should().Equal(nodes.Select(node => node.Id));
    }

    [Test]
    public void Of_a_set_of_other_nodes_all_are_judged()
    {
        Follow(Nodes(10));

        Follow(NodeSet.Create(Node("x", 4)));

        Best().Should().Be("x");
    }

    [Test]
    public void What_has_no_verdict_is_said()
    {
        _verdicts.TryFollow(Nodes(3), NoVerdict).Should().BeFalse();

        static bool NoVerdict(NodeView node, out long verdict)
        {
            verdict = 0;
            return Number(node) != 1;
        }
    }

    private static NodeSet Nodes(int count) => NodeSet.Create(Enumerable.Range(0, count).Select(i => Node($"n{i:000}", i)));

    // Its verdict is its version.
    private static NodeView Node(string id, long verdict) => new() { Id = id, Name = id, Version = verdict };

    private static NodeView Refused(string id) => Node(id, Verdict.Refused);

    private static int Number(NodeView node) => int.Parse(node.Id.AsSpan(1), CultureInfo.InvariantCulture);

    private string Best() => _verdicts.FindBest(passes: null, out _)!.Id;

    private void Follow(NodeSet nodes) => _verdicts.TryFollow(nodes, Judge).Should().BeTrue();

    private bool Judge(NodeView node, out long verdict)
    {
        _judged.Add(node.Id);
        verdict = node.Version;
        return true;
    }
}
