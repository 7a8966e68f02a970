using System.ComponentModel;
using System.Net;

namespace Swarm.Core.Engines;

public class NetworkListTests
{
    [TestCase("10.0.0.0/8", "10.0.0.0/8")]
    [TestCase("10.1.2.3", "10.1.2.3/32")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("fd00::/8", "fd00::/8")]
    [TestCase("FD00:0:0::1", "fd00::1/128")]
    [TestCase("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void A_network_is_read(string text, string expected)
    {
        NetworkList.TryParse(text, out var network).Should().BeTrue();
        network.Should().Be(IPNetwork.Parse(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/")]
    [TestCase("10.0.0.0/08")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("10.0.0.1/8")]
    [TestCase("10/8")]
    [TestCase("010.0.0.0/8")]
    [TestCase("0xa.0.0.0/8")]
    [TestCase(" 10.0.0.0/8")]
    [TestCase("fe80::1%eth0/64")]
    [TestCase("fd00::/129")]
    [TestCase("::ffff:0:0/64")]
    [TestCase("[fd00::]/8")]
    public void What_is_no_network_is_a_mistake_that_is_named_and_quoted(string? text)
    {
        var networks = new NetworkList { "10.0.0.0/8", text! };

        networks.Validate("AllowedNetworks").Should().ContainSingle().Which.Should().StartWith($"AllowedNetworks[1] is '{text}'; it must be a network");
    }

    [Test]
    public void One_text_may_hold_several_networks()
    {
        var networks = (NetworkList)TypeDescriptor.GetConverter(typeof(NetworkList)).ConvertFromInvariantString("10.0.0.0/8, fd00::/8")!;

        networks.Should().Equal("10.0.0.0/8", "fd00::/8");
        networks.ToString().Should().Be("10.0.0.0/8, fd00::/8");
    }

    [Test]
    public void A_network_of_the_platform_is_added_as_its_text()
    {
        new NetworkList { IPNetwork.Parse("10.0.0.0/8") }.Should().Equal("10.0.0.0/8");
    }
}
