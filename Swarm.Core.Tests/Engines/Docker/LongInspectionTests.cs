using System.Text;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class LongInspectionTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Test]
    public async Task An_inspection_that_is_too_long_beside_its_ports_is_said_to_be_too_long(CancellationToken cancellationToken)
    {
        var inspect = () => InspectAsync($$$"""{"Id":"{{{Id}}}","Config":{"Env":["A={{{new string('x', 5 * 1024 * 1024)}}}"]}}""", cancellationToken);

        (await inspect.Should().ThrowAsync<EngineProtocolException>()).Which.IsTooLong.Should().BeTrue();
    }

    [Test]
    public async Task Ports_may_make_it_longer(CancellationToken cancellationToken)
    {
        var ports = string.Join(',', Enumerable.Range(1, 65_535).Select(port => $$"""
            "{{port}}/tcp":[{"HostIp":"0.0.0.0","HostPort":"{{port}}"},{"HostIp":"::","HostPort":"{{port}}"}]
            """));

        var inspection = await InspectAsync("{\"Id\":\"" + Id + "\",\"HostConfig\":{\"PortBindings\":{" + ports + "}}}", cancellationToken);

        inspection.Json.Length.Should().BeGreaterThan(4 * 1024 * 1024);
        inspection.View.PortBindings.Should().Equal(new PortBinding("1-65535/tcp", "0.0.0.0", "1-65535"), new PortBinding("1-65535/tcp", "::", "1-65535"));
    }

    private static async Task<ContainerInspection> InspectAsync(string document, CancellationToken cancellationToken)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(document)}\r\n\r\n{document}"));
        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, cancellationToken);
        return await engine.Containers.InspectAsync(Id, cancellationToken);
    }
}
