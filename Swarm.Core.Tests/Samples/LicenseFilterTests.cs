using Acme.Placement;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Samples;

public class LicenseFilterTests
{
    [TestCase("matlab", "matlab", true)]
    [TestCase("ansys, matlab", "matlab", true)]
    [TestCase("matlab-pro", "matlab", false)]
    [TestCase("Matlab", "matlab", false)]
    [TestCase("", "matlab", false)]
    public void A_node_will_do_when_it_has_the_licence(string licenses, string needed, bool expected)
    {
        var test = new LicenseFilter().Prepare(Context(needed))!;

        var rejection = test(Node(licenses));

        rejection.Should().Be(expected ? (Rejection?)null : new Rejection("license", LicenseFilter.ReasonCode, needed));
    }

    [Test]
    public void A_container_that_needs_no_licence_gives_nothing_to_check()
    {
        new LicenseFilter().Prepare(Context(" ")).Should().BeNull();
    }

    [Test]
    public void The_condition_is_described_only_when_there_is_one()
    {
        var filter = new LicenseFilter();

        filter.Describe(Context("matlab").Request).Should().Equal("license matlab");
        filter.Describe(new PlacementRequest()).Should().BeEmpty();
    }

    private static PlacementContext Context(string license) =>
        new(new PlacementRequest { Labels = LabelSet.Create(KeyValuePair.Create(LicenseFilter.ContainerLabel, license)) }, NodeSet.Empty);

    private static NodeView Node(string licenses) =>
        new() { Id = "1", Name = "one", Labels = LabelSet.Create(KeyValuePair.Create(LicenseFilter.NodeLabel, licenses)) };
}
