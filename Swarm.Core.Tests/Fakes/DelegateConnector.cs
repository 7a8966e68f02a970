using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>A connector that does what the test says.</summary>
internal sealed class DelegateConnector(Func<EngineAddress, CancellationToken, Task<IEngine>> connect) : IEngineConnector
{
    public Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken) => connect(address, cancellationToken);
}
