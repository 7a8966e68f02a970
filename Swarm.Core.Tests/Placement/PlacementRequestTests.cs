using Swarm.Core.Builders;

namespace Swarm.Core.Placement;

public sealed class PlacementRequestTests
{
    [Test]
    public void A_request_asks_for_one_slot_and_nothing_else()
    {
        var request = new PlacementRequest();

        request.Resources.Slots.Should().Be(1);
        request.Image.Should().BeEmpty();
        request.NetworkMode.Should().BeEmpty();
        request.HasSoftRules.Should().BeFalse();
    }

    [Test]
    public void Soft_rules_of_every_kind_are_left_out_and_hard_ones_stay()
    {
        var request = A.Request(
            constraints: ["node==~n1", "region==eu"],
            affinities: ["container==~db", "image==redis"],
            whitelists: ["node==~n1", "node==n2"]);

        var hard = request.WithoutSoftRules();

        hard.Constraints.Items.Select(item => item.Text).Should().Equal("region==eu");
        hard.Affinities.Items.Select(item => item.Text).Should().Equal("image==redis");
        hard.Whitelists.Items.Select(item => item.Text).Should().Equal("node==n2");
        hard.HasSoftRules.Should().BeFalse();
    }

    [Test]
    public void A_request_without_soft_rules_stays_the_same()
    {
        var request = A.Request(constraints: ["region==eu"]);

        request.WithoutSoftRules().Should().BeSameAs(request);
        request.Constraints.WithoutSoft().Should().BeSameAs(request.Constraints);
    }

    [Test]
    public void A_list_that_cannot_be_read_needs_a_reason()
    {
        var make = () => ExpressionList.Unreadable("");

        make.Should().Throw<ArgumentException>();
    }
}
