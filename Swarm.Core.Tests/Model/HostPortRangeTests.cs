namespace Swarm.Core.Model;

public sealed class HostPortRangeTests
{
    [TestCase("8000-8010", 8000, 8010)]
    [TestCase("1-65535", 1, 65_535)]
    [TestCase("8000-8000", 8000, 8000)]
    [TestCase("08000-0008010", 8000, 8010)]
    public void Two_numbers_are_a_range(string text, int first, int last)
    {
        HostPortRange.TryParse(text, out var range).Should().BeTrue();
        range.Should().Be(new HostPortRange(first, last));
        range.Count.Should().Be(last - first + 1);
    }

    [TestCase("")]
    [TestCase("8000")]
    [TestCase("8000-")]
    [TestCase("-8000")]
    [TestCase("-")]
    [TestCase("8010-8000")]
    [TestCase("0-10")]
    [TestCase("8000-65536")]
    [TestCase("8000-8010-8020")]
    [TestCase("8000 - 8010")]
    [TestCase("+1-2")]
    [TestCase("a-b")]
    [TestCase("1-99999999999")]
    public void Anything_else_is_none(string text) => HostPortRange.TryParse(text, out _).Should().BeFalse();
}
