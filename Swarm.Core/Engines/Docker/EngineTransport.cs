using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>All connections to one engine. Raw calls and the Docker client share them; nobody else opens any.</summary>
internal sealed partial class EngineTransport : IDisposable
{
    private const int MaxHeaderKilobytes = 64;

    // A reading of the engine uses many connections at once, and the next one comes half a minute later: between them pings keep one open, and the rest go.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    // To log in anew for every reading costs both machines more than a process that waits.
    private static readonly TimeSpan SshIdleTimeout = TimeSpan.FromMinutes(1);

    private readonly EngineAddress _address;
    private readonly EngineDialer _dialer;
    private readonly SshDialer _ssh;
    private readonly PipeDialer _pipes;
    private readonly TimeSpan _connectTimeout;
    private readonly EngineTlsSource? _tls;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private readonly Lock _lock = new();
    private readonly HashSet<IEngineConnection> _open = [];
    private bool _disposed;
    private EngineCertificate? _certificate;
    private EngineCertificate? _clientCertificate;

    /// <summary>Creates the transport; no connection is made yet.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="tls">The certificates, or <see langword="null"/> for no TLS.</param>
    /// <param name="rules">Where connections may go; <see langword="null"/> for those of the options where the program itself wrote the address.</param>
    /// <param name="names">Looks names up, for all engines of one connector; <see langword="null"/> for one of its own.</param>
    /// <param name="time">The clock; <see langword="null"/> for the machine's.</param>
    public EngineTransport(EngineAddress address, EngineConnectionOptions options, EngineTlsSource? tls, ConnectionRules? rules = null, NameLookup? names = null, TimeProvider? time = null)
    {
        var encrypt = tls is not null && address.Scheme == EngineScheme.Tcp;
        _address = address;
        rules ??= ConnectionRules.Create(options, programAddresses: true);
        Time = time ??= TimeProvider.System;
        _dialer = new EngineDialer(address, options.ConnectTimeout, encrypt, rules, names ?? new NameLookup(), time);
        _ssh = new SshDialer(address, options, rules, time);
        _pipes = new PipeDialer(address, rules);

        // The host name only fills the Host header where there is no TLS: the callback connects to the engine's address whatever it says.
        BaseUri = address.Scheme == EngineScheme.Tcp
            ? new UriBuilder(encrypt ? "https" : "http", address.Host, address.Port).Uri
            : new Uri("http://engine/");
        _connectTimeout = options.ConnectTimeout;
        _tls = encrypt ? tls : null;
        _handler = CreateHandler();
        _invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets what request paths are relative to.</summary>
    public Uri BaseUri { get; }

    /// <summary>Gets the certificate the engine showed on the newest connection; <see langword="null"/> without TLS or before there was one.</summary>
    public EngineCertificate? Certificate => Volatile.Read(ref _certificate);

    /// <summary>Gets the certificate that the engine was shown on the newest connection, if it asked; <see langword="null"/> for none.</summary>
    public EngineCertificate? ClientCertificate => Volatile.Read(ref _clientCertificate);

    /// <summary>Gets the addresses that the name of the engine led to when it was last looked up.</summary>
    public ImmutableArray<IPAddress> Addresses => _dialer.Addresses;

    /// <summary>Gets how many connections are open, in use or not.</summary>
    internal int OpenConnections
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Sends a request and returns when the headers of the answer are there.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer; the caller disposes of it, which closes the connection unless the body was read to its end.</returns>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    /// <summary>Closes every connection, also those in use: calls and streams under way fail.</summary>
    public void Dispose()
    {
        IEngineConnection[] open;
        lock (_lock)
        {
            _disposed = true;
            open = [.. _open];
        }

        _invoker.Dispose();
        _handler.Dispose();
        foreach (var connection in open)
        {
            connection.CutOff();
        }
    }

    private SocketsHttpHandler CreateHandler()
    {
        return new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = _connectTimeout,
            Credentials = null,
            EnableMultipleHttp2Connections = false,
            MaxConnectionsPerServer = int.MaxValue,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = _address.Scheme == EngineScheme.Ssh ? SshIdleTimeout : IdleTimeout,
            UseCookies = false,
            UseProxy = false,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        (await OpenStreamAsync(cancellationToken)).Stream;

    private async Task<(IEngineConnection Connection, Stream Stream)> OpenStreamAsync(CancellationToken cancellationToken)
    {
        if (_tls is null)
        {
            var plain = await OpenConnectionAsync(cancellationToken);
            return (plain, plain.Stream);
        }

        // Here and not by the handler, which would use for ever the certificates it began with.
        var credentials = await _tls.GetAsync(cancellationToken);
        var connection = await OpenConnectionAsync(cancellationToken);
        var stream = new SslStream(connection.Stream, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(credentials.OptionsFor(_address.Host, _connectTimeout), cancellationToken);

            // What it proved is known before anything is sent. Only what was accepted counts.
            Volatile.Write(ref _certificate, EngineTlsCredentials.Describe(stream.RemoteCertificate!));
            Volatile.Write(ref _clientCertificate, credentials.Client);
            return (connection, stream);
        }
        catch (Exception error)
        {
            await stream.DisposeAsync();
            if (error is not (OperationCanceledException or ObjectDisposedException))
            {
                throw new EngineConnectException(ExceptionText.MessageOf(Innermost(error)), error);
            }

            throw;
        }
    }

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }

    private async Task<IEngineConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Track(_address.Scheme switch
            {
                EngineScheme.Ssh => await _ssh.DialAsync(Forget, cancellationToken),
                EngineScheme.NamedPipe => await _pipes.DialAsync(Forget, cancellationToken),
                _ => new EngineConnection(await _dialer.DialAsync(cancellationToken), Forget),
            });
        }
        catch (Exception error) when (error is SocketException or UnauthorizedAccessException || (error is IOException and not EngineConnectException))
        {
            throw new EngineConnectException(error.Message, error);
        }
    }

    private IEngineConnection Track(IEngineConnection connection)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _open.Add(connection);
                return connection;
            }
        }

        connection.Dispose();
        throw new EngineConnectException("the engine was closed on this side");
    }

    private void Forget(IEngineConnection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
        }
    }
}
