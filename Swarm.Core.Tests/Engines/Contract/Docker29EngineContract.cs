using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines.Contract;

/// <summary>The behaviour of engines on what Docker 29 answers by its specification, through the adapter for real ones.</summary>
public sealed class Docker29EngineContract : EngineContract, IAsyncDisposable
{
    private readonly Docker29Engine _engine = new(InMemoryEngineContract.BusyBox);

    /// <inheritdoc/>
    protected override bool PublishesPorts => true;

    // After everything that cleans up on it.
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Dispose();
    }

    /// <inheritdoc/>
    protected override Task<string> ServeImageAsync(string userName, string password)
    {
        _engine.Memory.AddToRegistry(new InMemoryImage("reg.example:5000/app:1"));
        _engine.Memory.RequireLogin("reg.example:5000", RegistryLogin.FromPassword(userName, new Secret(password)));
        return Task.FromResult("reg.example:5000/app:1");
    }

    /// <inheritdoc/>
    protected override Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(_engine.Address, cancellationToken);
}
