using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class PortFilterTests
{
    private readonly PortFilter _filter = new();

    [Test]
    public void A_request_without_ports_has_nothing_to_check()
    {
        _filter.Prepare(A.Context(A.Request())).Should().BeNull();
        _filter.Prepare(A.Context(A.Request(network: "host"))).Should().BeNull();
        _filter.Prepare(A.Context(A.Request(exposed: ["80/tcp"]))).Should().BeNull("an exposed port takes no port of the host");
        _filter.Prepare(A.Context(A.Request(network: "host", ports: [A.Port("80")]))).Should().BeNull("the host's network has no bindings");
    }

    [TestCase("", "", false)]
    [TestCase("127.0.0.1", "", false)]
    [TestCase("127.0.0.1", "0.0.0.0", false)]
    [TestCase("127.0.0.1", "::", false)]
    [TestCase("127.0.0.1", "0:0:0:0:0:0:0:0", false)]
    [TestCase("127.0.0.1", "::ffff:0.0.0.0", false)]
    [TestCase("127.0.0.1", "127.0.0.1", false)]
    [TestCase("0.0.0.0", "10.0.0.1", false)]
    [TestCase("127.0.0.1", "10.0.0.1", true)]
    [TestCase("127.0.0.1", "0", true, Description = "no address")]
    [TestCase("127.0.0.1", "00.0.0.0", true, Description = "no address")]
    [TestCase("127.0.0.1", "::1", true)]
    [TestCase("127.0.0.1", "::%0", true, Description = "no address of the engine")]
    public void A_port_is_taken_where_the_addresses_overlap(string held, string asked, bool accepted)
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("80", ip: held)])]);

        Accepts(node, A.Port("80", ip: asked)).Should().Be(accepted);
    }

    [Test]
    public void On_the_hosts_network_a_binding_does_not_count_beside_the_exposed_ports()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("80")])]);

        HostPorts.FindConflict(node, A.Request(network: "host", exposed: ["81/tcp"], ports: [A.Port("80")])).Should().BeNull("the engine ignores it");
    }

    [Test]
    public void Protocols_do_not_collide()
    {
        var node = A.Node("n1", containers: [A.Container("dns", ports: [A.Port("53", "53/udp")])]);

        Accepts(node, A.Port("53", "53/tcp")).Should().BeTrue();
        Accepts(node, A.Port("53", "53/udp")).Should().BeFalse();
        Accepts(node, A.Port("53", "53/UDP")).Should().BeFalse();
        Accepts(node, A.Port("53", "53")).Should().BeTrue("without protocol it is tcp");
    }

    [Test]
    public void A_port_the_engine_chose_is_taken_too()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("")], published: [A.Port("32768")])]);

        Accepts(node, A.Port("32768")).Should().BeFalse();
        Accepts(node, A.Port("")).Should().BeTrue("the engine will choose another");
    }

    [Test]
    public void A_promised_container_holds_its_ports() =>
        Accepts(A.Node("n1", containers: [A.Container("web", id: "", ports: [A.Port("80")])]), A.Port("80")).Should().BeFalse();

    [Test]
    public void Of_a_range_one_port_has_to_be_free()
    {
        Accepts(Holding("8000"), Range("8000-8001")).Should().BeTrue();
        Accepts(Holding("8000", "8001"), Range("8000-8001")).Should().BeFalse();
    }

    [Test]
    public void A_range_beside_many_ports_is_looked_at()
    {
        var request = Range("8000-8001");

        Accepts(Holding("8000", "8001"), request with { PortBindings = [.. request.PortBindings, .. Enumerable.Range(100, 20).Select(port => A.Port($"{port}", $"{port}/tcp"))] }).Should().BeFalse();
    }

    [Test]
    public void Ranges_of_requests_and_containers_made_by_hand_are_compared_as_text()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("8000-8010")])]);

        Accepts(node, A.Port("8000-8010")).Should().BeFalse();
        Accepts(node, A.Port("8005")).Should().BeTrue();
    }

    [Test]
    public void One_container_may_ask_for_a_port_twice() =>
        Accepts(A.Node("n1"), A.Port("80"), A.Port("80")).Should().BeTrue();

    [TestCase("80", false)]
    [TestCase("80/tcp", false)]
    [TestCase("80/TCP", false)]
    [TestCase("80/udp", true)]
    [TestCase("81/tcp", true)]
    public void On_the_hosts_network_exposed_ports_collide(string asked, bool accepted)
    {
        var node = A.Node("n1", containers: [A.Container("web", network: "host", exposed: ["80"])]);

        Accepts(node, asked).Should().Be(accepted);
    }

    [Test]
    public void A_promised_container_on_the_hosts_network_holds_its_ports() =>
        Accepts(A.Node("n1", containers: [A.Container("web", id: "", network: "host", exposed: ["80/tcp"])]), "80/tcp").Should().BeFalse();

    [Test]
    public void The_two_kinds_of_ports_are_not_compared()
    {
        Accepts(A.Node("n1", containers: [A.Container("web", network: "host", exposed: ["80/tcp"])]), A.Port("80")).Should().BeTrue();
        Accepts(A.Node("n1", containers: [A.Container("web", exposed: ["80/tcp"], ports: [A.Port("80")])]), "80/tcp").Should().BeTrue();
    }

    [Test]
    public void The_rejection_names_the_first_port_that_is_taken()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("80"), A.Port("53", "53/udp")])]);
        var request = A.Request(ports: [A.Port("81"), A.Port("53", "53/udp"), A.Port("80")]);

        var rejection = _filter.Prepare(A.Context(request, node))!(node);

        rejection.Should().Be(new Rejection("port", "port", "53/udp"));
        rejection.ToString().Should().Be("port 53/udp is taken");
    }

    [Test]
    public void It_describes_ports_as_classic_Swarm_does()
    {
        _filter.Describe(A.Request(ports: [A.Port("80"), A.Port("")])).Should().Equal("port 80 (Bridge mode)", "port  (Bridge mode)");
        _filter.Describe(A.Request(network: "host", exposed: ["80/tcp"])).Should().Equal("port 80/tcp (Host mode)");
    }

    private static NodeView Holding(params string[] ports) => A.Node("n1", containers: [A.Container("web", ports: [.. ports.Select(port => A.Port(port))])]);

    private static PlacementRequest Range(string ports) => A.Request(ports: [A.Port(ports, "443/tcp")]) with { HasPortRanges = true };

    private bool Accepts(NodeView node, PlacementRequest request) => _filter.Prepare(A.Context(request, node))!(node) is null;

    private bool Accepts(NodeView node, params PortBinding[] ports) =>
        _filter.Prepare(A.Context(A.Request(ports: ports), node))!(node) is null;

    private bool Accepts(NodeView node, string exposed) =>
        _filter.Prepare(A.Context(A.Request(network: "host", exposed: [exposed]), node))!(node) is null;
}
