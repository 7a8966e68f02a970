using System.Collections.Immutable;
using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class PortCollectorTests
{
    [Test]
    public void Few_are_kept_as_they_come()
    {
        PortBinding[] few = [.. Enumerable.Range(1, 1024).Select(port => new PortBinding($"{port}/tcp", "::", $"{70_000 - port}")).Reverse()];

        Collect(few).Should().Equal(few);
    }

    [Test]
    public void Many_are_kept_as_ranges() =>
        Collect([.. Enumerable.Range(10_000, 10_001).OrderBy(port => $"{port}", StringComparer.Ordinal).SelectMany(port => new PortBinding[] { new($"{port}/udp", "0.0.0.0", $"{port}"), new($"{port}/udp", "::", $"{port}") })])
            .Should().Equal(new PortBinding("10000-20000/udp", "0.0.0.0", "10000-20000"), new PortBinding("10000-20000/udp", "::", "10000-20000"));

    [Test]
    public void Which_port_is_bound_to_which_shows_as_long_as_that_is_little() =>
        Collect([.. Enumerable.Range(1, 1000).Select(port => new PortBinding($"{port}/tcp", "", $"{port + 8000}")), .. Enumerable.Range(1, 1000).Select(port => new PortBinding($"{port + 5000}/tcp", "", $"{port + 9000}"))])
            .Should().Equal(new PortBinding("1-1000/tcp", "", "8001-9000"), new PortBinding("5001-6000/tcp", "", "9001-10000"));

    [Test]
    public void Beyond_that_only_the_ports_of_the_host_are_told() =>
        Collect([.. Enumerable.Range(1, 3000).Select(port => new PortBinding($"{3001 - port}/tcp", "", $"{port}"))]).Should().Equal(new PortBinding("1-3000/tcp", "", "1-3000"));

    [Test]
    public void What_has_no_host_port_holds_none_and_is_left_out_where_there_are_many()
    {
        var ports = new PortCollector();
        foreach (var port in Enumerable.Range(1, 2000))
        {
            ports.Add(new PortBinding($"{port}/tcp", "", ""));
        }

        ports.Add(new PortBinding("80/tcp", "", "8080"));
        ports.End().Should().Equal(new PortBinding("80/tcp", "", "8080"));
        ports.IsCut.Should().BeTrue();
    }

    [Test]
    public void Nothing_that_is_held_is_forgotten_and_nothing_else_is_held() =>
        Gen.Select(Gen.Int[1, 65_535], Gen.Int[1, 65_535], Gen.Int[0, 1], Gen.Bool).Array[1025, 3000].Sample(
            asked =>
            {
                ImmutableArray<PortBinding> bindings = [.. asked.Select(each => new PortBinding($"{each.Item1}/{(each.Item4 ? "udp" : "tcp")}", each.Item3 == 0 ? "10.0.0.1" : "10.0.0.2", $"{each.Item2}"))];
                var table = HostPortTable.Of([new ContainerView { Id = "c", PortBindings = Collect([.. bindings]) }]);
                var held = bindings.Select(each => (each.HostPort, each.HostIp, each.Protocol)).ToHashSet();

                bindings.Where(each => !table.IsTaken(each)).Should().BeEmpty();
                Enumerable.Range(1, 500).Select(port => new PortBinding("9/tcp", "10.0.0.1", $"{port * 131 % 65_535 + 1}")).Where(each => table.IsTaken(each) != held.Contains((each.HostPort, each.HostIp, "tcp"))).Should().BeEmpty();
            },
            iter: 30);

    [Test]
    public void Many_host_ports_of_one_port_of_the_container_are_all_held()
    {
        var bindings = Collect([.. Enumerable.Range(8000, 1200).Select(port => new PortBinding("80/tcp", "", $"{port}"))]);
        var table = HostPortTable.Of([new ContainerView { Id = "c", PortBindings = bindings }]);

        bindings.Should().Equal(new PortBinding("80-80/tcp", "", "8000-9199"));
        Enumerable.Range(7990, 1220).Where(port => table.IsTaken(new PortBinding("1/tcp", "", $"{port}"))).Should().Equal(Enumerable.Range(8000, 1200));
    }

    [TestCase("1/", "", "")]
    [TestCase("80/tcp", "10.0.0.1", "")]
    [TestCase("80/tcp", "", "80")]
    public void What_is_too_long_for_a_port_or_an_address_is_left_out(string port, string address, string hostPort)
    {
        var padding = new string('x', 64);
        var ports = new PortCollector();

        ports.Add(new PortBinding(port + (address.Length + hostPort.Length == 0 ? padding : ""), address.Length == 0 ? "" : address + padding, hostPort.Length == 0 ? "80" : hostPort + padding));

        ports.End().Should().BeEmpty();
        ports.IsCut.Should().BeTrue();
    }

    private static ImmutableArray<PortBinding> Collect(PortBinding[] bindings)
    {
        var ports = new PortCollector();
        foreach (var binding in bindings)
        {
            ports.Add(binding);
        }

        return ports.End();
    }
}
