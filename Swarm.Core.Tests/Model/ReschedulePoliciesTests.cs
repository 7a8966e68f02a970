namespace Swarm.Core.Model;

public sealed class ReschedulePoliciesTests
{
    [TestCase(null)]
    [TestCase("off")]
    [TestCase("on-node-failure")]
    public void None_or_one_that_exists_is_fine(string? policy) =>
        ReschedulePolicies.ErrorOf(policy is null ? [] : [policy]).Should().BeNull();

    [Test]
    public void What_is_wrong_is_said_in_the_words_of_classic_Swarm()
    {
        ReschedulePolicies.ErrorOf(["Off"]).Should().Be("invalid reschedule policy: Off");
        ReschedulePolicies.ErrorOf(["off", "off"]).Should().Be("too many reschedule policies");
    }

    [Test]
    public void A_policy_is_looked_up_exactly()
    {
        var labels = LabelSet.Empty.With(SwarmLabels.ReschedulePolicies, """["on-node-failure"]""");

        ReschedulePolicies.Has(labels, ReschedulePolicies.OnNodeFailure).Should().BeTrue();
        ReschedulePolicies.Has(labels, ReschedulePolicies.Off).Should().BeFalse();
    }

    [TestCase(null)]
    [TestCase("on-node-failure")]
    [TestCase("[]")]
    public void A_label_that_is_missing_or_cannot_be_read_holds_no_policy(string? label)
    {
        var labels = label is null ? LabelSet.Empty : LabelSet.Empty.With(SwarmLabels.ReschedulePolicies, label);

        ReschedulePolicies.Has(labels, ReschedulePolicies.OnNodeFailure).Should().BeFalse();
    }
}
