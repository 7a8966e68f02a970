using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

[TestFixture]
public sealed class ContainerSpecTests
{
    [Test]
    public void A_spec_comes_back_equal_from_its_document() =>
        ContainerSpecGen.Specs.Sample(spec =>
        {
            ContainerConfig config = spec;
            config.Typed.Should().Be(spec);
            config.Typed.GetHashCode().Should().Be(spec.GetHashCode());
            config.Name.Should().Be(spec.Name);
        }, iter: 2000);

    [Test]
    public void What_a_document_of_a_spec_says_is_what_would_be_read_from_it() =>
        ContainerSpecGen.Specs.Sample(
            spec =>
            {
                ContainerConfig config = spec;
                var read = ContainerConfig.Parse(config.Body.Span, config.Name);
                config.Says.Should().Be(read.Says);
                config.Typed.ExposedPorts.Should().Equal(read.Typed.ExposedPorts);
            },
            iter: 2000);

    [Test]
    public void Texts_of_lists_that_are_not_set_are_empty()
    {
        ImmutableArray<string> list = ["a", null!];
        var spec = new ContainerSpec
        {
            Command = list,
            Entrypoint = list,
            Environment = list,
            VolumesFrom = list,
            Links = list,
            Binds = list,
            ExposedPorts = ["80", null!, ""],
            PortBindings = [new("81", null!, null!), default],
            RestartPolicy = new RestartPolicy(null!, 3),
        };

        var config = ContainerConfig.FromContainerSpec(spec);

        config.Typed.Should().Be(spec);
        config.Says.Should().Be(ContainerConfig.Parse(config.Body.Span).Says);
        spec.Links.Should().Equal("a", "");
        spec.ExposedPorts.Should().Equal("80", "");
        spec.PortBindings.Should().Equal(new PortBinding("81", "", ""), new PortBinding("", "", ""));
        spec.RestartPolicy!.Name.Should().BeEmpty();
    }

    [Test]
    public void A_document_of_a_spec_reads_back_byte_equal() =>
        ContainerSpecGen.Specs.Sample(
            spec =>
            {
                var written = ContainerConfig.FromContainerSpec(spec);
                ContainerConfig.FromContainerSpec(written.Typed).Body.Span.SequenceEqual(written.Body.Span).Should().BeTrue();
            },
            iter: 500);

    [Test]
    public void A_document_holds_only_what_was_set() => Body(new ContainerSpec { Image = "busybox" }).Should().Be("""{"Image":"busybox"}""");

    [Test]
    public void Nothing_set_is_an_empty_document() => Body(new ContainerSpec()).Should().Be("{}");

    [Test]
    public void A_document_is_written_in_a_fixed_order()
    {
        var spec = new ContainerSpec
        {
            NanoCpus = 500_000_000,
            MemoryBytes = 1 << 20,
            PortBindings = [new("80/tcp", "", "8080"), new("53/udp", "127.0.0.1", "53"), new("80/tcp", "", "8081")],
            Labels = LabelSet.Create(KeyValuePair.Create("b", "<2>"), KeyValuePair.Create("a", "1")),
            ExposedPorts = ["80/tcp", "80/tcp"],
            Environment = ["A=ü"],
            RestartPolicy = RestartPolicy.Always,
            Image = "web",
        };

        Body(spec).Should().Be("""{"ExposedPorts":{"80/tcp":{},"53/udp":{}},"Env":["A=ü"],"Image":"web","Labels":{"a":"1","b":"<2>"},"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"},{"HostPort":"8081"}],"53/udp":[{"HostIp":"127.0.0.1","HostPort":"53"}]},"RestartPolicy":{"Name":"always"},"Memory":1048576,"NanoCpus":500000000}}""");
    }

    [Test]
    public void What_is_bound_to_a_host_port_is_exposed_once()
    {
        var spec = new ContainerSpec { ExposedPorts = ["90/tcp", "80"], PortBindings = [new("80/tcp", "", "8080"), new("53/UDP", "", "53"), new("53/udp", "127.0.0.1", "54"), new("70", "", "")] };

        ContainerConfig.FromContainerSpec(spec).Typed.ExposedPorts.Should().Equal("90/tcp", "80", "53/UDP", "70");
    }

    [Test]
    public void What_an_edited_spec_binds_is_exposed_too()
    {
        var read = ContainerConfig.Parse("""{"Image":"web","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}}"""u8).Typed;
        read.ExposedPorts.Should().BeEmpty("a body is read as it is");

        Body(read with { PortBindings = read.PortBindings.Add(new("443/tcp", "", "8443")) }).Should().StartWith("""{"ExposedPorts":{"80/tcp":{},"443/tcp":{}},""");
    }

    [Test]
    public void On_the_network_of_the_host_nothing_is_published_and_nothing_exposed_for_it() =>
        Body(new ContainerSpec { NetworkMode = "host", PortBindings = [new("80/tcp", "", "8080")] }).Should().NotContain("ExposedPorts");

    [Test]
    public void Scheduling_properties_are_labels()
    {
        var spec = new ContainerSpec
        {
            Constraints = ["storage==ssd", "region!=<eu&us>"],
            Affinities = ["container!=web*"],
            Whitelists = ["node==n1|n2"],
            NamedResources = NamedResources.Create(KeyValuePair.Create("gpu", 2L), KeyValuePair.Create("fpga", 1L)),
        };

        spec.Labels.Should().Equal(LabelSet.Create(
            KeyValuePair.Create(SwarmLabels.Constraints, "[\"storage==ssd\",\"region!=\\u003ceu\\u0026us\\u003e\"]"),
            KeyValuePair.Create(SwarmLabels.Affinities, "[\"container!=web*\"]"),
            KeyValuePair.Create(SwarmLabels.Whitelists, "[\"node==n1|n2\"]"),
            KeyValuePair.Create(SwarmLabels.Resources, "{\"fpga\":1,\"gpu\":2}")));
    }

    [Test]
    public void The_order_of_an_initializer_does_not_matter()
    {
        var labels = LabelSet.Create(KeyValuePair.Create("a", "1"), KeyValuePair.Create(SwarmLabels.Constraints, "[\"old\"]"));

        var first = new ContainerSpec { Labels = labels, Constraints = ["x==y"] };
        var second = new ContainerSpec { Constraints = ["x==y"], Labels = labels };

        first.Should().Be(second);
        first.Constraints.Should().Equal("x==y");
        first.Labels["a"].Should().Be("1");
    }

    [Test]
    public void Emptying_a_scheduling_property_takes_its_label_away()
    {
        var spec = ContainerConfig.FromContainerSpec(new ContainerSpec { Constraints = ["a==b"], NamedResources = NamedResources.Create(KeyValuePair.Create("gpu", 1L)) }).Typed;

        var emptied = spec with { Constraints = [], NamedResources = NamedResources.Empty };

        emptied.Should().Be(new ContainerSpec());
    }

    [TestCase("nonsense")]
    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("[null]")]
    [TestCase("[\"a\"] x")]
    [TestCase("[\"\\ud83d\"]")]
    public void A_malformed_list_label_reads_as_empty_and_stays(string text)
    {
        var spec = new ContainerSpec { Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Constraints, text)) };

        var read = ContainerConfig.FromContainerSpec(spec).Typed;

        read.Constraints.Should().BeEmpty();
        read.Labels[SwarmLabels.Constraints].Should().Be(text);
    }

    [TestCase("[]")]
    [TestCase("{\"gpu\":\"1\"}")]
    [TestCase("{\"gpu\":1.5}")]
    [TestCase("{\"gpu\":1,\"gpu\":2}")]
    [TestCase("{\"\":1}")]
    [TestCase("{\"gpu\":1")]
    public void A_malformed_resource_label_reads_as_empty(string text) =>
        new ContainerSpec { Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Resources, text)) }.NamedResources.Should().BeEmpty();

    [Test]
    public void Values_that_are_not_set_read_as_empty()
    {
        var spec = new ContainerSpec { Image = null!, Environment = default, PortBindings = default, ExposedPorts = default, Labels = null!, Constraints = default, NamedResources = null! };

        spec.Should().Be(new ContainerSpec());
        ContainerConfig.FromContainerSpec(spec).Body.ToArray().Should().Equal("{}"u8.ToArray());
    }

    [Test]
    public void Each_field_counts_for_equality()
    {
        ContainerSpec[] specs =
        [
            new(), new() { Name = "a" }, new() { Image = "a" }, new() { Command = ["a"] }, new() { Entrypoint = ["a"] }, new() { Environment = ["a"] },
            new() { Labels = LabelSet.Create(KeyValuePair.Create("a", "")) }, new() { WorkingDirectory = "a" }, new() { User = "a" }, new() { Hostname = "a" },
            new() { Tty = true }, new() { OpenStdin = true }, new() { StdinOnce = true }, new() { ExposedPorts = ["1"] }, new() { PortBindings = [new("1", "", "")] }, new() { PublishAllPorts = true },
            new() { MemoryBytes = 1 }, new() { MemoryReservationBytes = 1 }, new() { MemorySwapBytes = 1 }, new() { NanoCpus = 1 }, new() { CpuShares = 1 }, new() { CpuQuota = 1 },
            new() { CpuPeriod = 1 }, new() { CpusetCpus = "1" }, new() { NetworkMode = "a" }, new() { IpcMode = "a" }, new() { PidMode = "a" }, new() { VolumesFrom = ["a"] },
            new() { Links = ["a"] }, new() { Binds = ["a"] }, new() { RestartPolicy = RestartPolicy.Always }, new() { AutoRemove = true }, new() { Privileged = true },
            new() { StopSignal = "a" }, new() { StopTimeoutSeconds = 0 }, new() { Constraints = ["a"] }, new() { NamedResources = NamedResources.Create(KeyValuePair.Create("a", 1L)) },
        ];

        specs.Distinct().Should().HaveCount(specs.Length);
        specs.Select(spec => Body(spec) + spec.Name).Distinct().Should().HaveCount(specs.Length);
    }

    [Test]
    public void Half_a_surrogate_pair_is_refused_by_name() =>
        FluentActions.Invoking(() => ContainerConfig.FromContainerSpec(new ContainerSpec { Image = "a\ud83d" }))
            .Should().Throw<InvalidRequestException>().Which.Field.Should().Be("Image");

    [Test]
    public void A_wrong_name_is_refused() =>
        FluentActions.Invoking(() => ContainerConfig.FromContainerSpec(new ContainerSpec { Name = "a b" }))
            .Should().Throw<InvalidRequestException>().Which.Field.Should().Be("name");

    [Test]
    public void The_text_of_a_spec_shows_no_environment() =>
        new ContainerSpec { Name = "web", Image = "nginx", Environment = ["PASSWORD=x"] }.ToString().Should().Be("web (nginx)");

    [TestCase(0, 0, 0, 0)]
    [TestCase(1_500_000_000, 50000, 100000, 1_500_000_000)]
    [TestCase(0, 50000, 100000, 500_000_000)]
    [TestCase(0, 50000, 0, 500_000_000)]
    [TestCase(0, 1000, 3000, 333_333_333)]
    [TestCase(0, -1, 100000, 0)]
    [TestCase(-5, 50000, 100000, -5)]
    [TestCase(0, long.MaxValue, 1, long.MaxValue)]
    public void CPU_time_comes_from_nano_CPUs_or_else_from_quota_and_period(long nanoCpus, long quota, long period, long demanded) =>
        ResourceDemand.Of(new ContainerSpec { NanoCpus = nanoCpus, CpuQuota = quota, CpuPeriod = period, CpuShares = 512 }.Limits, DemandRules.Default).NanoCpus.Should().Be(demanded);

    private static string Body(ContainerSpec spec) => Encoding.UTF8.GetString(ContainerConfig.FromContainerSpec(spec).Body.Span);
}
