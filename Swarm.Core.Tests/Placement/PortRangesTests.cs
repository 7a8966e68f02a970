using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class PortRangesTests
{
    [Test]
    public void A_port_is_chosen_of_a_range_only()
    {
        PortRanges.AreIn([A.Port("80"), A.Port("")], usesHostNetwork: false).Should().BeFalse();
        PortRanges.AreIn([A.Port("80"), A.Port("8000-8010")], usesHostNetwork: false).Should().BeTrue();
        PortRanges.AreIn([A.Port("8000-8010")], usesHostNetwork: true).Should().BeFalse("nothing is published");
    }

    [TestCase("8010-8000")]
    [TestCase("8000-")]
    [TestCase("8000-99999")]
    [TestCase("8000-8010\u202e")]
    public void A_range_that_is_none_is_refused_by_name(string hostPort)
    {
        var read = () => PortRanges.AreIn([A.Port(hostPort)], usesHostNetwork: false);

        var error = read.Should().Throw<InvalidRequestException>().Which;
        error.Field.Should().Be("HostConfig.PortBindings");
        error.Message.Should().Contain("no range such as 8000-8010").And.NotContain("\u202e");
    }

    [TestCase("65536")]
    [TestCase("99999")]
    [TestCase("099999")]
    [TestCase("99999999999999999999")]
    public void A_port_that_there_is_not_is_refused_by_name_for_Podman_takes_it_for_another(string hostPort)
    {
        var read = () => PortRanges.AreIn([new PortBinding("80/tcp", "", hostPort)], usesHostNetwork: false);

        var error = read.Should().Throw<InvalidRequestException>().Which;
        error.Field.Should().Be("HostConfig.PortBindings");
        error.Message.Should().Contain($"'{hostPort}' of 80/tcp");
    }

    [TestCase("")]
    [TestCase("0")]
    [TestCase("00")]
    [TestCase("65535")]
    [TestCase("065535")]
    public void A_number_and_none_is_a_port(string hostPort) =>
        PortRanges.AreIn([new PortBinding("80/tcp", "", hostPort)], usesHostNetwork: false).Should().BeFalse();

    [TestCase("+8080")]
    [TestCase("+99999")]
    [TestCase("0+8080")]
    [TestCase("8080/tcp")]
    [TestCase("8080/udp")]
    [TestCase(" 8080")]
    [TestCase("8080 ")]
    [TestCase(" ")]
    [TestCase("127.0.0.1:8080")]
    [TestCase("8,080")]
    [TestCase("0x50")]
    [TestCase("\u0668\u0660")]
    [TestCase("http")]
    [TestCase("80a")]
    [TestCase("0a")]
    public void What_is_no_number_is_refused_by_name_for_Podman_takes_some_of_it_for_one(string hostPort)
    {
        foreach (var usesHostNetwork in new[] { false, true })
        {
            var read = () => PortRanges.AreIn([A.Port("80"), new PortBinding("80/tcp", "", hostPort)], usesHostNetwork);

            var error = read.Should().Throw<InvalidRequestException>().Which;
            error.Field.Should().Be("HostConfig.PortBindings");
            error.Message.Should().Contain($"'{hostPort}' of 80/tcp is no port");
        }
    }

    [TestCase("+8000-8010")]
    [TestCase("8000-+8010")]
    [TestCase("-8080")]
    [TestCase("8000-8010/tcp")]
    [TestCase("8000 - 8010")]
    public void A_range_of_what_is_no_number_is_refused_by_name(string hostPort)
    {
        var read = () => PortRanges.AreIn([A.Port(hostPort)], usesHostNetwork: false);

        read.Should().Throw<InvalidRequestException>().WithMessage($"*'{hostPort}'*no range such as 8000-8010*");
    }

    [Test]
    public void Ranges_that_are_endless_together_are_refused()
    {
        var read = () => PortRanges.AreIn([.. Enumerable.Repeat(A.Port("1-65535"), 5)], usesHostNetwork: false);

        read.Should().Throw<InvalidRequestException>().WithMessage("*327675*");
        PortRanges.AreIn([.. Enumerable.Repeat(A.Port("1-65535"), 4)], usesHostNetwork: false).Should().BeTrue();
    }
}
