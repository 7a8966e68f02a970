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
