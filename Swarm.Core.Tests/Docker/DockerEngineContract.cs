using System.Text.Json;
using Swarm.Core.Engines;
using Swarm.Core.Engines.Contract;

namespace Swarm.Core.Docker;

/// <summary>The behaviour of engines on a real daemon: what the in-memory engine has to copy.</summary>
/// <param name="scheme">How the daemon is reached.</param>
[TestFixture("tcp")]
[TestFixture("unix")]
[Category("Docker")]
public sealed class DockerEngineContract(string scheme) : EngineContract
{
    private TestRegistry? _registry;

    /// <inheritdoc/>
    protected override bool PublishesPorts => scheme == "unix";

    [TearDown]
    public async Task CloseRegistryAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override Task<string> ServeImageAsync(string userName, string password)
    {
        // A daemon in a network of its own does not see this machine's.
        if (PublishesPorts)
        {
            Assert.Ignore("This daemon has a network of its own and reaches no registry.");
        }

        _registry = new TestRegistry(userName, password);
        return Task.FromResult($"127.0.0.1:{_registry.Port}/app:1");
    }

    /// <inheritdoc/>
    protected override async Task WaitForCommandAsync(ContainerInspection started, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(started.Json);
        var pid = json.RootElement.GetProperty("State").GetProperty("Pid").GetInt32();
        while (ProcessTable.NameOf(pid).StartsWith("runc", StringComparison.Ordinal))
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken)
    {
        var address = scheme == "unix" ? (await DockerDaemons.SharedWithNetworkAsync()).Unix : (await DockerDaemons.SharedAsync()).Tcp;
        return await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(address, cancellationToken);
    }
}
