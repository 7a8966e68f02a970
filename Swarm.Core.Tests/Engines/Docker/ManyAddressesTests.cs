using System.Net;
using System.Net.Sockets;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Engines whose name has several addresses.</summary>
[CancelAfter(120_000)]
public sealed class ManyAddressesTests
{
    [Test]
    public async Task An_engine_is_reached_within_the_time_to_connect_when_the_first_address_of_its_name_swallows_everything(CancellationToken cancellationToken)
    {
        await using var engine = RecordingProxy.Standalone(ProxyFault.Silence);
        using var hole = new BlackHole(engine.Address.Port);
        var connector = Connector(hole.Address, IPAddress.Loopback);

        await using var connected = await connector.ConnectAsync(EngineAddress.Parse($"engine.example:{engine.Address.Port}"), cancellationToken);

        engine.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task An_engine_is_reached_when_the_first_address_of_its_name_refuses(CancellationToken cancellationToken)
    {
        await using var engine = RecordingProxy.Standalone(ProxyFault.Silence);
        var connector = Connector(IPAddress.Parse("127.0.0.2"), IPAddress.Loopback);

        await using var connected = await connector.ConnectAsync(EngineAddress.Parse($"engine.example:{engine.Address.Port}"), cancellationToken);

        engine.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task When_all_addresses_of_a_name_fail_the_error_names_each_and_why(CancellationToken cancellationToken)
    {
        using var port = new FreePort();
        var connector = Connector(IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Parse("169.254.169.254"));

        var connect = () => connector.ConnectAsync(EngineAddress.Parse($"engine.example:{port.Number}"), cancellationToken);

        var error = (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which;
        error.Message.Should().Contain("127.0.0.2: Connection refused").And.Contain("127.0.0.3: Connection refused").And.Contain("169.254.169.254 is link-local");
        error.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task When_the_time_is_over_the_error_names_what_was_tried(CancellationToken cancellationToken)
    {
        using var port = new FreePort();
        using var hole = new BlackHole(port.Number);
        var connector = Connector(TimeSpan.FromMilliseconds(500), IPAddress.Parse("127.0.0.2"), hole.Address);

        var connect = () => connector.ConnectAsync(EngineAddress.Parse($"engine.example:{port.Number}"), cancellationToken);

        var error = (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which;
        error.Message.Should().Contain("in time").And.Contain("127.0.0.2: Connection refused").And.Contain($"{hole.Address}: no answer");
        error.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task An_address_that_the_rules_forbid_is_not_tried_because_its_name_has_another_that_is_allowed(CancellationToken cancellationToken)
    {
        await using var forbidden = new CountedListener(IPAddress.Parse("127.0.0.2"));
        using var hole = new BlackHole(forbidden.Port, "127.0.0.3");
        var options = new EngineConnectionOptions { AllowInsecureTcp = true, AllowedNetworks = { "127.0.0.3" }, ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        var connector = new DockerEngineConnector(options, programAddresses: false, names: Names(IPAddress.Parse("127.0.0.2"), hole.Address));

        var connect = () => connector.ConnectAsync(EngineAddress.Parse($"engine.example:{forbidden.Port}"), cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).WithMessage("*127.0.0.3: no answer*127.0.0.2*AllowLoopback*");
        forbidden.Connections.Should().Be(0);
    }

    [Test]
    public async Task Of_a_name_with_hundreds_of_addresses_only_some_are_tried_and_the_error_says_how_many(CancellationToken cancellationToken)
    {
        await using var engine = RecordingProxy.Standalone(ProxyFault.Silence);
        var refusing = Enumerable.Range(1, EngineDialer.MaxAddresses).Select(number => IPAddress.Parse($"127.0.1.{number}"));
        var connector = Connector([.. refusing, IPAddress.Loopback]);

        var connect = () => connector.ConnectAsync(EngineAddress.Parse($"engine.example:{engine.Address.Port}"), cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).WithMessage("*16 of 17 addresses were tried: 127.0.1.1: Connection refused; *; and 8 more*");
        engine.Connections.Should().Be(0);
    }

    [Test]
    public async Task The_address_that_worked_is_asked_first_for_the_next_connection(CancellationToken cancellationToken)
    {
        await using var engine = RecordingProxy.Standalone(ProxyFault.Silence);
        await using var other = new CountedListener(IPAddress.Parse("127.0.0.2"), engine.Address.Port);
        var asked = 0;
        var names = new NameLookup(_ => Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));
        var connector = new DockerEngineConnector(new EngineConnectionOptions { AllowLoopback = true, ConnectTimeout = TimeSpan.FromSeconds(30) }, names: names);
        await using var connected = await connector.ConnectAsync(EngineAddress.Parse($"engine.example:{engine.Address.Port}"), cancellationToken);

        engine.Next(request => request.Target == "/_ping", ProxyFault.Say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nOK"));
        await connected.System.PingAsync(cancellationToken);
        await connected.System.PingAsync(cancellationToken);

        asked.Should().Be(2);
        other.Connections.Should().Be(0);
        connected.Addresses.Should().Equal(IPAddress.Parse("127.0.0.2"), IPAddress.Loopback);
        engine.Requests.Should().HaveCount(3);
    }

    private static DockerEngineConnector Connector(params IPAddress[] addresses) => Connector(TimeSpan.FromSeconds(30), addresses);

    private static DockerEngineConnector Connector(TimeSpan connectTimeout, params IPAddress[] addresses) =>
        new(new EngineConnectionOptions { AllowLoopback = true, ConnectTimeout = connectTimeout }, names: Names(addresses));

    private static NameLookup Names(params IPAddress[] addresses) => new(_ => Task.FromResult(addresses));

    /// <summary>An address that answers nothing: its queue of connections is full.</summary>
    private sealed class BlackHole : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _queued = [];

        public BlackHole(int port, string address = "127.0.0.9")
        {
            Address = IPAddress.Parse(address);
            _listener.Bind(new IPEndPoint(Address, port));
            _listener.Listen(0);
            while (true)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _queued.Add(socket);
                try
                {
                    socket.Connect(Address, port);
                }
                catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    if (!socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite))
                    {
                        return;
                    }
                }
            }
        }

        public IPAddress Address { get; }

        public void Dispose()
        {
            _queued.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }

    /// <summary>A port on which nothing listens, on any address of this machine.</summary>
    private sealed class FreePort : IDisposable
    {
        private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public FreePort() => _bound.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.4"), 0));

        public int Number => ((IPEndPoint)_bound.LocalEndPoint!).Port;

        public void Dispose() => _bound.Dispose();
    }

    /// <summary>Counts who connects, and says nothing.</summary>
    private sealed class CountedListener : IAsyncDisposable
    {
        private readonly TcpListener _listener;
        private readonly Task _accepting;
        private int _connections;

        public CountedListener(IPAddress address, int port = 0)
        {
            _listener = new TcpListener(address, port);
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref _connections);

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _accepting;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync();
                    Interlocked.Increment(ref _connections);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
            }
        }
    }
}
