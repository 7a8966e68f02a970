using Swarm.Core.Engines;
using Swarm.Core.Engines.Contract;

namespace Swarm.Core.Docker;

/// <summary>The streams of a real daemon: what the in-memory engine has to copy.</summary>
/// <param name="scheme">How the daemon is reached.</param>
[TestFixture("tcp")]
[TestFixture("unix")]
[TestFixture("tls")]
[Category("Docker")]
public sealed class DockerEngineStreamsContract(string scheme) : EngineStreamsContract
{
    private static TestCertificates? _certificates;
    private static DockerDaemon? _tls;

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_tls is { } daemon)
        {
            _tls = null;
            await daemon.DisposeAsync();
        }

        _certificates?.Dispose();
        _certificates = null;
    }

    /// <inheritdoc/>
    protected override EngineTraits Traits => EngineReleases.Default.Traits;

    /// <inheritdoc/>
    protected override async Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken)
    {
        if (scheme != "tls")
        {
            var daemon = await DockerDaemons.SharedAsync();
            return await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(scheme == "unix" ? daemon.Unix : daemon.Tcp, cancellationToken);
        }

        _certificates ??= new TestCertificates();
        _tls ??= await DockerDaemons.StartAsync(new DockerDaemonOptions { Tls = _certificates });
        var options = new EngineTlsOptions { ClientCertificate = _certificates.Client, CertificateAuthorities = { _certificates.Authority } };
        return await new DockerEngineConnector(new EngineConnectionOptions { Tls = options }).ConnectAsync(_tls.Tcp, cancellationToken);
    }
}
