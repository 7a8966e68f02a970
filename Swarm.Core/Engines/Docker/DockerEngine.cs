using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A real Docker engine, reached over its HTTP API.</summary>
internal sealed class DockerEngine : INonBlockingEngine
{
    /// <summary>The newest API version that is spoken.</summary>
    public static readonly Version NewestApi = new(1, 51);

    /// <summary>The oldest API version that has all that is needed: events and lists with types and states.</summary>
    public static readonly Version OldestApi = new(1, 24);

    private const string NegotiateOperation = "talk to the engine";
    private const string VersionHeader = "Api-Version";
    private const string LibpodHeader = "Libpod-Api-Version";
    private const int PingLimit = 4 * 1024;

    private readonly EngineTransport _transport;
    private volatile Version _apiVersion = OldestApi;
    private volatile Version? _libpodVersion;

    /// <summary>Creates the engine; <see cref="NegotiateAsync"/> must succeed before anything else is called.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="transport">Its connections; disposed of with the engine.</param>
    public DockerEngine(EngineAddress address, EngineTransport transport)
    {
        Address = address;
        _transport = transport;
        Requests = new EngineRequests(address, transport);
        System = new DockerSystem(this);
        Containers = new DockerContainers(this);
        Images = new DockerImages(this);
        Networks = new DockerNetworks(this);
        Volumes = new DockerVolumes(this);
        Execs = new DockerExecs(this);
    }

    /// <inheritdoc/>
    public EngineAddress Address { get; }

    /// <inheritdoc/>
    public EngineCertificate? Certificate => _transport.Certificate;

    /// <inheritdoc/>
    public EngineCertificate? ClientCertificate => _transport.ClientCertificate;

    /// <inheritdoc/>
    public ImmutableArray<string> ForbiddenCalls => Requests.Forbidden.All;

    /// <inheritdoc/>
    public ImmutableArray<IPAddress> Addresses => _transport.Addresses;

    /// <inheritdoc/>
    public IEngineSystem System { get; }

    /// <inheritdoc/>
    public IEngineContainers Containers { get; }

    /// <inheritdoc/>
    public IEngineImages Images { get; }

    /// <inheritdoc/>
    public IEngineNetworks Networks { get; }

    /// <inheritdoc/>
    public IEngineVolumes Volumes { get; }

    /// <inheritdoc/>
    public IEngineExecs Execs { get; }

    /// <summary>Gets the raw calls.</summary>
    internal EngineRequests Requests { get; }

    /// <summary>Gets the connections.</summary>
    internal EngineTransport Transport => _transport;

    /// <summary>Gets the API version agreed on.</summary>
    internal Version ApiVersion => _apiVersion;

    /// <summary>Gets the version of Podman's own API that the engine speaks beside Docker's; <see langword="null"/> when it is no Podman.</summary>
    internal Version? LibpodVersion => _libpodVersion;

    /// <summary>Asks which API the daemon speaks and settles on the newest that both know.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The version.</returns>
    /// <exception cref="EngineException">The daemon did not answer, not well, or speaks none that is known here.</exception>
    public async Task<Version> NegotiateAsync(CancellationToken cancellationToken)
    {
        var theirs = await PingAsync(NegotiateOperation, cancellationToken);
        if (theirs < OldestApi)
        {
            throw new EngineProtocolException(Address, NegotiateOperation, $"it speaks API {theirs} at most, and at least {OldestApi} is needed");
        }

        var agreed = theirs < NewestApi ? theirs : NewestApi;
        _apiVersion = agreed;
        return agreed;
    }

    /// <summary>Asks whether the daemon answers.</summary>
    /// <param name="operation">What for, in errors.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The newest API version that the daemon speaks.</returns>
    /// <exception cref="EngineException">The daemon did not answer, or not well.</exception>
    public async Task<Version> PingAsync(string operation, CancellationToken cancellationToken)
    {
        using var response = await Requests.OpenAsync(operation, "/_ping", cancellationToken);
        try
        {
            using var body = await EngineBody.ReadAsync(Address, operation, response, PingLimit, cancellationToken, time: Requests.Time);
            if (!body.Span.SequenceEqual("OK"u8))
            {
                throw new EngineProtocolException(Address, operation, $"it answered the ping with '{CleanText.Of(Encoding.UTF8.GetString(body.Span))}', so it is no Docker engine");
            }
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }

        _libpodVersion = response.Headers.TryGetValues(LibpodHeader, out var libpod) && Version.TryParse(string.Join(',', libpod).Split('-')[0], out var podman) && podman.Build >= 0 ? podman : null;

        // Daemons from before the header speak what classic Swarm takes for the oldest.
        return !response.Headers.TryGetValues(VersionHeader, out var values) ? OldestApi
            : Version.TryParse(string.Join(',', values), out var version) && version.Build < 0 ? version
            : throw new EngineProtocolException(Address, operation, "its API version cannot be read");
    }

    /// <summary>Puts the agreed API version before a path.</summary>
    /// <param name="path">The path and query, with a leading <c>/</c>.</param>
    /// <returns>The path to ask for.</returns>
    public string Versioned(string path)
    {
        var version = _apiVersion;
        return string.Create(CultureInfo.InvariantCulture, $"/v{version.Major}.{version.Minor}{path}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }
}
