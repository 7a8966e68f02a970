using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class DockerStreamsTests
{
    private const string Id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Upgraded = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    private const string Frame = "\u0001\0\0\0\0\0\0\u0003";

    [Test]
    public async Task The_request_asks_to_switch_protocols_and_has_an_empty_body()
    {
        await using var proxy = Engine(Upgraded, ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);

        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions { Input = true, DetachKeys = "ctrl-a,b" }, CancellationToken.None);

        var request = proxy.Requests[^1];
        request.Target.Should().EndWith($"/containers/{Id}/attach?stream=1&logs=0&stdin=1&stdout=1&stderr=1&detachKeys=ctrl-a%2Cb");
        request.Header("Connection").Should().Be("Upgrade");
        request.Header("Upgrade").Should().Be("tcp");
        request.Header("Content-Length").Should().Be("0");
    }

    [Test]
    public async Task What_came_along_with_the_answer_is_not_lost()
    {
        await using var proxy = Engine(Upgraded + Frame + "abc", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);
        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None);

        (await streams.CollectAsync(10)).StandardOutput.Should().Be("abc");
    }

    [TestCase(ProxyEnd.Close)]
    [TestCase(ProxyEnd.Reset)]
    public async Task A_frame_that_is_cut_is_an_error(ProxyEnd end)
    {
        await using var proxy = Engine(Upgraded + Frame + "ab", end);
        await using var engine = await ConnectAsync(proxy);
        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None);

        await FluentActions.Awaiting(() => streams.CollectAsync(10)).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task A_refusal_that_ends_with_the_connection_is_read()
    {
        await using var proxy = Engine("HTTP/1.1 409 Conflict\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\ncontainer a is paused\r\n", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);

        var attach = () => engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None);

        var error = (await attach.Should().ThrowAsync<EngineApiException>()).Which;
        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        error.EngineMessage.Should().Be("container a is paused");
        await Eventually.IsTrueAsync(() => ((DockerEngine)engine).Transport.OpenConnections <= 1, "only the shared connection is left");
    }

    [Test]
    public async Task An_answer_that_does_not_switch_protocols_is_a_protocol_error()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        await using var engine = await ConnectAsync(proxy);

        var attach = () => engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None);

        await attach.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task An_attach_that_nobody_answers_is_given_up_with_the_token()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);
        using var giveUp = new CancellationTokenSource();
        var attach = engine.Containers.AttachAsync(Id, new AttachOptions(), giveUp.Token);
        await Eventually.IsTrueAsync(() => proxy.Requests.Any(request => request.Target.Contains("/attach", StringComparison.Ordinal)), "the request arrives");

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => attach).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.IsTrueAsync(() => ((DockerEngine)engine).Transport.OpenConnections <= 1, "only the shared connection is left");
    }

    [Test]
    public async Task A_write_that_nobody_takes_is_given_up_with_the_token_and_is_the_last()
    {
        var gate = new TaskCompletionSource();
        await using var proxy = Engine(Upgraded);
        await using var engine = await ConnectAsync(proxy);
        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions { Input = true }, CancellationToken.None);
        proxy.ReadGate = gate.Task;
        using var giveUp = new CancellationTokenSource();
        var write = streams.WriteAsync(new byte[64 * 1024 * 1024], giveUp.Token).AsTask();
        write.IsCompleted.Should().BeFalse("it is more than the buffers on the way hold");

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => write).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => streams.WriteAsync(new byte[1], CancellationToken.None).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await streams.DisposeAsync();
        gate.SetResult();
    }

    [Test]
    public async Task A_connection_that_is_cut_off_here_never_looks_like_the_end_of_the_output()
    {
        // Closing a socket first ends what is received, and a read under way may see no more than that.
        await using var proxy = Engine("");
        using var connection = await DialAsync(proxy);
        using var response = new HttpResponseMessage();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var streams = new DockerStreams(proxy.Address, "attach", new EngineUpgrade(invoker, response, new MemoryStream(), connection, tls: null), isTerminal: true, hasInput: true);

        connection.CutOff();

        await FluentActions.Awaiting(() => streams.ReadAsync(CancellationToken.None).AsTask()).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task An_output_that_had_ended_stays_so_when_the_connection_is_cut_off()
    {
        await using var proxy = Engine("");
        using var connection = await DialAsync(proxy);
        using var response = new HttpResponseMessage();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var streams = new DockerStreams(proxy.Address, "attach", new EngineUpgrade(invoker, response, new MemoryStream(), connection, tls: null), isTerminal: true, hasInput: true);
        (await streams.ReadAsync(CancellationToken.None)).Should().BeNull();

        connection.CutOff();

        (await streams.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task The_memory_of_a_write_that_was_given_up_is_the_callers_again()
    {
        await using var proxy = Engine("");
        var wire = new GatedStream();
        using var connection = await DialAsync(proxy);
        using var response = new HttpResponseMessage();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var streams = new DockerStreams(proxy.Address, "attach", new EngineUpgrade(invoker, response, wire, connection, tls: null), isTerminal: true, hasInput: true);
        using var giveUp = new CancellationTokenSource();
        var data = new byte[200_000];
        var write = streams.WriteAsync(data, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await FluentActions.Awaiting(() => write).Should().ThrowAsync<OperationCanceledException>();
        var close = streams.CloseInputAsync(CancellationToken.None).AsTask();
        close.IsCompleted.Should().BeFalse("something is still being sent");

        data.AsSpan().Fill(0xFF);
        wire.Gate.SetResult();

        await close;
        wire.ToArray().Should().NotBeEmpty().And.NotContain((byte)0xFF);
    }

    [Test]
    public async Task The_input_of_a_process_that_is_gone_can_be_closed_under_TLS_too()
    {
        using var certificates = new TestCertificates();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();
        await using var server = new SslStream(new NetworkStream(accepted));
        using var connection = new EngineConnection(socket, _ => { });
        await using var client = new SslStream(connection);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificates.Authority }, RevocationMode = X509RevocationMode.NoCheck };
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificates.Server }),
            client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust }));
        using var response = new HttpResponseMessage();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var address = EngineAddress.Parse(listener.LocalEndpoint.ToString()!);
        await using var streams = new DockerStreams(address, "attach", new EngineUpgrade(invoker, response, client, connection, client), isTerminal: true, hasInput: true);
        accepted.LingerState = new LingerOption(true, 0);
        accepted.Dispose();
        await FluentActions.Awaiting(() => streams.ReadAsync(CancellationToken.None).AsTask()).Should().ThrowAsync<EngineUnreachableException>();

        await FluentActions.Awaiting(() => streams.CloseInputAsync(CancellationToken.None).AsTask()).Should().NotThrowAsync();
    }

    [Test]
    public async Task An_answer_that_succeeds_without_switching_is_refused_before_its_body_ends()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        await using var engine = await ConnectAsync(proxy);

        var attach = () => engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        await attach.Should().ThrowAsync<EngineProtocolException>();
        await Eventually.IsTrueAsync(() => ((DockerEngine)engine).Transport.OpenConnections <= 1, "only the shared connection is left");
    }

    [TestCase("HTTP/1.1 101 UPGRADED\r\nContent-Length: 5\r\n\r\n")]
    [TestCase("HTTP/1.1 101 UPGRADED\r\nTransfer-Encoding: chunked\r\nContent-Length: 4294967296\r\n\r\n")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 101 UPGRADED\r\n\r\n")]
    public async Task What_a_switching_answer_says_of_its_length_means_nothing(string answer)
    {
        await using var proxy = Engine(answer + Frame + "abc" + Frame + "def", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);
        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None);

        (await streams.CollectAsync(10)).StandardOutput.Should().Be("abcdef");
    }

    [TestCase("HTTP/1.1 500 Oops\r\nContent-Length: 99999999999\r\n\r\nx")]
    [TestCase("HTTP/1.1 500 Oops\r\nContent-Length: -1\r\n\r\nx")]
    [TestCase("HTTP/1.1 99 Odd\r\n\r\n")]
    [TestCase("HTTP/9.9 101 UPGRADED\r\n\r\n")]
    [TestCase("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("garbage\r\n\r\n")]
    public async Task A_hostile_answer_to_an_attach_is_one_of_our_errors_and_leaves_no_connection(string answer)
    {
        await using var proxy = Engine(answer, ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);

        var attach = () => engine.Containers.AttachAsync(Id, new AttachOptions(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        await attach.Should().ThrowAsync<EngineException>();
        await Eventually.IsTrueAsync(() => ((DockerEngine)engine).Transport.OpenConnections <= 1, "only the shared connection is left");
    }

    [Test]
    public async Task A_reading_without_end_is_bounded()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + new string(' ', StatsReader.Limit + 1));
        await using var engine = await ConnectAsync(proxy);
        await using var stats = await engine.Containers.OpenStatsAsync(Id, CancellationToken.None);

        await FluentActions.Awaiting(() => stats.ReadAsync(CancellationToken.None).AsTask()).Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task An_upgraded_connection_obeys_the_address_policy()
    {
        var address = EngineAddress.Parse("169.254.1.1:2375");
        using var transport = new EngineTransport(address, new EngineConnectionOptions { AllowInsecureTcp = true }, tls: null);
        var requests = new EngineRequests(address, transport);

        var upgrade = () => requests.UpgradeAsync("attach", "/x", default, hasInput: true, CancellationToken.None);

        (await upgrade.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_log_whose_end_cannot_be_told_is_not_trusted()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\n\r\n" + Frame + "abc", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);

        var open = () => engine.Containers.OpenLogsAsync(Id, new LogOptions(), CancellationToken.None);

        await open.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task A_log_that_breaks_is_an_error_and_not_its_end()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" + Frame + "abc\r\n", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);
        await using var log = await engine.Containers.OpenLogsAsync(Id, new LogOptions(), CancellationToken.None);
        (await log.ReadAsync(CancellationToken.None))!.Value.Data.Length.Should().Be(3);

        await FluentActions.Awaiting(() => log.ReadAsync(CancellationToken.None).AsTask()).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task An_archive_that_is_cut_is_an_error_and_not_its_end()
    {
        var stat = Convert.ToBase64String("""{"name":"x"}"""u8);
        await using var proxy = Engine($"HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {stat}\r\nContent-Length: 10\r\n\r\nabc", ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);
        await using var archive = await engine.Containers.OpenArchiveAsync(Id, "/x", CancellationToken.None);

        await FluentActions.Awaiting(() => archive.Content.CopyToAsync(Stream.Null)).Should().ThrowAsync<EngineUnreachableException>();
    }

    [TestCase("")]
    [TestCase("X-Docker-Container-Path-Stat: ???\r\n")]
    public async Task An_archive_without_a_proper_description_is_a_protocol_error(string header)
    {
        await using var proxy = Engine($"HTTP/1.1 200 OK\r\n{header}Content-Length: 0\r\n\r\n");
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Containers.OpenArchiveAsync(Id, "/x", CancellationToken.None)).Should().ThrowAsync<EngineProtocolException>();
        await FluentActions.Awaiting(() => engine.Containers.StatPathAsync(Id, "/x", CancellationToken.None)).Should().ThrowAsync<EngineProtocolException>();
    }

    [TestCase("{}")]
    [TestCase("")]
    [TestCase("{\"StatusCode\":\"x\"}")]
    public async Task A_wait_that_is_answered_with_something_else_is_a_protocol_error(string body)
    {
        await using var proxy = Engine($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var engine = await ConnectAsync(proxy);
        await using var wait = await engine.Containers.OpenWaitAsync(Id, WaitCondition.NotRunning, CancellationToken.None);

        await FluentActions.Awaiting(() => wait.GetExitAsync(CancellationToken.None)).Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task The_error_of_a_wait_is_read()
    {
        const string body = """{"Error":{"Message":"disk gone"},"StatusCode":125}""";
        await using var proxy = Engine($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var engine = await ConnectAsync(proxy);
        await using var wait = await engine.Containers.OpenWaitAsync(Id, WaitCondition.NotRunning, CancellationToken.None);

        (await wait.GetExitAsync(CancellationToken.None)).Should().Be(new ContainerExit(125, "disk gone"));
        (await wait.GetExitAsync(CancellationToken.None)).ExitCode.Should().Be(125);
    }

    [Test]
    public void What_may_be_secret_in_an_exec_is_not_shown()
    {
        var config = new ExecConfig { Command = ["login", "--password=hunter2"], Environment = ["TOKEN=hunter2"] };

        config.ToString().Should().Be("login");
    }

    [Test]
    public async Task What_an_engine_repeats_of_the_environment_of_an_exec_is_not_shown()
    {
        await using var proxy = Engine(RecordingProxy.Answer(400, """{"message":"invalid environment TOKEN=hunter22"}"""));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Execs.CreateAsync(Id, new ExecConfig { Command = ["true"], Environment = ["TOKEN=hunter22"] }, CancellationToken.None);

        (await create.Should().ThrowAsync<EngineApiException>()).Which.ToString().Should().Contain("TOKEN=[redacted]").And.NotContain("hunter22");
    }

    private static async Task<EngineConnection> DialAsync(RecordingProxy proxy)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Address.Port);
        return new EngineConnection(socket, _ => { });
    }

    private static RecordingProxy Engine(string answer, ProxyEnd end = ProxyEnd.KeepOpen)
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(request => request.Target.EndsWith($"/containers/{Id}/json", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, """{"Config":{"Tty":false}}""")));
        proxy.Always(_ => true, ProxyFault.Say(answer, end));
        return proxy;
    }

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

    /// <summary>A stream that takes nothing until the test lets it.</summary>
    private sealed class GatedStream : MemoryStream
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Gate.Task.WaitAsync(cancellationToken);
            Write(buffer.Span);
        }
    }
}
