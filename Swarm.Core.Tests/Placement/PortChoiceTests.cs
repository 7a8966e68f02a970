using System.Collections.Immutable;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class PortChoiceTests
{
    [Test]
    public void The_lowest_free_port_is_chosen() =>
        Choose(Holding("8000", "8002"), A.Port("8000-8010")).Should().Equal("8001");

    [Test]
    public void Ports_of_other_protocols_and_addresses_are_free()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("8000", "80/udp"), A.Port("8001", ip: "10.0.0.1")])]);

        Choose(node, A.Port("8000-8010", ip: "10.0.0.2")).Should().Equal("8000");
        Choose(node, A.Port("8001-8010", ip: "10.0.0.2")).Should().Equal("8001");
        Choose(node, A.Port("8001-8010")).Should().Equal("8002");
    }

    [Test]
    public void What_is_promised_is_taken() =>
        Choose(A.Node("n1", containers: [A.Container("web", id: "", ports: [A.Port("8000")])]), A.Port("8000-8010")).Should().Equal("8001");

    [Test]
    public void Each_binding_of_one_request_gets_a_port_of_its_own()
    {
        Choose(Holding(), A.Port("8000-8001", "80/tcp"), A.Port("8000-8001", "81/tcp")).Should().Equal("8000", "8001");
        Choose(Holding(), A.Port("8000-8001", "80/tcp"), A.Port("8000", "81/tcp")).Should().Equal("8001", "8000");
        Choose(Holding(), A.Port("8000-8001", "80/tcp"), A.Port("8000", "80/udp")).Should().Equal("8000", "8000");
        Choose(Holding(), A.Port("8000-8010", "80/tcp"), A.Port("8000-8000", "81/tcp")).Should().Equal("8001", "8000");
    }

    [Test]
    public void Where_none_is_free_the_range_is_named()
    {
        PortChoice.Choose(Holding("8000", "8001"), [A.Port("90"), A.Port("8000-8001", "443/tcp")], meter: null, out var lacking).Should().BeNull();

        lacking.Should().Be(A.Port("8000-8001", "443/tcp"));
        HostPorts.NameOf(lacking).Should().Be("8000-8001/tcp");
    }

    [Test]
    public void A_choice_is_found_whenever_there_is_one() =>
        Gen.Select(Gen.Int[1, 6].Array[0, 4], Gen.Select(Gen.Int[1, 6], Gen.Int[0, 4]).Array[1, 5]).Sample(
            (taken, ranges) =>
            {
                var node = Holding([.. taken.Select(HostPortRange.Text)]);
                ImmutableArray<PortBinding> asked = [.. ranges.Select((range, index) => A.Port($"{range.Item1}-{range.Item1 + range.Item2}", $"{index + 1}/tcp"))];
                var free = Enumerable.Range(1, 10).Except(taken).ToHashSet();

                var chosen = PortChoice.Choose(node, asked, meter: null, out _);

                (chosen is not null).Should().Be(Fits([.. ranges.Select(range => (range.Item1, range.Item1 + range.Item2))], free));
                var ports = chosen?.Select(binding => int.Parse(binding.HostPort, System.Globalization.CultureInfo.InvariantCulture)).ToList() ?? [];
                ports.Should().OnlyHaveUniqueItems().And.BeSubsetOf(free);
                ports.Where((port, index) => port < ranges[index].Item1 || port > ranges[index].Item1 + ranges[index].Item2).Should().BeEmpty();
            },
            iter: 2000);

    [Test]
    public void A_request_with_ports_chosen_asks_for_no_range_and_remembers_what_it_asked_for()
    {
        var request = A.Request(ports: [A.Port("8000-8010"), A.Port("90", "90/tcp")]) with { HasPortRanges = true };

        var applied = PortChoice.Apply(request, Holding("8000"));

        applied.PortBindings.Should().Equal(A.Port("8001"), A.Port("90", "90/tcp"));
        applied.HasPortRanges.Should().BeFalse();
        applied.PortsChosenOf.Should().Equal(request.PortBindings);
        applied.ToPromised().PortBindings.Should().Equal(applied.PortBindings);
        PortChoice.Apply(applied, Holding("8001")).Should().BeSameAs(applied);
    }

    [Test]
    public void Where_ports_are_not_looked_at_the_first_is_tried() =>
        PortChoice.Apply(A.Request(ports: [A.Port("8000-8000")]) with { HasPortRanges = true }, Holding("8000")).PortBindings.Should().Equal(A.Port("8000"));

    private static NodeView Holding(params string[] ports) => A.Node("n1", containers: [A.Container("web", ports: [.. ports.Select(port => A.Port(port))])]);

    private static IEnumerable<string>? Choose(NodeView node, params PortBinding[] asked) => PortChoice.Choose(node, [.. asked], meter: null, out _)?.Select(binding => binding.HostPort);

    private static bool Fits(ImmutableArray<(int First, int Last)> ranges, HashSet<int> free) =>
        ranges.IsEmpty || free.Where(port => port >= ranges[0].First && port <= ranges[0].Last).Any(port => Fits(ranges.RemoveAt(0), [.. free.Where(each => each != port)]));
}
