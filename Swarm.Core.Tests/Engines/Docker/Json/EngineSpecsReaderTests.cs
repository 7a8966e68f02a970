using System.Text;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
public sealed class EngineSpecsReaderTests
{
    [Test]
    public void A_recorded_engine_is_read()
    {
        var specs = EngineSpecsReader.Read(Documents.Answer("info.json"), Documents.Answer("version.json"), "1.40");

        specs.DaemonId.Should().Be("CLLH:UU5M:QJQD:LKJ3:ZBGY:LUXS:ETIK:LLDO:7UPC:LJIW:N7OY:GYVL");
        specs.Name.Should().Be("host-1");
        specs.NanoCpus.Should().Be(2_000_000_000);
        specs.MemoryBytes.Should().Be(25276510208);
        specs.OsType.Should().Be("linux");
        specs.Architecture.Should().Be("x86_64");
        specs.ServerVersion.Should().Be("20.10.24+dfsg1");
        specs.ApiVersion.Should().Be("1.40");
        specs.Warnings.Should().BeEmpty();
        specs.Labels.Should().Equal(LabelSet.Create(
            KeyValuePair.Create("storagedriver", "vfs"),
            KeyValuePair.Create("kernelversion", "6.1.0-18-amd64"),
            KeyValuePair.Create("operatingsystem", "Debian GNU/Linux 12 (bookworm)"),
            KeyValuePair.Create("ostype", "linux"),
            KeyValuePair.Create("storage", "ssd"),
            KeyValuePair.Create("region", "eu")));
        specs.NamedResources.Should().Equal(KeyValuePair.Create("fpga", 2L), KeyValuePair.Create("gpu", 2L));
    }

    [Test]
    public void Without_an_agreed_version_the_newest_is_given() =>
        EngineSpecsReader.Read(Documents.Answer("info.json"), Documents.Answer("version.json"), null).ApiVersion.Should().Be("1.41");

    [Test]
    public void Unknown_facts_give_no_labels() => Read("").Labels.Should().BeEmpty();

    [TestCase("\"broken\"")]
    [TestCase("\"=x\"")]
    [TestCase("\"\"")]
    public void A_malformed_label_is_a_warning(string label)
    {
        var specs = Read($",\"Labels\":[{label},\"a=b=c\"]");

        specs.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("a", "b=c")));
        specs.Warnings.Should().ContainSingle().Which.Should().Contain($"'{label.Trim('"')}'");
    }

    [Test]
    public void The_key_node_is_reserved()
    {
        var specs = Read(",\"Labels\":[\"node=x\",\"Node=y\"]");

        specs.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("Node", "y")));
        specs.Warnings.Should().ContainSingle().Which.Should().Contain("node=x");
    }

    [Test]
    public void The_first_value_of_a_key_counts()
    {
        var specs = Read(",\"Labels\":[\"storagedriver=mine\",\"a=1\",\"a=2\"],\"Driver\":\"overlay2\"");

        specs.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("storagedriver", "overlay2"), KeyValuePair.Create("a", "1")));
        specs.Warnings.Should().HaveCount(2);
    }

    [Test]
    public void A_resource_without_name_or_below_zero_is_a_warning()
    {
        var specs = Read(",\"GenericResources\":[{\"DiscreteResourceSpec\":{\"Kind\":\"gpu\",\"Value\":-1}},{\"NamedResourceSpec\":{\"Value\":\"u\"}},null,{\"DiscreteResourceSpec\":null}]");

        specs.NamedResources.Should().BeEmpty();
        specs.Warnings.Should().HaveCount(2);
    }

    [TestCase("{\"ID\":\"a\",\"NCPU\":2,\"MemTotal\":2097152}", "{}", Description = "nothing but what is needed")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":2,\"MemTotal\":2097152,\"Name\":null,\"Labels\":null,\"Driver\":null,\"GenericResources\":null}", "null", Description = "nothing said, in so many words")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":2,\"MemTotal\":2097152,\"ExecutionDriver\":\"native-0.2\",\"DriverStatus\":null}", "{\"Version\":\"1.12.6\",\"ApiVersion\":\"1.24\",\"BuildTime\":\"\"}", Description = "an old daemon")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":2,\"MemTotal\":2097152,\"CDISpecDirs\":[],\"Containerd\":{\"Address\":\"x\",\"Namespaces\":{} },\"FirewallBackend\":{\"Driver\":\"iptables\"},\"NRI\":{\"Info\":[[\"a\",\"b\"]]} }", "{\"Platform\":{\"Name\":\"Docker\"},\"Version\":\"29.0.0\",\"Components\":[{\"Name\":\"Engine\",\"Details\":{} }]}", Description = "a new daemon")]
    public void Daemons_of_any_age_are_read(string info, string version)
    {
        var specs = EngineSpecsReader.Read(Encoding.UTF8.GetBytes(info), Encoding.UTF8.GetBytes(version), "1.41");

        specs.Should().Match<EngineSpecs>(read => read.DaemonId == "a" && read.NanoCpus == 2_000_000_000 && read.MemoryBytes == 2 << 20 && read.Name == "" && read.ApiVersion == "1.41");
        specs.Warnings.Should().BeEmpty();
        EngineSpecsCheck.FindProblem(specs).Should().BeNull();
    }

    [Test]
    public void What_an_engine_says_twice_is_refused() =>
        FluentActions.Invoking(() => Read(",\"ID\":\"b\"")).Should().Throw<JsonException>().WithMessage("ID *twice*");

    [Test]
    public void Two_readings_of_one_engine_are_equal_warnings_included() => Read(",\"Labels\":[\"bad\"]").Should().Be(Read(",\"Labels\":[\"bad\"]"));

    [TestCase("{\"ID\":\"a\",\"NCPU\":0,\"MemTotal\":1}")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":1,\"MemTotal\":0}")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":1}")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":-1,\"MemTotal\":1}")]
    [TestCase("{\"ID\":\"a\",\"NCPU\":9223372036854775807,\"MemTotal\":1}")]
    [TestCase("{\"ID\":\"\",\"NCPU\":1,\"MemTotal\":1}")]
    [TestCase("{\"NCPU\":1,\"MemTotal\":1}")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[]")]
    public void What_is_no_engine_is_refused(string info) =>
        FluentActions.Invoking(() => EngineSpecsReader.Read(Encoding.UTF8.GetBytes(info), "{}"u8, null)).Should().Throw<JsonException>();

    private static EngineSpecs Read(string rest) =>
        EngineSpecsReader.Read(Encoding.UTF8.GetBytes($"{{\"ID\":\"a\",\"Name\":\"n\",\"NCPU\":1,\"MemTotal\":1{rest}}}"), "{}"u8, null);
}
