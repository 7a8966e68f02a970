using Swarm.Core.Engines.Contract;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The behaviour of engines on those of other kinds and ages than the machine's.</summary>
/// <param name="release">Which engine.</param>
[TestFixtureSource(typeof(EngineReleases), nameof(EngineReleases.AllNames))]
[Category("Engines")]
public sealed class EngineReleaseContract(string release) : RealEngineContract
{
    private readonly EngineRelease _release = EngineReleases.Named(release);

    /// <inheritdoc/>
    protected override EngineTraits Traits => _release.Traits;

    /// <inheritdoc/>
    protected override bool PublishesPorts => true;

    /// <inheritdoc/>
    private protected override Task<DockerDaemon> DaemonAsync() => DockerDaemons.SharedWithNetworkAsync(_release);

    /// <inheritdoc/>
    private protected override EngineAddress AddressOf(DockerDaemon daemon) => daemon.Unix;
}
