using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can be done with the networks of one engine.</summary>
public interface IEngineNetworks
{
    /// <summary>Lists the networks.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The networks.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<NetworkView>> ListAsync(CancellationToken cancellationToken);
}
