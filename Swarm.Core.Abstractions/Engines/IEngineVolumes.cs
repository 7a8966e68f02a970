using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can be done with the volumes of one engine.</summary>
public interface IEngineVolumes
{
    /// <summary>Lists the volumes.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The volumes.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<VolumeView>> ListAsync(CancellationToken cancellationToken);
}
