using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Scheduling;

public sealed class VerdictBookTests
{
    private const int Size = 2000;

    private static readonly NodeSet _nodes = NodeSet.Create(Enumerable.Range(0, Size).Select(i => new NodeView { Id = i.ToString(CultureInfo.InvariantCulture), Name = "" }));

    private readonly VerdictBook _book = new(capacity: 4 * Size);

    [Test]
    public void What_was_put_back_is_there_the_next_time()
    {
        var verdicts = Use("a");

        _book.Take(Class("a")).Should().BeSameAs(verdicts);
    }

    [Test]
    public void Classes_share_nothing()
    {
        var verdicts = Use("a");

        _book.Take(Class("b")).Should().NotBeSameAs(verdicts);
    }

    [Test]
    public void What_somebody_has_taken_out_nobody_else_gets()
    {
        var verdicts = Use("a");
        _book.Take(Class("a"));

        _book.Take(Class("a")).Should().NotBeSameAs(verdicts);
    }

    [Test]
    public void What_somebody_has_taken_out_nobody_else_gets_however_old_it_is()
    {
        var verdicts = Use("a");
        _book.GrowOlder();

        _book.Take(Class("a")).Should().BeSameAs(verdicts);
        _book.Take(Class("a")).Should().NotBeSameAs(verdicts);
    }

    [Test]
    public void Two_who_used_a_class_at_once_leave_verdicts_for_two()
    {
        var (one, other) = (_book.Take(Class("a")), _book.Take(Class("a")));
        _book.Return(one);
        _book.Return(other);

        new[] { _book.Take(Class("a")), _book.Take(Class("a")) }.Should().BeEquivalentTo([one, other], options => options.ComparingByValue<ClassVerdicts>());
    }

    [Test]
    public void When_there_is_no_more_room_the_classes_that_were_not_used_for_longest_are_forgotten()
    {
        var (first, last) = (Use("a"), Use("b"));
        for (var i = 0; i < 6; i++)
        {
            last = Use($"c{i}");
        }

        _book.Take(Class("a")).Should().NotBeSameAs(first);
        _book.Take(Class("c5")).Should().BeSameAs(last);
    }

    [Test]
    public void A_class_that_is_used_again_and_again_takes_its_room_once()
    {
        var other = Use("b");
        for (var i = 0; i < 100; i++)
        {
            _book.Return(_book.Take(Class("a")));
        }

        _book.Take(Class("b")).Should().BeSameAs(other);
    }

    [Test]
    public void The_class_that_was_used_last_is_kept_even_if_it_is_too_large()
    {
        var book = new VerdictBook(capacity: 10);
        var verdicts = book.Take(Class("a"));
        verdicts.TryFollow(_nodes, Any);

        book.Return(verdicts);

        book.Take(Class("a")).Should().BeSameAs(verdicts);
    }

    [Test]
    public void What_was_not_used_for_long_is_forgotten_and_what_was_is_not()
    {
        var (a, b) = (Use("a"), Use("b"));
        _book.GrowOlder();
        _book.Return(_book.Take(Class("b")));

        _book.GrowOlder();

        _book.Take(Class("a")).Should().NotBeSameAs(a);
        _book.Take(Class("b")).Should().BeSameAs(b);
    }

    [Test]
    public void A_class_that_is_too_long_to_be_worth_it_is_none() => RequestClass.Of("spread", default, [new string('x', 5000)]).Should().BeNull();

    [Test]
    public void What_is_not_remembered_and_what_depends_on_nothing_are_two_classes() => Class(null).Should().NotBe(Class(""));

    [Test]
    public void Requests_for_other_amounts_are_of_another_class() =>
        RequestClass.Of("spread", new ResourceVector { MemoryBytes = 1 }, []).Should().NotBe(RequestClass.Of("spread", new ResourceVector { MemoryBytes = 2 }, []));

    [Test]
    public void Requests_by_another_strategy_are_of_another_class() => RequestClass.Of("spread", default, []).Should().NotBe(RequestClass.Of("binpack", default, []));

    private static RequestClass Class(string? key) => RequestClass.Of("spread", default, [key])!;

    private static bool Any(NodeView node, out long verdict)
    {
        verdict = 0;
        return true;
    }

    private ClassVerdicts Use(string key)
    {
        var verdicts = _book.Take(Class(key));
        verdicts.TryFollow(_nodes, Any).Should().BeTrue();
        _book.Return(verdicts);
        return verdicts;
    }
}
