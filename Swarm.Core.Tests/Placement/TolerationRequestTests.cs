using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class TolerationRequestTests
{
    [Test]
    public void What_a_spec_tolerates_gets_into_its_request_by_way_of_the_label()
    {
        var spec = new ContainerSpec { Image = "busybox", Tolerations = [Toleration.Of("dedicated", "gpu"), Toleration.Of("maintenance"), Toleration.Everything] };

        spec.Labels[SwarmLabels.Tolerations].Should().Be("""["dedicated=gpu","maintenance","*"]""");
        Request(spec).Tolerations.Should().Equal(spec.Tolerations);
    }

    [Test]
    public void A_request_without_the_label_tolerates_nothing() => Request(new ContainerSpec { Image = "busybox" }).Tolerations.Should().BeEmpty();

    [TestCase("gpu")]
    [TestCase("[1]")]
    [TestCase("""["a b"]""")]
    [TestCase("""["ok",""]""")]
    public void A_label_that_cannot_be_read_is_refused_and_no_toleration_is_lost_unnoticed(string text)
    {
        var spec = new ContainerSpec { Image = "busybox", Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Tolerations, text)) };

        FluentActions.Invoking(() => Request(spec)).Should().Throw<InvalidLabelException>().Which.Label.Should().Be(SwarmLabels.Tolerations);
        spec.Tolerations.Should().BeEmpty();
    }

    private static PlacementRequest Request(ContainerSpec spec) => new PlacementRequestFactory(DemandRules.Default, new ExpressionCache()).Create(spec);
}
