using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Connects to real Docker engines.</summary>
internal sealed class DockerEngineConnector : IEngineConnector
{
    private readonly EngineConnectionOptions _options;
    private readonly EngineTlsCredentials? _tls;

    /// <summary>Creates the connector and loads the certificates.</summary>
    /// <param name="options">How to connect; must be valid.</param>
    /// <exception cref="ArgumentException">A certificate cannot be loaded.</exception>
    public DockerEngineConnector(EngineConnectionOptions options)
    {
        _options = options;
        _tls = options.Tls is null ? null : EngineTlsCredentials.Load(options.Tls);
    }

    /// <inheritdoc/>
    public async Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        var engine = new DockerEngine(address, new EngineTransport(address, _options, _tls));
        try
        {
            await engine.NegotiateAsync(cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }
}
