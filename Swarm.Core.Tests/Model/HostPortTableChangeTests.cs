using CsCheck;

namespace Swarm.Core.Model;

/// <summary>A table that takes one change after the other in says what a search through all containers says, and what was handed out does not change.</summary>
public sealed class HostPortTableChangeTests
{
    private static readonly string[] _ports = ["", "80", "81"];
    private static readonly string[] _addresses = ["", "0.0.0.0", "::", "10.0.0.1", "10.0.0.2"];
    private static readonly string[] _exposed = ["80", "80/tcp", "80/udp"];

    private static readonly PortBinding[] _asked =
    [
        .. from port in _ports from protocol in (string[])["tcp", "udp"] from address in _addresses select new PortBinding($"1/{protocol}", address, port),
    ];

    [Test]
    public void After_any_changes_it_says_what_the_containers_hold()
    {
        var binding = Gen.Int[0, _asked.Length - 1].Select(index => _asked[index]);
        var container = Gen.Select(
            binding.Array[0, 2],
            binding.Array[0, 1],
            Gen.Int[0, _exposed.Length - 1].Select(index => _exposed[index]).Array[0, 2],
            Gen.Bool,
            (bound, published, exposed, isOnHost) => new ContainerView { Id = "c", PortBindings = [.. bound], PublishedPorts = [.. published], ExposedPorts = [.. exposed], NetworkMode = isOnHost ? "host" : "bridge" });

        Gen.Select(Gen.Int[0, 3], container.Null(0.3)).Array[1, 15].Sample(changes =>
        {
            var held = new ContainerView?[4];
            var table = HostPortTable.Of([]);
            foreach (var (place, after) in changes)
            {
                var (former, said) = (table, Say(table));

                table = table.With(held[place], after);
                held[place] = after;

                Say(former).Should().Equal(said, "a table that was handed out does not change");
                Say(table).Should().Equal(Say([.. held.OfType<ContainerView>()]));
                Say(HostPortTable.Of([.. held.OfType<ContainerView>()])).Should().Equal(Say(table));
            }
        });
    }

    [Test]
    public void A_port_that_an_engine_chose_for_a_container_without_bindings_is_taken()
    {
        var container = new ContainerView { Id = "c", PublishedPorts = [new PortBinding("80/tcp", "0.0.0.0", "49153")] };

        HostPortTable.Of([container]).IsTaken(new PortBinding("443/tcp", "", "49153")).Should().BeTrue();
    }

    [Test]
    public void A_container_that_moves_to_the_network_of_its_host_holds_what_it_exposes()
    {
        var container = new ContainerView { Id = "c", PortBindings = [new PortBinding("81/tcp", "", "81")], ExposedPorts = ["80/tcp"], NetworkMode = "bridge" };
        var table = HostPortTable.Of([container]);

        table.With(container, container with { NetworkMode = "host" }).IsExposedOnHost("80/tcp").Should().BeTrue();
    }

    private static bool[] Say(HostPortTable table) => [.. _asked.Select(asked => table.IsTaken(asked)), .. _exposed.Select(table.IsExposedOnHost)];

    private static bool[] Say(ContainerView[] containers) =>
    [
        .. _asked.Select(asked => asked.HostPort.Length > 0 && containers.SelectMany(each => each.PortBindings.Concat(each.PublishedPorts)).Any(held => Meet(held, asked))),
        .. _exposed.Select(asked => containers.Where(each => each.NetworkMode == "host").SelectMany(each => each.ExposedPorts).Any(held => WithProtocol(held) == WithProtocol(asked))),
    ];

    private static bool Meet(PortBinding held, PortBinding asked) =>
        held.HostPort == asked.HostPort && held.Protocol == asked.Protocol && (held.HostIp == asked.HostIp || IsAny(held.HostIp) || IsAny(asked.HostIp));

    private static bool IsAny(string address) => address is "" or "0.0.0.0" or "::";

    private static string WithProtocol(string port) => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp";
}
