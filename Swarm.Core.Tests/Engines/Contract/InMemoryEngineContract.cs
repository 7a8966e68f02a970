using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines.Contract;

public sealed class InMemoryEngineContract : EngineContract
{
    private readonly InMemoryEngines _engines = new(new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375") }));

    protected override bool PublishesPorts => true;

    protected override Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken) =>
        _engines.ConnectAsync(_engines.Addresses[0], cancellationToken);
}
