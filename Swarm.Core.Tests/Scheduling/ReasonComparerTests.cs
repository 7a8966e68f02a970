using Swarm.Core.Builders;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

public sealed class ReasonComparerTests
{
    [Test]
    public void A_long_subject_is_told_apart_whole_but_hashed_by_its_ends()
    {
        var one = Rejected(new string('a', 500_000) + "b" + new string('a', 500_000));
        var other = Rejected(new string('a', 500_000) + "c" + new string('a', 500_000));

        ReasonComparer.Instance.GetHashCode(one).Should().Be(ReasonComparer.Instance.GetHashCode(other));
        ReasonComparer.Instance.Equals(one, other).Should().BeFalse();
    }

    [Test]
    public void Refusals_for_one_reason_are_one_whatever_the_numbers()
    {
        var one = Rejected(new string('a', 200), free: 1);
        var other = Rejected(new string('a', 200), free: 2);

        ReasonComparer.Instance.Equals(one, other).Should().BeTrue();
        ReasonComparer.Instance.GetHashCode(one).Should().Be(ReasonComparer.Instance.GetHashCode(other));
    }

    [Test]
    public void Another_filter_position_code_or_subject_is_another_reason()
    {
        var one = Rejected("a");

        ReasonComparer.Instance.Equals(one, one with { Filter = 1 }).Should().BeFalse();
        ReasonComparer.Instance.Equals(one, one with { Rejection = one.Rejection with { Code = "d" } }).Should().BeFalse();
        ReasonComparer.Instance.Equals(one, one with { Rejection = one.Rejection with { Filter = "g" } }).Should().BeFalse();
        ReasonComparer.Instance.Equals(one, Rejected("b")).Should().BeFalse();
    }

    private static RejectedNode Rejected(string subject, long free = 0) => new(A.Node("n"), new Rejection("f", "c", subject, Free: free), 0);
}
