using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public class EnginePatternTests
{
    [TestCase("10.0.0.1:2376", "10.0.0.1:2376", true)]
    [TestCase("10.0.0.1:2376", "10.0.0.1:2375", false)]
    [TestCase("10.0.0.1:2376", "[::ffff:10.0.0.1]:2376", true)]
    [TestCase("tcp://gpu-1:2376", "gpu-1:2376", true)]
    [TestCase("[fd00::1]:2376", "[fd00:0::1]:2376", true)]
    [TestCase("GPU-1", "gpu-1:2376", true)]
    [TestCase("gpu-1", "gpu-10:2376", false)]
    [TestCase("10.0.0.1", "10.0.0.1:1", true)]
    [TestCase("fd00::1", "[fd00::1]:1", true)]
    [TestCase("*.example.com", "a.example.com:1", true)]
    [TestCase("*.example.com", "a.b.EXAMPLE.com:1", true)]
    [TestCase("*.example.com", "example.com:1", false)]
    [TestCase("*.example.com", "evilexample.com:1", false)]
    [TestCase("*.example.com", "a.example.com.evil:1", false)]
    [TestCase("10.0.0.0/8", "10.9.9.9:1", true)]
    [TestCase("10.0.0.0/8", "[::ffff:10.9.9.9]:1", true)]
    [TestCase("10.0.0.0/8", "11.0.0.1:1", false)]
    [TestCase("0.0.0.0/0", "engine.example:1", false)]
    [TestCase("0.0.0.0/0", "unix:///var/run/docker.sock", false)]
    [TestCase("::/0", "[fd00::1]:1", true)]
    public void An_engine_is_matched_by_what_its_address_says(string pattern, string address, bool matches)
    {
        EnginePattern.TryParse(pattern, out var parsed).Should().BeTrue();

        parsed!.Matches(EngineAddress.Parse(address)).Should().Be(matches);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("*")]
    [TestCase("*.")]
    [TestCase("*.0.0.1")]
    [TestCase("*.example.com:2376")]
    [TestCase("a.*.com")]
    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.256")]
    [TestCase("10.0.0.1:0")]
    [TestCase("unix:///var/run/docker.sock")]
    [TestCase("two words")]
    public void What_names_no_engines_is_refused(string? pattern)
    {
        EnginePattern.TryParse(pattern, out _).Should().BeFalse();
    }

    [Test]
    public void The_closest_pattern_counts_whatever_the_order()
    {
        string[] patterns = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3:2376"];

        Ranks(patterns).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        Ranks("*.com", "*.example.com", "a.example.com", "a.example.com:1").Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [TestCase("10.0.0.0/8", "::ffff:10.0.0.0/104")]
    [TestCase("FD00::1", "fd00:0:0::1")]
    [TestCase("*.Example.com", "*.example.com")]
    [TestCase("tcp://a:1", "a:1")]
    public void Patterns_for_the_same_engines_have_the_same_text(string one, string other)
    {
        var options = new EngineConnectionOptions { TlsRules = { new EngineTlsRule { Engines = one }, new EngineTlsRule { Engines = other } } };

        options.Validate().Should().ContainSingle().Which.Should().StartWith("TlsRules[1] is for the same engines as TlsRules[0]");
    }

    [Test]
    public void A_rule_for_no_engines_and_what_is_wrong_in_one_are_mistakes_that_are_named()
    {
        var options = new EngineConnectionOptions { TlsRules = { new EngineTlsRule { Engines = "*", Tls = { ClientKeyPath = "/nowhere/key" } }, null!, new EngineTlsRule { Engines = "a", Tls = null! } } };

        options.Validate().Should().SatisfyRespectively(
            error => error.Should().StartWith("TlsRules[0].Engines is '*'; "),
            error => error.Should().StartWith("TlsRules[0].Tls.ClientKeyPath is given without"),
            error => error.Should().StartWith("TlsRules[0].Tls.ClientKeyPath names the file"),
            error => error.Should().StartWith("TlsRules[1]"),
            error => error.Should().StartWith("TlsRules[2]"));
    }

    private static IEnumerable<int> Ranks(params string[] patterns) =>
        patterns.Select(text => EnginePattern.TryParse(text, out var pattern) ? pattern.Rank : throw new ArgumentException(text));
}
