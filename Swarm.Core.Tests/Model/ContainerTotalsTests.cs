using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

public sealed class ContainerTotalsTests
{
    private static readonly string[] _keys = ["tier", "stage", "com.docker.swarm.id"];
    private static readonly string[] _values = ["", "a", "b", "c"];
    private static readonly string[] _ports = ["80", "81", "82"];

    private static readonly Gen<ContainerView> _containers =
        from id in Gen.Int[0, 5]
        from labels in Gen.Select(Gen.OneOf(_keys), Gen.OneOf(_values), KeyValuePair.Create).Array[0, 3]
        from port in Gen.OneOf("", "80", "81", "82")
        from ip in Gen.OneOf("", "10.0.0.1")
        from onHost in Gen.Bool
        select new ContainerView
        {
            Id = $"c{id}",
            Labels = LabelSet.Create(labels),
            NetworkMode = onHost ? "host" : "bridge",
            ExposedPorts = port.Length > 0 ? [port] : [],
            PortBindings = port.Length > 0 ? [new PortBinding("80/tcp", ip, port), new PortBinding("81/tcp", ip, port)] : [],
        };

    [Test]
    public void Carried_on_from_change_to_change_they_say_what_counting_anew_says() =>
        Gen.Select(_containers, Gen.Bool).Array[0, 25].Sample(changes =>
        {
            var held = new SortedDictionary<string, ContainerView>(StringComparer.Ordinal);
            var totals = ContainerTotals.Of([]);
            foreach (var (container, comes) in changes)
            {
                var before = held.GetValueOrDefault(container.Id);
                if (comes)
                {
                    held[container.Id] = container;
                    totals = totals.With(before, container);
                }
                else if (held.Remove(container.Id))
                {
                    totals = totals.With(before, null);
                }
            }

            ContainerView[] containers = [.. held.Values];
            Answers(totals, containers).Should().Equal(Answers(ContainerTotals.Of(containers), containers)).And.Equal(Looked(containers));
        });

    [Test]
    public void A_change_of_neither_ports_nor_labels_costs_nothing()
    {
        var before = A.Container("a", labels: ["tier=front"], ports: [A.Port("80")]);
        var totals = ContainerTotals.Of([before]);

        totals.With(before, before with { State = ContainerState.Running }).Should().BeSameAs(totals);
    }

    private static IEnumerable<bool> Answers(ContainerTotals totals, ContainerView[] containers) =>
    [
        .. _keys.Append("absent").SelectMany(key => _values, (key, value) => totals.AnyLabel(containers, key, value, static (wanted, found) => wanted == found)),
        .. _ports.Select(port => totals.Ports.IsTaken(A.Port(port, ip: "10.0.0.1"))),
        .. _ports.Select(port => totals.Ports.IsTaken(A.Port(port, ip: "10.0.0.2"))),
        .. _ports.Select(totals.Ports.IsExposedOnHost),
    ];

    private static IEnumerable<bool> Looked(ContainerView[] containers) =>
    [
        .. _keys.Append("absent").SelectMany(key => _values, (key, value) => containers.Any(container => container.Labels.ValueOrEmpty(key) == value)),
        .. _ports.Select(port => containers.Any(container => container.PortBindings.Any(binding => binding.HostPort == port))),
        .. _ports.Select(port => containers.Any(container => container.PortBindings.Any(binding => binding.HostPort == port && binding.HostIp.Length == 0))),
        .. _ports.Select(port => containers.Any(container => container.UsesHostNetwork && container.ExposedPorts.Contains(port))),
    ];
}
