using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Swarm.Core.Docker;

/// <summary>Where an authority publishes its list of revoked certificates; without a list it says that there is none.</summary>
internal sealed class RevocationServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile byte[]? _list;
    private int _questions;

    public RevocationServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{Guid.NewGuid():N}.crl");

    /// <summary>The list, as it is sent.</summary>
    public byte[]? List
    {
        get => _list;
        set => _list = value;
    }

    /// <summary>How often somebody asked.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                await AnswerAsync(socket);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[4096];
        await socket.ReceiveAsync(buffer, _stop.Token);
        Interlocked.Increment(ref _questions);
        var (status, body) = _list is { } list ? ("200 OK", list) : ("404 Not Found", []);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/pkix-crl\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), _stop.Token);
        await socket.SendAsync(body, _stop.Token);
        socket.Shutdown(SocketShutdown.Send);
    }
}
