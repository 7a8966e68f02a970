using System.Net;

namespace Swarm.Core.Engines;

public class ConnectionRulesTests
{
    private static readonly string[] _loopback = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"];

    [TestCaseSource(nameof(_loopback))]
    public void Loopback_that_the_program_wrote_is_allowed(string address)
    {
        Objection(new EngineConnectionOptions(), address, address).Should().BeNull();
        Objection(new EngineConnectionOptions(), address, "localhost").Should().BeNull();
        Objection(new EngineConnectionOptions(), address, "web.localhost").Should().BeNull();
    }

    [TestCaseSource(nameof(_loopback))]
    public void Loopback_that_a_file_or_store_wrote_is_refused_with_or_without_tls(string address)
    {
        Objection(new EngineConnectionOptions(), address, address, program: false).Should().Contain("AllowLoopback");
        Objection(new EngineConnectionOptions(), address, "localhost", program: false, encrypted: true).Should().Contain("AllowLoopback");
    }

    [TestCaseSource(nameof(_loopback))]
    public void A_name_that_a_name_service_calls_loopback_is_refused(string address)
    {
        Objection(new EngineConnectionOptions { AllowInsecureTcp = true }, address, "engine.example").Should().Contain("AllowLoopback");
        Objection(new EngineConnectionOptions { AllowInsecureTcp = true }, address, "localhost.example").Should().Contain("AllowLoopback");
    }

    [TestCaseSource(nameof(_loopback))]
    public void Loopback_is_refused_or_allowed_where_the_option_says_so_whatever_the_networks(string address)
    {
        Objection(new EngineConnectionOptions { AllowLoopback = false }, address, address).Should().Contain("AllowLoopback");
        Objection(new EngineConnectionOptions { AllowLoopback = false, AllowedNetworks = { "127.0.0.0/8", "::1" } }, address, address).Should().Contain("AllowLoopback");
        Objection(new EngineConnectionOptions { AllowLoopback = true, AllowedNetworks = { "10.0.0.0/8" } }, address, "engine.example", program: false).Should().BeNull();
    }

    [TestCaseSource(nameof(_loopback))]
    public void Networks_allow_loopback_only_where_they_are_about_it(string address)
    {
        Objection(new EngineConnectionOptions { AllowedNetworks = { "0.0.0.0/0", "::/0", "10.0.0.0/8" } }, address, address).Should().Contain("AllowedNetworks");
        Objection(new EngineConnectionOptions { AllowedNetworks = { "127.0.0.0/8", "::1" } }, address, "engine.example", program: false).Should().BeNull();
    }

    [Test]
    public void A_part_of_loopback_is_no_more_than_that()
    {
        var options = new EngineConnectionOptions { AllowedNetworks = { "127.0.0.2" } };

        Objection(options, "127.0.0.2", "127.0.0.2").Should().BeNull();
        Objection(options, "127.0.0.1", "127.0.0.1").Should().NotBeNull();
    }

    [TestCase("169.254.169.254")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("fe80::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("240.0.0.1")]
    public void Special_ranges_need_a_network_of_their_own(string address)
    {
        Objection(new EngineConnectionOptions(), address, encrypted: true).Should().Contain("link-local");
        Objection(new EngineConnectionOptions { AllowedNetworks = { "0.0.0.0/0", "::/0" } }, address, encrypted: true).Should().Contain("AllowedNetworks");
        Objection(new EngineConnectionOptions { AllowedNetworks = { "169.254.0.0/16", "fe80::/10", "fd00:ec2::254", "240.0.0.0/8" } }, address, encrypted: true).Should().BeNull();
    }

    [TestCase("0.0.0.0")]
    [TestCase("0.1.2.3")]
    [TestCase("::")]
    [TestCase("::ffff:0.0.0.0")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("ff02::1")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("64:ff9b::a9fe:a9fe")]
    [TestCase("::169.254.169.254")]
    [TestCase("2002:7f00:1::")]
    [TestCase("64:ff9b:1:a9fe:a9:fe00::")]
    [TestCase("64:ff9b:1:a9:fe:a9fe::")]
    [TestCase("64:ff9b:1::7f00:1")]
    [TestCase("::ffff:0:169.254.169.254")]
    [TestCase("2001:0:a9fe:a9fe::f5f5:f5f5", Description = "its server")]
    [TestCase("2001:0:808:808::80ff:fffe", Description = "its client, inverted")]
    public void What_is_no_host_is_refused_whatever_is_allowed(string address)
    {
        var all = new EngineConnectionOptions { AllowLoopback = true, AllowUnix = true, AllowInsecureTcp = true, AllowedNetworks = { "0.0.0.0/0", "::/0", "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255", "::", "ff00::/8", "64:ff9b::/96", "::/96", "2002::/16" } };

        Objection(all, address, encrypted: true).Should().Contain("multicast or unspecified");
    }

    [TestCase("10.1.2.3", true)]
    [TestCase("::ffff:10.1.2.3", true)]
    [TestCase("11.1.2.3", false)]
    [TestCase("fd00::1", true)]
    [TestCase("fc00::1", false)]
    [TestCase("192.0.2.7", true)]
    [TestCase("192.0.2.8", false)]
    public void An_ordinary_address_must_be_in_one_of_the_networks(string address, bool allowed)
    {
        var options = new EngineConnectionOptions { AllowInsecureTcp = true, AllowedNetworks = { "::ffff:10.0.0.0/104", "fd00::/8", "192.0.2.7" } };

        Objection(options, address, "engine.example", program: false).Should().Match(objection => objection == null == allowed);
    }

    [TestCase("64:ff9b:1:a01:2:300::")]
    [TestCase("64:ff9b:1::a01:203")]
    public void What_stands_for_an_ordinary_address_is_one(string address) =>
        Objection(new EngineConnectionOptions { AllowedNetworks = { "64:ff9b:1::/48" } }, address, encrypted: true).Should().BeNull();

    [Test]
    public void Plain_tcp_beyond_this_machine_must_be_allowed()
    {
        Objection(new EngineConnectionOptions(), "10.0.0.1").Should().Contain("AllowInsecureTcp");
        Objection(new EngineConnectionOptions(), "10.0.0.1", encrypted: true).Should().BeNull();
        Objection(new EngineConnectionOptions { AllowLoopback = true }, "127.0.0.1", program: false).Should().BeNull("nobody listens in on this machine");
    }

    [TestCase(null, true, false, true)]
    [TestCase(null, false, false, false)]
    [TestCase(null, true, true, false)]
    [TestCase(true, false, true, true)]
    [TestCase(false, true, false, false)]
    public void Unix_sockets_are_the_programs_own_to_name(bool? option, bool program, bool networks, bool allowed)
    {
        var options = new EngineConnectionOptions { AllowUnix = option };
        if (networks)
        {
            options.AllowedNetworks.Add("10.0.0.0/8");
        }

        ConnectionRules.Create(options, program).ObjectionToUnix().Should().Match(objection => objection == null == allowed);
    }

    private static string? Objection(EngineConnectionOptions options, string address, string? host = null, bool program = true, bool encrypted = false) =>
        ConnectionRules.Create(options, program).ObjectionTo(host ?? address, IPAddress.Parse(address), encrypted);
}
