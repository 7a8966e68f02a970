using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The networks of a real engine.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerNetworks(DockerEngine engine) : IEngineNetworks
{
    private const int ListLimit = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public Task<ImmutableArray<NetworkView>> ListAsync(CancellationToken cancellationToken) =>
        engine.Requests.GetAsync("list networks", engine.Versioned("/networks"), ListLimit, NetworkListReader.Read, cancellationToken);
}
