using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>Stands between the code under test and an engine, or for one: records every request, and spoils the answers a test names.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    // How many connections are open varies with the load of the machine, and tests judge by bytes what they leave behind.
    private const int SmallBuffer = 2048;

    private readonly EngineAddress? _upstream;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = [];
    private readonly List<(Func<RecordedRequest, bool> Matches, ProxyFault Fault, bool Once)> _faults = [];
    private readonly ConcurrentDictionary<Socket, int> _sockets = [];
    private readonly Task _accepting;
    private int _connections;

    public RecordingProxy(EngineAddress? upstream = null)
    {
        _upstream = upstream;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A canned answer of an engine to the ping.</summary>
    public const string Pong = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK";

    public EngineAddress Address => EngineAddress.Parse(_listener.LocalEndpoint.ToString()!);

    /// <summary>Gets or sets what to wait for before more is read from the code under test.</summary>
    public Task ReadGate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what everything waits for, either way: while it has not ended, the link loses whatever is sent, and nobody is told.</summary>
    public Task LinkGate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what answers in place of an engine where no rule does.</summary>
    public Func<RecordedRequest, Task<ProxyFault>>? Answers { get; set; }

    /// <summary>Gets or sets which requests are written down; all of them unless the test says otherwise.</summary>
    public Func<RecordedRequest, bool> Records { get; set; } = _ => true;

    /// <summary>What was asked, in order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many of them are still open.</summary>
    public int OpenConnections => _sockets.Count;

    /// <summary>A proxy that is the engine itself: it answers pings well, and everything else as told.</summary>
    public static RecordingProxy Standalone(ProxyFault everythingElse)
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(Pong));
        proxy.Always(_ => true, everythingElse);
        return proxy;
    }

    /// <summary>Spoils the next answer that matches.</summary>
    public void Next(Func<RecordedRequest, bool> matches, ProxyFault fault)
    {
        lock (_faults)
        {
            _faults.Insert(0, (matches, fault, true));
        }
    }

    /// <summary>Spoils every answer that matches, unless an earlier rule does.</summary>
    public void Always(Func<RecordedRequest, bool> matches, ProxyFault fault)
    {
        lock (_faults)
        {
            _faults.Add((matches, fault, false));
        }
    }

    /// <summary>Says more on every open connection, for answers that go on.</summary>
    public async Task TellAsync(string text)
    {
        foreach (var socket in _sockets.Keys)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
        }
    }

    /// <summary>Says more on one connection.</summary>
    public async Task TellAsync(int connection, ReadOnlyMemory<byte> bytes)
    {
        var socket = _sockets.Single(each => each.Value == connection).Key;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, _stop.Token)..];
        }
    }

    /// <summary>Breaks one connection.</summary>
    public void Break(int connection)
    {
        var socket = _sockets.Single(each => each.Value == connection).Key;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Makes an answer with a length.</summary>
    public static string Answer(int status, string body, string headers = "") =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }

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
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                client.NoDelay = true;
                var number = Interlocked.Increment(ref _connections);
                _sockets[client] = number;
                serving.RemoveAll(each => each.IsCompleted);
                serving.Add(ServeAsync(client, number));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket client, int number)
    {
        var link = new Link(client);
        var pump = Task.CompletedTask;
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: false);
            var reader = new RequestReader(this, stream, number);
            while (await reader.ReadAsync(_stop.Token) is { } read)
            {
                link.Begin(FaultFor(read.Request));
                if (Records(read.Request))
                {
                    _requests.Enqueue(read.Request);
                }

                if (link.Fault.Answer is null && Answers is { } ask)
                {
                    link.Begin(await ask(read.Request));
                }

                if (link.Fault.Answer is { } answer)
                {
                    await link.SendAsync(answer, _stop.Token);
                    if (link.Fault.More is { } more)
                    {
                        await foreach (var piece in more(_stop.Token))
                        {
                            await link.SendAsync(piece, _stop.Token);
                        }
                    }

                    link.Finish();
                    continue;
                }

                if (link.Upstream is null)
                {
                    link.Upstream = await ConnectUpstreamAsync();
                    pump = PumpAsync(link);
                }

                await link.Upstream.SendAsync(read.Bytes, _stop.Token);
                if (link.Fault.EndsOnceForwarded)
                {
                    link.Finish();
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The code under test, the engine or the fault ended the connection: what became of it is the test's business.
        }
        finally
        {
            link.Close();
            await pump;
            _sockets.TryRemove(client, out _);
        }
    }

    private async Task PumpAsync(Link link)
    {
        var buffer = new byte[SmallBuffer];
        try
        {
            while (await link.Upstream!.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await LinkGate.WaitAsync(_stop.Token);
                await link.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
        finally
        {
            link.Close();
        }
    }

    private async Task<Socket> ConnectUpstreamAsync()
    {
        var address = _upstream ?? throw new IOException("There is no engine behind this proxy.");
        var unix = address.Scheme == EngineScheme.Unix;
        var socket = new Socket(unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(unix ? new UnixDomainSocketEndPoint(address.Path) : new IPEndPoint(IPAddress.Parse(address.Host), address.Port), _stop.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private ProxyFault FaultFor(RecordedRequest request)
    {
        lock (_faults)
        {
            var index = _faults.FindIndex(rule => rule.Matches(request));
            if (index < 0)
            {
                return new ProxyFault();
            }

            var rule = _faults[index];
            if (rule.Once)
            {
                _faults.RemoveAt(index);
            }

            return rule.Fault;
        }
    }

    /// <summary>One connection and the answer under way on it.</summary>
    private sealed class Link(Socket client)
    {
        private long _left;

        public ProxyFault Fault { get; private set; } = new();

        public Socket? Upstream { get; set; }

        public void Begin(ProxyFault fault)
        {
            Fault = fault;
            _left = fault.Bytes;
        }

        public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await Fault.Until.WaitAsync(cancellationToken);
            var pass = (int)Math.Min(bytes.Length, _left);
            _left -= pass;
            for (var sent = 0; sent < pass;)
            {
                sent += await client.SendAsync(bytes[sent..pass], cancellationToken);
            }

            if (pass < bytes.Length)
            {
                Finish();
            }
        }

        public void Finish()
        {
            switch (Fault.End)
            {
                case ProxyEnd.Close:
                    client.Shutdown(SocketShutdown.Both);
                    Close();
                    break;
                case ProxyEnd.Reset:
                    client.LingerState = new LingerOption(true, 0);
                    Close();
                    break;
                default:
                    break;
            }
        }

        public void Close()
        {
            client.Dispose();
            Upstream?.Dispose();
        }
    }

    /// <summary>Takes a stream of bytes apart into requests.</summary>
    private sealed class RequestReader(RecordingProxy proxy, Stream stream, int connection)
    {
        private readonly byte[] _chunk = new byte[2 * SmallBuffer];
        private byte[] _bytes = [];

        public async Task<(RecordedRequest Request, byte[] Bytes)?> ReadAsync(CancellationToken cancellationToken)
        {
            int end;
            while ((end = _bytes.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
            {
                if (!await FillAsync(cancellationToken))
                {
                    return null;
                }
            }

            var lines = Encoding.Latin1.GetString(_bytes, 0, end).Split("\r\n");
            var start = lines[0].Split(' ');
            var request = new RecordedRequest(connection, start[0], start[1], lines[1..], []);
            var length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
            var total = end + 4 + length;
            while (_bytes.Length < total)
            {
                if (!await FillAsync(cancellationToken))
                {
                    return null;
                }
            }

            var all = _bytes[..total];
            _bytes = _bytes[total..];
            return (request with { Body = all[(end + 4)..] }, all);
        }

        private async Task<bool> FillAsync(CancellationToken cancellationToken)
        {
            await proxy.ReadGate.WaitAsync(cancellationToken);
            var read = await stream.ReadAsync(_chunk, cancellationToken);
            await proxy.LinkGate.WaitAsync(cancellationToken);
            _bytes = [.. _bytes, .. _chunk.AsSpan(0, read)];
            return read > 0;
        }
    }
}
