using System.Text;
using System.Text.Json;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
public sealed class ContainerInspectionTests
{
    private const string Id = "bb463d5955ec14ee586652a0332c5de0d26157465687b10a0fa54398bfb1764a";

    [Test]
    public void A_created_container_is_read()
    {
        var view = Recorded("inspect-web.json");

        view.Name.Should().Be("web");
        view.State.Should().Be(ContainerState.Created);
        view.UsesHostNetwork.Should().BeTrue();
        view.PortBindings.Should().Equal(new PortBinding("80/tcp", "", "8080"));
        view.PublishedPorts.Should().BeEmpty();
        view.Labels["tier"].Should().Be("front");
        view.Resources.Should().Be(new ResourceVector
        {
            MemoryBytes = 512L << 20,
            NanoCpus = 1_500_000_000,
            Slots = 1,
            Named = NamedResources.Create(KeyValuePair.Create("gpu", 1L)),
        });
    }

    [Test]
    public void A_paused_container_is_read()
    {
        var view = Recorded("inspect-run.json");

        view.Id.Should().Be(Id);
        view.Names.Should().Equal("/run");
        view.Image.Should().Be("busybox:test");
        view.ImageId.Should().Be("sha256:1f169975fddf79d23362e0f2f89e2386b306c64869f621f2c29cb911c7c15bd1");
        view.State.Should().Be(ContainerState.Paused);
        view.NetworkMode.Should().Be("none");
        view.ExposedPorts.Should().Equal("7000/tcp");
        view.Created.Should().Be(new DateTimeOffset(2026, 11, 23, 6, 50, 47, TimeSpan.Zero).AddTicks(7_266_523));
        view.Resources.Should().Be(new ResourceVector { MemoryBytes = 64L << 20, NanoCpus = 250_000_000, Slots = 1 });
    }

    [Test]
    public void An_ended_container_keeps_its_exit_code()
    {
        var view = Recorded("inspect-ended.json");

        view.State.Should().Be(ContainerState.Exited);
        view.ExitCode.Should().Be(3);
    }

    [Test]
    public void A_container_with_all_ports_published_is_read_as_ranges()
    {
        var ports = Enumerable.Range(1, 65_535).OrderBy(port => $"{port}", StringComparer.Ordinal).ToArray();
        var json = $"{{\"Id\":\"{Id}\",\"Config\":{{\"ExposedPorts\":{{{Of("tcp", "{}")},{Of("udp", "{}")}}}}},"
            + $"\"HostConfig\":{{\"PortBindings\":{{{Of("udp", "[{\"HostIp\":\"\",\"HostPort\":\"#\"}]")}}}}},"
            + $"\"NetworkSettings\":{{\"Ports\":{{{Of("tcp", "null")},{Of("udp", "[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"#\"},{\"HostIp\":\"::\",\"HostPort\":\"#\"}]")}}}}}}}";
        json.Length.Should().BeGreaterThan(10_000_000);

        var view = ContainerInspection.Parse(Encoding.UTF8.GetBytes(json)).View;

        view.ExposedPorts.Should().Equal("1-65535/tcp", "1-65535/udp");
        view.PortBindings.Should().Equal(new PortBinding("1-65535/udp", "", "1-65535"));
        view.PublishedPorts.Should().Equal(new PortBinding("1-65535/udp", "0.0.0.0", "1-65535"), new PortBinding("1-65535/udp", "::", "1-65535"));
        view.IsTruncated.Should().BeFalse();

        string Of(string protocol, string value) => string.Join(',', ports.Select(port => $"\"{port}/{protocol}\":{value.Replace("#", $"{port}", StringComparison.Ordinal)}"));
    }

    [Test]
    public void A_container_that_is_long_by_anything_but_its_ports_is_refused()
    {
        var read = () => ContainerInspection.Parse(Encoding.UTF8.GetBytes($$$"""{"Id":"{{{Id}}}","Config":{"ExposedPorts":{"80/tcp":{}},"Env":["{{{new string('x', 4 * 1024 * 1024)}}}"]}}"""));

        read.Should().Throw<JsonException>().WithMessage("*without its ports*");
    }

    [Test]
    public void The_networks_of_a_container_are_read_in_order_of_their_names()
    {
        var view = ReadView("""
            {"Id":"ID","NetworkSettings":{"Networks":{
              "front":{"NetworkID":"n2","EndpointID":"e2","MacAddress":"02:42:0a:00:00:02","IPAddress":"10.0.0.2","IPPrefixLen":24,"GlobalIPv6Address":"fd00::2","GlobalIPv6PrefixLen":64,"DNSNames":["x"]},
              "back":{"NetworkID":"","IPAddress":"","IPPrefixLen":0},
              "gone":null}}}
            """);

        view.Networks.Should().Equal(
            new ContainerNetwork("back", "", "", "", "", ""),
            new ContainerNetwork("front", "n2", "e2", "02:42:0a:00:00:02", "10.0.0.2/24", "fd00::2/64"),
            new ContainerNetwork("gone", "", "", "", "", ""));
    }

    [Test]
    public void Legacy_K17_times_are_the_engines_own_and_a_zero_time_stays_none()
    {
        var view = ReadView("""{"Id":"ID","Created":"2031-01-01T00:00:00Z","State":{"Status":"created","StartedAt":"0001-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"}}""");

        view.Created.Should().Be(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));
        view.StartedAt.Should().BeNull();
        view.FinishedAt.Should().BeNull();
    }

    [TestCase("""{"Id":"ID","Id":"ID"}""")]
    [TestCase("""{"Id":"ID","HostConfig":{"Memory":1,"Memory":2}}""")]
    [TestCase("""{"Id":"ID","HostConfig":{"Memory":1},"Config":{},"HostConfig":{"Memory":2}}""")]
    [TestCase("""{"Id":"ID","Config":{"Labels":{"a":"1","a":"2"}}}""")]
    [TestCase("""{"Id":"ID","Config":{"Labels":{"a":"1"},"L\u0061bels":{"b":"2"}}}""")]
    public void What_is_there_twice_is_refused(string document) =>
        FluentActions.Invoking(() => ReadView(document)).Should().Throw<JsonException>().WithMessage("*twice*");

    [Test]
    public void The_same_key_in_two_objects_is_fine() =>
        ReadView("""{"Id":"ID","NetworkSettings":{"Networks":{"a":{"NetworkID":"1"},"b":{"NetworkID":"2"}}},"State":{"Status":"running"}}""").Networks.Should().HaveCount(2);

    private static ContainerView ReadView(string document) => ContainerInspection.Parse(Encoding.UTF8.GetBytes(document.Replace("\"ID\"", $"\"{Id}\"", StringComparison.Ordinal))).View;

    [Test]
    public void The_document_is_kept()
    {
        var document = Documents.Answer("inspect-web.json");

        ContainerInspection.Parse(document).Json.ToArray().Should().Equal(document);
    }

    [Test]
    public void Published_ports_are_read() =>
        Parse("\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},{\"HostIp\":\"::\",\"HostPort\":\"8080\"}],\"81/tcp\":null}}")
            .PublishedPorts.Should().Equal(new PortBinding("80/tcp", "0.0.0.0", "8080"), new PortBinding("80/tcp", "::", "8080"));

    [TestCase("created", false)]
    [TestCase("exited", false)]
    [TestCase("stopped", false)]
    [TestCase("dead", false)]
    [TestCase("running", true)]
    [TestCase("paused", true)]
    [TestCase("restarting", true)]
    public void An_ended_container_has_no_published_ports_although_Podman_goes_on_showing_them(string state, bool publishes) =>
        Parse($"\"State\":{{\"Status\":\"{state}\"}},\"NetworkSettings\":{{\"Ports\":{{\"80/tcp\":[{{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}}]}}}}")
            .PublishedPorts.Any().Should().Be(publishes);

    [TestCase("")]
    [TestCase("\"State\":null,\"Config\":null,\"HostConfig\":null,\"NetworkSettings\":null,\"Name\":null,\"Created\":null,\"Image\":null")]
    [TestCase("\"State\":{},\"Config\":{},\"HostConfig\":{},\"NetworkSettings\":{},\"Created\":\"\",\"New\":[{\"a\":1}]")]
    [TestCase("\"State\":{\"Status\":null},\"Config\":{\"Labels\":null,\"ExposedPorts\":null},\"HostConfig\":{\"PortBindings\":null,\"Memory\":null},\"NetworkSettings\":{\"Ports\":null},\"Created\":\"0001-01-01T00:00:00Z\"")]
    public void Missing_and_null_parts_read_as_empty(string rest)
    {
        var view = Parse(rest);

        view.Names.Should().BeEmpty();
        view.Labels.Should().BeEmpty();
        view.State.Should().Be(ContainerState.Unknown);
        view.Created.Should().BeNull();
        view.PortBindings.Should().BeEmpty();
        view.PublishedPorts.Should().BeEmpty();
        view.ExposedPorts.Should().BeEmpty();
        view.Resources.Should().Be(new ResourceVector { Slots = 1 });
    }

    [TestCase("created", ContainerState.Created)]
    [TestCase("running", ContainerState.Running)]
    [TestCase("paused", ContainerState.Paused)]
    [TestCase("restarting", ContainerState.Restarting)]
    [TestCase("removing", ContainerState.Removing)]
    [TestCase("exited", ContainerState.Exited)]
    [TestCase("dead", ContainerState.Dead)]
    [TestCase("configured", ContainerState.Created)]
    [TestCase("initialized", ContainerState.Created)]
    [TestCase("stopping", ContainerState.Running)]
    [TestCase("stopped", ContainerState.Exited)]
    [TestCase("new word", ContainerState.Unknown)]
    public void The_state_is_read(string status, ContainerState state) => Parse($"\"State\":{{\"Status\":\"{status}\"}}").State.Should().Be(state);

    [TestCase("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.0000000+00:00")]
    [TestCase("2026-01-02T03:04:05.999999999Z", "2026-01-02T03:04:05.9999999+00:00")]
    [TestCase("2026-01-02T03:04:05.5+02:00", "2026-01-02T01:04:05.5000000+00:00")]
    public void Times_are_read_in_UTC(string text, string expected) =>
        Parse($"\"Created\":\"{text}\"").Created!.Value.ToString("O").Should().Be(expected);

    [TestCase(4294967295, -1)]
    [TestCase(3221225786, -1073741510)]
    public void Unsigned_exit_codes_are_read(long written, int expected) => Parse($"\"State\":{{\"ExitCode\":{written}}}").ExitCode.Should().Be(expected);

    [Test]
    public void CPU_shares_are_no_demand() => Parse("\"HostConfig\":{\"CpuShares\":2048}").Resources.NanoCpus.Should().Be(0);

    [Test]
    public void A_malformed_resource_label_reads_as_none() =>
        Parse("\"Config\":{\"Labels\":{\"com.docker.swarm.resources\":\"{gpu\"}}").Resources.Named.Should().BeEmpty();

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"Id\":null}")]
    [TestCase("{\"Id\":\"bb463d5955ec\"}")]
    [TestCase("{\"Id\":\"BB463d5955ec14ee586652a0332c5de0d26157465687b10a0fa54398bfb1764a\"}")]
    [TestCase("{\"Id\":\"../463d5955ec14ee586652a0332c5de0d26157465687b10a0fa54398bfb1764\"}")]
    public void A_document_without_a_real_ID_is_refused(string document) =>
        FluentActions.Invoking(() => ContainerInspection.Parse(Encoding.UTF8.GetBytes(document))).Should().Throw<JsonException>();

    [TestCase("\"Name\":1", "Name")]
    [TestCase("\"Created\":\"yesterday\"", "Created")]
    [TestCase("\"State\":[]", "State")]
    [TestCase("\"State\":{\"ExitCode\":99999999999}", "State.ExitCode")]
    [TestCase("\"Config\":{\"Labels\":{\"a\":1}}", "Config.Labels.a")]
    [TestCase("\"HostConfig\":{\"Memory\":\"1\"}", "HostConfig.Memory")]
    [TestCase("\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":80}]}}", "HostConfig.PortBindings['80/tcp'][0].HostPort")]
    [TestCase("\"HostConfig\":{\"Memory\":01}", "HostConfig.Memory")]
    public void An_error_names_its_place(string rest, string path) =>
        FluentActions.Invoking(() => Parse(rest)).Should().Throw<JsonException>().Which.Message.Should().Contain(path);

    [Test]
    public void Something_after_the_document_is_refused() =>
        FluentActions.Invoking(() => ContainerInspection.Parse(Encoding.UTF8.GetBytes($"{{\"Id\":\"{Id}\"}} {{}}"))).Should().Throw<JsonException>();

    [Test]
    public void A_document_cut_short_anywhere_is_refused()
    {
        var document = Documents.Answer("inspect-run.json").AsSpan().TrimEnd("\n"u8).ToArray();

        for (var length = 0; length < document.Length; length++)
        {
            var cut = document.AsMemory(0, length);
            FluentActions.Invoking(() => ContainerInspection.Parse(cut)).Should().Throw<JsonException>();
        }
    }

    [Test]
    public void A_document_beyond_4_MiB_is_refused()
    {
        var document = Encoding.UTF8.GetBytes($"{{\"Id\":\"{Id}\"}}".PadRight((4 * 1024 * 1024) + 1));

        ContainerInspection.Parse(document.AsMemory(0, 4 * 1024 * 1024)).View.Id.Should().Be(Id);
        FluentActions.Invoking(() => ContainerInspection.Parse(document)).Should().Throw<JsonException>();
    }

    [Test]
    public void A_document_beyond_64_levels_is_refused() =>
        FluentActions.Invoking(() => Parse($"\"x\":{new string('[', 64)}{new string(']', 64)}")).Should().Throw<JsonException>();

    [TestCase("inspect-run.json")]
    [TestCase("inspect-web.json")]
    [TestCase("inspect-ended.json")]
    public void A_broken_document_is_read_or_refused_and_nothing_else(string name)
    {
        int read = 0, refused = 0;

        JsonGen.Mutations(Documents.Answer(name)).Sample(
            document =>
            {
                try
                {
                    ContainerInspection.Parse(document).View.Id.Should().HaveLength(64);
                    Interlocked.Increment(ref read);
                }
                catch (JsonException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 2000);

        read.Should().BePositive();
        refused.Should().BePositive();
    }

    private static ContainerView Recorded(string name) => ContainerInspection.Parse(Documents.Answer(name)).View;

    private static ContainerView Parse(string rest) =>
        ContainerInspection.Parse(Encoding.UTF8.GetBytes($"{{\"Id\":\"{Id}\"{(rest.Length == 0 ? "" : ",")}{rest}}}")).View;
}
