using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>The connector of one manager: keeps what is open, to close it should that crash, and fails as a host's own may.</summary>
internal sealed class ScenarioConnector(InMemoryEngines engines, HostTrouble trouble) : IEngineConnector
{
    private readonly List<InMemoryEngineHandle> _open = [];

    public async Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        if (trouble.Meets(HostFault.ConnectorThrows, 0.05))
        {
            throw new InvalidOperationException("the host's connector is wrong");
        }

        if (trouble.Meets(HostFault.ConnectorIsDeaf, 0.02))
        {
            await trouble.DeafAsync();
        }

        var engine = await engines.ConnectAsync(address, cancellationToken);
        _open.RemoveAll(handle => handle.IsDisposed);
        _open.Add((InMemoryEngineHandle)engine);
        return engine;
    }

    public async Task CloseAllAsync()
    {
        foreach (var handle in _open)
        {
            await handle.DisposeAsync();
        }
    }
}
