using System.Text.Json;
using Swarm.Core.Engines;
using Swarm.Core.Engines.Contract;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The behaviour of engines on a real one: what the in-memory engine has to copy.</summary>
public abstract class RealEngineContract : EngineContract
{
    private TestRegistry? _registry;
    private DockerDaemon? _daemon;

    [TearDown]
    public async Task CloseRegistryAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    /// <summary>Gets the engine.</summary>
    private protected abstract Task<DockerDaemon> DaemonAsync();

    /// <summary>Gets where the engine is reached.</summary>
    private protected abstract EngineAddress AddressOf(DockerDaemon daemon);

    /// <inheritdoc/>
    protected override Task<string> ServeImageAsync(string userName, string password)
    {
        _registry = new TestRegistry(userName, password, PublishesPorts ? _daemon!.Pid : 0);
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
        _daemon = await DaemonAsync();
        return await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(AddressOf(_daemon), cancellationToken);
    }
}
