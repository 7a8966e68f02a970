using System.Collections.Immutable;

namespace Swarm.Core.Engines;

public sealed class ExposedPortCollectorTests
{
    [Test]
    public void Few_are_kept_as_they_come()
    {
        string[] few = [.. Enumerable.Range(1, 1023).Select(port => $"{port}"), "9-8/tcp"];

        Collect(few).Should().Equal(few);
    }

    [Test]
    public void All_ports_are_one_range() =>
        Collect([.. Enumerable.Range(1, 65_535).OrderBy(port => $"{port}", StringComparer.Ordinal).Select(port => $"{port}/tcp")]).Should().Equal("1-65535/tcp");

    [Test]
    public void Protocols_and_gaps_stay_apart() =>
        Collect([.. Enumerable.Range(1, 700).Select(port => $"{port}/udp"), "702/UDP", .. Enumerable.Range(5, 700).Select(port => $"{port}"), "x/tcp"])
            .Should().Equal("x/tcp", "5-704/tcp", "1-700/udp", "702/udp");

    [Test]
    public void What_is_no_port_is_kept_as_long_as_it_is_little()
    {
        var ports = new ExposedPortCollector();
        foreach (var port in Enumerable.Range(1, 3000))
        {
            ports.Add($"x{port}/tcp");
        }

        ports.End().Should().HaveCount(1024);
        ports.IsCut.Should().BeTrue();
    }

    [Test]
    public void What_is_too_long_for_a_port_is_left_out()
    {
        var ports = new ExposedPortCollector();

        ports.Add("1/" + new string('x', 63));

        ports.End().Should().BeEmpty();
        ports.IsCut.Should().BeTrue();
    }

    private static ImmutableArray<string> Collect(string[] exposed)
    {
        var ports = new ExposedPortCollector();
        foreach (var port in exposed)
        {
            ports.Add(port);
        }

        return ports.End();
    }
}
