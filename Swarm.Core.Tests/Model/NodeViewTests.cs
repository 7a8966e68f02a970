using System.Collections.Immutable;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

public sealed class NodeViewTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public void Used_and_count_of_a_node_built_by_hand_follow_from_its_containers()
    {
        var node = new NodeView { Id = "n", Name = "n", Containers = [Container("c1", memory: 5), Container("c2", memory: 7)] };

        node.Used.Should().Be(new ResourceVector { MemoryBytes = 12, Slots = 2 });
        node.ContainerCount.Should().Be(2);
    }

    [Test]
    public void Used_and_count_that_are_given_are_taken_as_given()
    {
        var used = new ResourceVector { MemoryBytes = -1 };

        var node = new NodeView { Id = "n", Name = "n", Containers = [Container("c1", memory: 5)], Used = used, ContainerCount = 9 };

        node.Used.Should().Be(used);
        node.ContainerCount.Should().Be(9);
    }

    [Test]
    public void A_node_of_an_engine_counts_what_is_promised_on_top()
    {
        var node = Of([Container("c1", memory: 5)], Container("", memory: 7));

        node.Used.Should().Be(new ResourceVector { MemoryBytes = 12, Slots = 2 });
        node.ContainerCount.Should().Be(2);
        node.Containers.Select(container => container.Id).Should().Equal("c1", "");
        node.Containers[1].IsPending.Should().BeTrue();
    }

    [Test]
    public void A_node_of_an_engine_says_what_the_engine_says()
    {
        var labels = LabelSet.Create([new("region", "eu")]);
        var state = new EngineState
        {
            Address = _address,
            Id = "id",
            HealthIndicator = 42,
            IsDiscovered = false,
            Specs = new EngineSpecs { DaemonId = "id", Name = "host", Labels = labels },
            Images = [new ImageView { Id = "sha256:1" }],
        };
        var total = new ResourceVector { MemoryBytes = 100 };

        var node = NodeView.Of(state, total, [], default, 7);

        node.Should().BeEquivalentTo(new { Id = "id", Name = "host", Address = _address, Version = 7L, HealthIndicator = 42L, IsEligible = false, Total = total });
        node.Labels.Should().BeSameAs(labels);
        node.Images.Should().ContainSingle(image => image.Id == "sha256:1");
        node.ToString().Should().Be("host (id)");
    }

    [Test]
    public void Host_ports_of_containers_and_promises_are_taken_alike()
    {
        var existing = Container("c1") with { PortBindings = [new PortBinding("80/tcp", "", "8080")] };
        var promised = Container("") with { PortBindings = [new PortBinding("81/tcp", "10.0.0.1", "8081")] };
        var node = Of([existing], promised);

        node.IsHostPortTaken(new PortBinding("1/tcp", "", "8080")).Should().BeTrue();
        node.IsHostPortTaken(new PortBinding("1", "", "8081")).Should().BeTrue();
        node.IsHostPortTaken(new PortBinding("1/tcp", "10.0.0.2", "8081")).Should().BeFalse("the addresses do not overlap");
        node.IsHostPortTaken(new PortBinding("1/udp", "", "8081")).Should().BeFalse("it is another protocol");
        node.IsHostPortTaken(new PortBinding("1/tcp", "", "")).Should().BeFalse("the engine chooses one");
    }

    [Test]
    public void A_promise_without_host_port_takes_none()
    {
        var node = Of([], Container("") with { PortBindings = [new PortBinding("80/tcp", "", "")] });

        node.IsHostPortTaken(new PortBinding("80/tcp", "", "")).Should().BeFalse();
    }

    [Test]
    public void Ports_exposed_on_the_hosts_network_are_taken_by_containers_and_promises_alike()
    {
        var existing = Container("c1") with { NetworkMode = "host", ExposedPorts = ["80"] };
        var promised = Container("") with { NetworkMode = "host", ExposedPorts = ["53/udp"] };
        var bridged = Container("c2") with { NetworkMode = "bridge", ExposedPorts = ["90/tcp"] };
        var node = Of([existing, bridged], promised);

        node.IsHostNetworkPortTaken("80/tcp").Should().BeTrue();
        node.IsHostNetworkPortTaken("53/udp").Should().BeTrue();
        node.IsHostNetworkPortTaken("53").Should().BeFalse();
        node.IsHostNetworkPortTaken("90/tcp").Should().BeFalse();
    }

    [Test]
    public void Promised_containers_of_a_node_built_by_hand_hold_their_ports_too()
    {
        var node = new NodeView { Id = "n", Name = "", Containers = [Container("") with { PortBindings = [new PortBinding("80", "", "8080")] }] };

        node.IsHostPortTaken(new PortBinding("80/tcp", "", "8080")).Should().BeTrue();
        node.ToString().Should().Be("n");
    }

    private static ContainerView Container(string id, long memory = 0) => new() { Id = id, Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 } };

    [TestCase(false)]
    [TestCase(true)]
    public void A_promise_does_not_have_the_ports_of_all_others_read_again(bool isPlan)
    {
        var state = new EngineState { Address = _address, Id = "id" };
        var asked = new PortBinding("81/tcp", "", "81");
        var plain = Container("");
        var promised = Enumerable.Range(0, 12).Select(each => Container("") with
        {
            PortBindings = [.. Enumerable.Range(0, 1024).Select(number => new PortBinding("80/tcp", $"10.{each}.{number >> 8}.{number & 255}", "80"))],
        }).ToImmutableArray();
        var node = NodeView.Of(state, default, promised, default, 1);
        node.IsHostPortTaken(asked).Should().BeFalse();

        Allocation.Of(() => (isPlan ? node.WithPromised(plain) : NodeView.Of(state, default, promised.Add(plain), default, 2, node)).IsHostPortTaken(asked))
            .Should().BeLessThan(16 * 1024);
    }

    [Test]
    public void Promised_ports_that_come_and_go_are_those_of_the_promises_there_are()
    {
        var state = new EngineState { Address = _address, Id = "id" };
        var random = new Random(11);
        var all = Enumerable.Range(0, 14).Select(each => Container("") with { PortBindings = [new PortBinding("1/tcp", each % 3 == 0 ? "" : $"10.0.0.{each}", $"{each % 5}")] }).ToList();
        NodeView? node = null;
        for (var step = 0; step < 300; step++)
        {
            ImmutableArray<ContainerView> promised = [.. all.Where(_ => random.Next(4) > 0).OrderBy(_ => random.Next(6))];
            node = NodeView.Of(state, default, promised, default, step, random.Next(8) == 0 ? null : node);
            if (random.Next(3) == 0)
            {
                continue;
            }

            foreach (var (address, port) in from address in (string[])["", "10.0.0.1", "10.0.0.7", "10.0.0.99"] from port in Enumerable.Range(0, 6) select (address, port))
            {
                var asked = new PortBinding("1/tcp", address, $"{port}");
                node.IsHostPortTaken(asked).Should().Be(promised.Any(each => each.PortBindings[0].HostPort == asked.HostPort && HostPortTable.Overlap(each.PortBindings[0].HostIp, address)));
            }
        }
    }

    private static NodeView Of(ImmutableArray<ContainerView> containers, params ImmutableArray<ContainerView> promised) => NodeView.Of(
        new EngineState { Address = _address, Id = "id", Containers = containers, Used = NodeView.SumOf(containers) },
        default,
        promised,
        NodeView.SumOf(promised),
        1);
}
