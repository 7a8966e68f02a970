using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class SchedulingLabelsTests
{
    [Test]
    public void Lists_are_edited_in_the_labels()
    {
        var labels = SchedulingLabels.Add(LabelSet.Empty, SwarmLabels.Affinities, "image==redis");
        labels = SchedulingLabels.Add(labels, SwarmLabels.Affinities, "container==db");
        labels = SchedulingLabels.Add(labels, SwarmLabels.Affinities, "image==redis");

        labels[SwarmLabels.Affinities].Should().Be("""["image==redis","container==db","image==redis"]""");

        labels = SchedulingLabels.Remove(labels, SwarmLabels.Affinities, "image==redis");
        SchedulingLabels.Read(labels, SwarmLabels.Affinities).Should().Equal("container==db");

        labels = SchedulingLabels.Remove(labels, SwarmLabels.Affinities, "container==db");
        labels[SwarmLabels.Affinities].Should().Be("[]");
    }

    [TestCase("node==n1", true)]
    [TestCase("node==/n/", true)]
    [TestCase("node==~n1", false)]
    [TestCase("node!=n1", false)]
    [TestCase("Node==n1", false)]
    public void A_hard_constraint_on_the_node_ties_a_container_to_it(string constraint, bool expected) =>
        SchedulingLabels.HasNodeConstraint(SchedulingLabels.Add(LabelSet.Empty, SwarmLabels.Constraints, constraint)).Should().Be(expected);

    [Test]
    public void One_such_constraint_among_others_is_enough()
    {
        var labels = SchedulingLabels.Add(LabelSet.Empty, SwarmLabels.Constraints, "region==eu");

        SchedulingLabels.HasNodeConstraint(SchedulingLabels.Add(labels, SwarmLabels.Constraints, "node==n1")).Should().BeTrue();
        SchedulingLabels.HasNodeConstraint(LabelSet.Empty).Should().BeFalse();
    }

    [TestCase(null, null)]
    [TestCase("[]", null)]
    [TestCase("""["off"]""", null)]
    [TestCase("""["on-node-failure"]""", null)]
    [TestCase("""["Off"]""", "invalid reschedule policy: Off")]
    [TestCase("""["off","off"]""", "too many reschedule policies")]
    public void At_most_one_known_policy_is_valid(string? label, string? error)
    {
        var labels = label is null ? LabelSet.Empty : LabelSet.Empty.With(SwarmLabels.ReschedulePolicies, label);

        SchedulingLabels.PolicyErrorOf(labels).Should().Be(error);
    }

    [Test]
    public void A_policy_is_looked_up_exactly()
    {
        var labels = LabelSet.Empty.With(SwarmLabels.ReschedulePolicies, """["on-node-failure"]""");

        SchedulingLabels.HasPolicy(labels, SchedulingLabels.PolicyOnNodeFailure).Should().BeTrue();
        SchedulingLabels.HasPolicy(labels, SchedulingLabels.PolicyOff).Should().BeFalse();
    }
}
