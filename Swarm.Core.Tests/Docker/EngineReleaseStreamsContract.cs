using Swarm.Core.Engines;
using Swarm.Core.Engines.Contract;

namespace Swarm.Core.Docker;

/// <summary>The streams of engines of other kinds and ages than the machine's.</summary>
/// <param name="release">Which engine.</param>
[TestFixtureSource(typeof(EngineReleases), nameof(EngineReleases.AllNames))]
[Category("Engines")]
public sealed class EngineReleaseStreamsContract(string release) : EngineStreamsContract
{
    /// <inheritdoc/>
    protected override EngineTraits Traits => EngineReleases.Named(release).Traits;

    /// <inheritdoc/>
    protected override async Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync(release: EngineReleases.Named(release));
        return await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(daemon.Unix, cancellationToken);
    }
}
