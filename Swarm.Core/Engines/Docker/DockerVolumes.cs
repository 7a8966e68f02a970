using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The volumes of a real engine.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerVolumes(DockerEngine engine) : IEngineVolumes
{
    private const int ListLimit = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public Task<ImmutableArray<VolumeView>> ListAsync(CancellationToken cancellationToken) =>
        engine.Requests.GetAsync("list volumes", engine.Versioned("/volumes"), ListLimit, VolumeListReader.Read, cancellationToken);
}
