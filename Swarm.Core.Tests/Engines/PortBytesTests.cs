using System.Text;

namespace Swarm.Core.Engines;

public sealed class PortBytesTests
{
    [Test]
    public void Only_the_lists_of_ports_count()
    {
        var document = Encoding.UTF8.GetBytes("""{"Id":"x","Ports":{"1":1},"Config":{"Env":["ExposedPorts"],"Ports":{"1":{}},"ExposedPorts":{"80/tcp":{}}},"Other":{"Ports":{}},"HostConfig":{"PortBindings":{"80/tcp":null}},"NetworkSettings":{"Networks":{"Ports":{"a":1}},"Ports":{}}}""");

        PortBytes.CountIn(document).Should().Be("""{"80/tcp":{}}""".Length + """{"80/tcp":null}""".Length + "{}".Length);
    }

    [TestCase("")]
    [TestCase("[1")]
    [TestCase("{\"Config\":{\"ExposedPorts\":{")]
    [TestCase("{\"Config\":null,\"HostConfig\":[{\"PortBindings\":{}}]}")]
    public void What_is_no_document_of_a_container_has_none(string document) => PortBytes.CountIn(Encoding.UTF8.GetBytes(document)).Should().BeLessThan(5);
}
