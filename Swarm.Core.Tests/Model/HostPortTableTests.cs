using Swarm.Core.Builders;

namespace Swarm.Core.Model;

public sealed class HostPortTableTests
{
    [TestCase("80/tcp", "8080", "80", "8080", true)]
    [TestCase("80/tcp", "8080", "81/TCP", "8080", true)]
    [TestCase("80/tcp", "8080", "80/", "8080", true)]
    [TestCase("53/tcp", "53", "53/udp", "53", false)]
    [TestCase("53/udp", "53", "53/udp", "53", true)]
    [TestCase("53/sctp", "53", "53/tcp", "53", false)]
    [TestCase("80/tcp", "8080", "80/tcp", "8081", false)]
    [TestCase("80/tcp", "8000-8010", "80/tcp", "8000-8010", true)]
    [TestCase("80/tcp", "8000-8010", "80/tcp", "8005", false)]
    [TestCase("80/tcp", "", "80/tcp", "", false)]
    public void A_host_port_is_taken_per_protocol_and_by_its_text(string held, string heldPort, string asked, string askedPort, bool taken) =>
        Table(new PortBinding(held, "", heldPort)).IsTaken(new PortBinding(asked, "", askedPort)).Should().Be(taken);

    [TestCase("", "", true)]
    [TestCase("", "10.0.0.1", true)]
    [TestCase("0.0.0.0", "10.0.0.1", true)]
    [TestCase("10.0.0.1", "::", true)]
    [TestCase("10.0.0.1", "0:0:0:0:0:0:0:0", true)]
    [TestCase("10.0.0.1", "::ffff:0.0.0.0", true)]
    [TestCase("10.0.0.1", "10.0.0.1", true)]
    [TestCase("10.0.0.1", "10.0.0.2", false)]
    [TestCase("10.0.0.1", "::1", false)]
    [TestCase("10.0.0.1", "0", false)]
    [TestCase("10.0.0.1", "00.0.0.0", false)]
    [TestCase("10.0.0.1", "::f", false)]
    public void Host_addresses_overlap_when_they_are_one_or_one_means_all(string left, string right, bool overlap)
    {
        HostPortTable.Overlap(left, right).Should().Be(overlap);
        HostPortTable.Overlap(right, left).Should().Be(overlap);
        Table(new PortBinding("80/tcp", left, "80")).IsTaken(new PortBinding("80/tcp", right, "80")).Should().Be(overlap);
    }

    [Test]
    public void One_port_may_be_held_under_several_addresses()
    {
        var table = Table(new PortBinding("80/tcp", "10.0.0.1", "80"), new PortBinding("80/tcp", "10.0.0.2", "80"));

        table.IsTaken(new PortBinding("80/tcp", "10.0.0.1", "80")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/tcp", "10.0.0.2", "80")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/tcp", "10.0.0.3", "80")).Should().BeFalse();
    }

    [Test]
    public void Any_number_of_addresses_may_come_and_go_in_any_order()
    {
        var random = new Random(7);
        string[] addresses = ["", "0.0.0.0", "::", .. Enumerable.Range(1, 12).Select(number => $"10.0.0.{number}")];
        var held = new List<string>();
        var table = HostPortTable.Of([]);
        for (var step = 0; step < 500; step++)
        {
            var before = Container(held);
            if (held.Count > 0 && random.Next(2) == 0)
            {
                held.RemoveAt(random.Next(held.Count));
            }
            else
            {
                held.Add(addresses[random.Next(addresses.Length)]);
            }

            table = table.With(before, Container(held));

            foreach (var address in addresses)
            {
                table.IsTaken(new PortBinding("80/tcp", address, "80")).Should().Be(held.Exists(each => HostPortTable.Overlap(each, address)));
            }
        }

        static ContainerView Container(List<string> addresses) => new() { Id = "c", PortBindings = [.. addresses.Select(address => new PortBinding("80/tcp", address, "80"))] };
    }

    [Test]
    public void Addresses_of_one_port_are_taken_in_without_a_copy_of_the_others()
    {
        var few = Container(256);
        var many = Container(4096);

        Allocation.Of(() => HostPortTable.Of([many])).Should().BeLessThan(24 * Allocation.Of(() => HostPortTable.Of([few])));

        static ContainerView Container(int addresses) => new() { Id = "c", PortBindings = [.. Enumerable.Range(0, addresses).Select(number => new PortBinding("80/tcp", $"10.0.{number >> 8}.{number & 255}", "80"))] };
    }

    [Test]
    public void A_port_the_engine_chose_is_taken()
    {
        var container = new ContainerView { Id = "c", PortBindings = [new PortBinding("80/tcp", "", "")], PublishedPorts = [new PortBinding("80/tcp", "0.0.0.0", "49153")] };

        HostPortTable.Of([container]).IsTaken(new PortBinding("443/tcp", "10.0.0.1", "49153")).Should().BeTrue();
    }

    [TestCase("80", "80/tcp", true)]
    [TestCase("80/", "80", true)]
    [TestCase("80/TCP", "80/tcp", true)]
    [TestCase("80/udp", "80", false)]
    public void A_port_exposed_on_the_hosts_network_is_taken_per_protocol(string held, string asked, bool taken)
    {
        var table = HostPortTable.Of([new ContainerView { Id = "c", NetworkMode = "host", ExposedPorts = [held] }]);

        table.IsExposedOnHost(asked).Should().Be(taken);
    }

    [Test]
    public void What_a_container_on_another_network_exposes_is_not_on_the_host() =>
        HostPortTable.Of([new ContainerView { Id = "c", ExposedPorts = ["80/tcp"] }]).IsExposedOnHost("80/tcp").Should().BeFalse();

    [Test]
    public void A_dead_container_holds_no_port() =>
        HostPortTable.Of([new ContainerView { Id = "c", State = ContainerState.Dead, PortBindings = [new PortBinding("80/tcp", "", "8000")] }]).IsTaken(new PortBinding("80/tcp", "", "8000")).Should().BeFalse();

    [Test]
    public void A_container_that_dies_gives_its_ports_back()
    {
        var exited = new ContainerView { Id = "c", State = ContainerState.Exited, PortBindings = [new PortBinding("80/tcp", "", "8000")] };

        HostPortTable.Of([exited]).With(exited, exited with { State = ContainerState.Dead }).IsTaken(new PortBinding("80/tcp", "", "8000")).Should().BeFalse();
    }

    [Test]
    public void A_port_within_a_block_is_taken()
    {
        var table = Table(new PortBinding("10000-20000/udp", "10.0.0.1", "10000-20000"));

        table.IsTaken(new PortBinding("80/udp", "", "15000")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/udp", "10.0.0.1", "10000")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/udp", "10.0.0.1", "20000")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/udp", "10.0.0.2", "15000")).Should().BeFalse();
        table.IsTaken(new PortBinding("80/tcp", "", "15000")).Should().BeFalse();
        table.IsTaken(new PortBinding("80/udp", "", "9999")).Should().BeFalse();
        table.IsTaken(new PortBinding("80/udp", "", "20001")).Should().BeFalse();
    }

    [Test]
    public void Blocks_that_overlap_go_one_by_one()
    {
        var (one, other) = (Block("100-300"), Block("200-400"));
        var table = HostPortTable.Of([one, other]).With(one, null);

        table.IsTaken(new PortBinding("80/udp", "", "250")).Should().BeTrue();
        table.IsTaken(new PortBinding("80/udp", "", "150")).Should().BeFalse();
        table.With(other, null).IsTaken(new PortBinding("80/udp", "", "250")).Should().BeFalse();

        static ContainerView Block(string ports) => new() { Id = ports, PublishedPorts = [new PortBinding($"{ports}/udp", "", ports)] };
    }

    [Test]
    public void A_range_for_one_port_of_a_container_is_no_block() =>
        Table(new PortBinding("80/udp", "", "10000-20000")).IsTaken(new PortBinding("80/udp", "", "15000")).Should().BeFalse("its engine chooses one, and shows which");

    [Test]
    public void A_port_within_an_exposed_range_is_exposed()
    {
        var table = HostPortTable.Of([new ContainerView { Id = "c", NetworkMode = "host", ExposedPorts = ["1025-65535/tcp", "53/udp"] }]);

        table.IsExposedOnHost("8080").Should().BeTrue();
        table.IsExposedOnHost("65535/tcp").Should().BeTrue();
        table.IsExposedOnHost("1024/tcp").Should().BeFalse();
        table.IsExposedOnHost("8080/udp").Should().BeFalse();
    }

    [Test]
    public void One_of_many_wanted_ports_within_a_block_is_found()
    {
        var table = Table(new PortBinding("10000-20000/udp", "", "10000-20000"));

        table.HoldsAny(Wanted(100, "udp"), out _).Should().BeFalse();
        table.HoldsAny(Wanted(9_990, "udp"), out var looks).Should().BeTrue();
        looks.Should().BeGreaterThan(20);
        table.HoldsAny(Wanted(9_990, "tcp"), out _).Should().BeFalse();

        static WantedPorts Wanted(int first, string protocol) => WantedPorts.OfMany(false, [.. Enumerable.Range(first, 20).Select(port => new PortBinding($"80/{protocol}", "", $"{port}"))], [])!;
    }

    private static HostPortTable Table(params PortBinding[] bindings) => HostPortTable.Of([new ContainerView { Id = "c", PortBindings = [.. bindings] }]);
}
