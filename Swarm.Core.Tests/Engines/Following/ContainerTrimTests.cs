using System.Globalization;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A container that says more than can be kept is kept in parts: what it is called, what it does and what it takes above all.</summary>
public sealed class ContainerTrimTests
{
    private const int Most = 256 * 1024;

    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly string _id = new('a', 64);

    private static readonly ContainerView _ordinary = new()
    {
        Id = _id,
        Names = ["/web", "/db/alias"],
        Image = "busybox:1",
        ImageId = "sha256:1",
        State = ContainerState.Running,
        NetworkMode = "bridge",
        Labels = LabelSet.Create(KeyValuePair.Create("app", "web"), KeyValuePair.Create(SwarmLabels.Operation, "op"), KeyValuePair.Create(SwarmLabels.Id, "id"), KeyValuePair.Create(SwarmLabels.Demand, "{}")),
        Resources = new ResourceVector { MemoryBytes = A.GiB, NanoCpus = 5, Slots = 1, Named = A.Named("gpu", 1) },
        ExposedPorts = ["80/tcp"],
        PortBindings = [new PortBinding("80/tcp", "", "8080")],
    };

    private static IEnumerable<TestCaseData> Oversized =>
    [
        Case("a label of 300 kB", _ordinary with { Labels = _ordinary.Labels.With(SwarmLabels.Affinities, new string('x', 300_000)) }),
        Case("many labels", _ordinary with { Labels = LabelSet.Create([.. _ordinary.Labels, .. Range(30_000).Select(number => KeyValuePair.Create(SwarmLabels.Prefix + number, "value"))]) }),
        Case("40,000 exposed ports", _ordinary with { ExposedPorts = [.. Range(40_000).Select(number => $"{number}/tcp")] }),
        Case("host ports", _ordinary with { PortBindings = [.. Range(40_000).Select(number => new PortBinding($"{number}/tcp", "", $"{number}"))] }),
        Case("published ports", _ordinary with { PublishedPorts = [.. Range(40_000).Select(number => new PortBinding($"{number}/tcp", "::", $"{number}"))] }),
        Case("networks", _ordinary with { Networks = [.. Range(3_000).Select(number => new ContainerNetwork($"net-{number}", _id, _id, "02:42", "", ""))] }),
        Case("names", _ordinary with { Names = ["/web", .. Range(30_000).Select(number => $"/other-{number}/web")] }),
        Case("an image", _ordinary with { Image = new string('x', 300_000) }),
        Case("a network mode", _ordinary with { NetworkMode = "container:" + new string('x', 300_000) }),
        Case("amounts", _ordinary with { Resources = _ordinary.Resources with { Named = NamedResources.Create(Range(1_000).Select(number => KeyValuePair.Create($"gpu{number}", 1L))) } }),
        Case("everything", _ordinary with
        {
            Labels = LabelSet.Create([.. _ordinary.Labels, .. Range(30_000).Select(number => KeyValuePair.Create(SwarmLabels.Prefix + number, "value"))]),
            ExposedPorts = [.. Range(40_000).Select(number => $"{number}/tcp")],
            PortBindings = [.. Range(40_000).Select(number => new PortBinding($"{number}/tcp", "", $"{number}"))],
            PublishedPorts = [.. Range(40_000).Select(number => new PortBinding($"{number}/tcp", "::", $"{number}"))],
            Networks = [.. Range(3_000).Select(number => new ContainerNetwork($"net-{number}", _id, _id, "02:42", "", ""))],
            Names = ["/web", .. Range(30_000).Select(number => $"/other-{number}/web")],
            Image = new string('x', 300_000),
            ImageId = new string('x', 300_000),
        }),
    ];

    [TestCaseSource(nameof(Oversized))]
    public void A_container_that_says_too_much_keeps_what_it_is_called_what_it_does_and_what_it_takes(ContainerView oversized)
    {
        var kept = new EngineIntake(new EngineLimits()).Container(_address, _id, new ContainerInspection(ReadOnlyMemory<byte>.Empty, oversized));

        kept.IsTruncated.Should().BeTrue();
        kept.IsUnread.Should().BeFalse();
        kept.Id.Should().Be(_id);
        kept.Name.Should().Be("web");
        kept.State.Should().Be(ContainerState.Running);
        kept.Resources.MemoryBytes.Should().Be(A.GiB);
        kept.Resources.NanoCpus.Should().Be(5);
        kept.Resources.Named.Count.Should().BeInRange(1, ContainerTrim.MostAmounts);
        kept.Labels[SwarmLabels.Operation].Should().Be("op");
        kept.Labels[SwarmLabels.Id].Should().Be("id");
        kept.Labels["app"].Should().Be("web");
        kept.OmittedLabels.Should().Be(oversized.Labels.Count - kept.Labels.Count);
        kept.ExposedPorts.Should().Equal(oversized.ExposedPorts.Take(kept.ExposedPorts.Length));
        Length(kept).Should().BeLessThanOrEqualTo(Most);
        ContainerTrim.Of(kept).Should().BeSameAs(kept);
    }

    [Test]
    public void An_ordinary_container_is_looked_at_without_allocating()
    {
        var view = new ContainerView
        {
            Id = "1",
            Names = ["/web"],
            Labels = LabelSet.Create([new("com.example.app", "web"), new(SwarmLabels.Operation, "0")]),
            PortBindings = [new("80/tcp", "", "8080")],
            PublishedPorts = [new("80/tcp", "", "8080")],
            ExposedPorts = ["80/tcp"],
        };

        Allocation.Of(() => ContainerTrim.Of(view)).Should().Be(0);
    }

    [Test]
    public void An_ordinary_container_is_kept_as_it_is() => ContainerTrim.Of(_ordinary).Should().BeSameAs(_ordinary);

    [Test]
    public void What_the_list_says_of_a_container_is_cut_in_the_same_way()
    {
        var summary = new ContainerSummary { Id = _id, Names = ["/web"], State = ContainerState.Running, Labels = _ordinary.Labels.With(SwarmLabels.Affinities, new string('x', 300_000)) };

        var kept = new EngineIntake(new EngineLimits()).Container(summary);

        kept.Name.Should().Be("web");
        kept.Labels[SwarmLabels.Operation].Should().Be("op");
        kept.Should().Match<ContainerView>(view => view.IsTruncated && view.IsUnread && view.OmittedLabels == 1);
    }

    private static int Length(ContainerView view) =>
        view.Names.Sum(name => name.Length + 1)
        + view.Image.Length + view.ImageId.Length + view.NetworkMode.Length
        + view.Labels.Sum(label => label.Key.Length + label.Value.Length + 1)
        + view.ExposedPorts.Sum(port => port.Length + 1)
        + view.PortBindings.Concat(view.PublishedPorts).Sum(port => port.ContainerPort.Length + port.HostIp.Length + port.HostPort.Length + 1)
        + view.Networks.Sum(network => network.Name.Length + network.NetworkId.Length + network.EndpointId.Length + network.MacAddress.Length + 1);

    private static TestCaseData Case(string name, ContainerView view) => new TestCaseData(view).SetArgDisplayNames(name);

    private static IEnumerable<string> Range(int count) => Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture));
}
