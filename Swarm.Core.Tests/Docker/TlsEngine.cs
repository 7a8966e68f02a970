using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>An engine that answers pings over TLS and asks for a certificate, by default one of its own authority.</summary>
internal sealed class TlsEngine : IAsyncDisposable
{
    private readonly TestCertificates _certificates;
    private readonly SslProtocols _protocols;
    private readonly bool _acceptsAnybody;
    private readonly byte[] _answer;
    private readonly ConcurrentQueue<string> _shown = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _answers;
    private int _connections;

    public TlsEngine(TestCertificates certificates, SslProtocols protocols = SslProtocols.None, bool acceptsAnybody = false, string answer = RecordingProxy.Pong)
    {
        _certificates = certificates;
        _protocols = protocols;
        _acceptsAnybody = acceptsAnybody;
        _answer = Encoding.ASCII.GetBytes(answer);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public EngineAddress Address => EngineAddress.Parse($"127.0.0.1:{Port}");

    /// <summary>How many requests got as far as an answer.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The fingerprints of the certificates that clients have shown.</summary>
    public IReadOnlyCollection<string> Shown => _shown;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_certificates.Authority);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificates.Server,
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = policy,
                    EnabledSslProtocols = _protocols,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        if (certificate is not null)
                        {
                            _shown.Enqueue(certificate.GetCertHashString());
                        }

                        return _acceptsAnybody || errors == SslPolicyErrors.None;
                    },
                },
                _stop.Token);
            var buffer = new byte[16 * 1024];
            while (await tls.ReadAsync(buffer, _stop.Token) > 0)
            {
                Interlocked.Increment(ref _answers);
                await tls.WriteAsync(_answer, _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or AuthenticationException or OperationCanceledException)
        {
            // A handshake that fails is what most tests are about.
        }
    }
}
