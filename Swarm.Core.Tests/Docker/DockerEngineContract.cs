using Swarm.Core.Engines.Contract;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The behaviour of engines on a real daemon: what the in-memory engine has to copy.</summary>
/// <param name="scheme">How the daemon is reached.</param>
[TestFixture("tcp")]
[TestFixture("unix")]
[Category("Docker")]
public sealed class DockerEngineContract(string scheme) : RealEngineContract
{
    /// <inheritdoc/>
    protected override EngineTraits Traits => EngineReleases.Default.Traits;

    /// <inheritdoc/>
    protected override bool PublishesPorts => scheme == "unix";

    /// <inheritdoc/>
    private protected override Task<DockerDaemon> DaemonAsync() => PublishesPorts ? DockerDaemons.SharedWithNetworkAsync() : DockerDaemons.SharedAsync();

    /// <inheritdoc/>
    private protected override EngineAddress AddressOf(DockerDaemon daemon) => PublishesPorts ? daemon.Unix : daemon.Tcp;
}
