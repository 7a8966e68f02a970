using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Connects to real Docker engines.</summary>
internal sealed class DockerEngineConnector : IEngineConnector
{
    private readonly EngineConnectionOptions _options;
    private readonly ConnectionRules _rules;
    private readonly EngineTlsBook _tls;
    private readonly TimeProvider _time;
    private readonly NameLookup _names;

    /// <summary>Creates the connector and loads the certificates.</summary>
    /// <param name="options">How to connect; must be valid.</param>
    /// <param name="programAddresses">Whether the program itself wrote the addresses it will be asked to connect to, and no file, store or name service.</param>
    /// <param name="time">The clock; <see langword="null"/> for the machine's.</param>
    /// <param name="names">Looks names up; <see langword="null"/> for the platform's way.</param>
    /// <param name="logger">Where to tell of certificates that cannot be used later; <see langword="null"/> for nowhere.</param>
    /// <exception cref="ArgumentException">A certificate cannot be loaded.</exception>
    public DockerEngineConnector(EngineConnectionOptions options, bool programAddresses = true, TimeProvider? time = null, NameLookup? names = null, ILogger? logger = null)
    {
        // Later changes of the options have no effect. Whatever else they say is in the rules and the certificates.
        _options = new EngineConnectionOptions { ConnectTimeout = options.ConnectTimeout, SshPath = options.SshPath };
        _rules = ConnectionRules.Create(options, programAddresses);
        _time = time ?? TimeProvider.System;
        _tls = EngineTlsBook.Load(options, _time, logger);
        _names = names ?? new NameLookup();
    }

    /// <inheritdoc/>
    public async Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        var engine = new DockerEngine(address, new EngineTransport(address, _options, _tls.For(address), _rules, _names, _time));
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
