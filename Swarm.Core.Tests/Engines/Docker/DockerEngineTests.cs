using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What becomes of calls when the engine, or what says it is one, answers badly or not at all.</summary>
[TestFixture]
internal sealed class DockerEngineTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_refused_connection_was_surely_not_sent()
    {
        EngineAddress closed;
        await using (var proxy = new RecordingProxy())
        {
            closed = proxy.Address;
        }

        var connect = () => ConnectAsync(closed);

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_missing_socket_was_surely_not_sent_to()
    {
        var connect = () => ConnectAsync(EngineAddress.Parse("unix:///nowhere/docker.sock"));

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_name_without_address_was_surely_not_sent_to()
    {
        var connect = () => ConnectAsync(EngineAddress.Parse("nowhere.invalid:2375"));

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task Connecting_gives_up_after_its_own_time()
    {
        // A full backlog: the kernel drops what knocks, as a host does that is not there.
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!);

        var connect = () => ConnectAsync(EngineAddress.Parse(listener.LocalEndPoint!.ToString()!), new EngineConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_later_change_of_the_options_has_no_effect()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        var options = new EngineConnectionOptions();
        var connector = new DockerEngineConnector(options);

        options.ConnectTimeout = TimeSpan.Zero;

        await using var engine = await connector.ConnectAsync(proxy.Address, CancellationToken.None);
        engine.Address.Should().Be(proxy.Address);
    }

    [Test]
    public async Task Tcp_without_tls_beyond_this_machine_must_be_allowed_and_the_error_says_how()
    {
        var connect = () => ConnectAsync(EngineAddress.Parse("192.0.2.1:2375"));

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).WithMessage("*AllowInsecureTcp*").Which.NotSent.Should().BeTrue();
    }

    [TestCase("169.254.169.254:80")]
    [TestCase("0.0.0.0:2375")]
    [TestCase("224.0.0.1:2375")]
    [TestCase("[fe80::1]:2375")]
    [TestCase("[::ffff:169.254.169.254]:80")]
    public async Task An_address_where_no_engine_can_be_is_not_connected_to(string address)
    {
        var connect = () => ConnectAsync(EngineAddress.Parse(address), new EngineConnectionOptions { AllowInsecureTcp = true });

        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*link-local, multicast or unspecified*");
    }

    [Test]
    public async Task An_address_outside_the_allowed_networks_is_not_connected_to()
    {
        var options = new EngineConnectionOptions { AllowInsecureTcp = true, AllowedNetworks = { "10.0.0.0/8" } };

        var connect = () => ConnectAsync(EngineAddress.Parse("192.0.2.1:2375"), options);

        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*AllowedNetworks*");
    }

    [Test]
    public async Task Loopback_is_allowed_by_the_name_that_means_it()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);

        await using var engine = await ConnectAsync(EngineAddress.Parse($"localhost:{proxy.Address.Port}"));

        engine.Address.Host.Should().Be("localhost");
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("[::ffff:127.0.0.1]")]
    public async Task Loopback_is_not_connected_to_where_the_allowed_networks_do_not_name_it(string host)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);

        var connect = () => ConnectAsync(EngineAddress.Parse($"{host}:{proxy.Address.Port}"), new EngineConnectionOptions { AllowedNetworks = { "10.0.0.0/8", "0.0.0.0/0", "::/0" } });

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*AllowLoopback*AllowedNetworks*")).Which.NotSent.Should().BeTrue();
        proxy.Connections.Should().Be(0);
    }

    [Test]
    public async Task A_unix_socket_is_not_connected_to_where_networks_are_given()
    {
        using var folder = new TemporaryFolder();
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.File("socket")));
        listener.Listen();

        var connect = () => ConnectAsync(EngineAddress.Parse($"unix://{folder.File("socket")}"), new EngineConnectionOptions { AllowedNetworks = { "10.0.0.0/8" } });

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*AllowUnix*")).Which.NotSent.Should().BeTrue();
        listener.Poll(0, System.Net.Sockets.SelectMode.SelectRead).Should().BeFalse("nobody has come");
    }

    [Test]
    public async Task An_engine_that_never_answers_is_given_up_with_the_token()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        await using var engine = await ConnectAsync(proxy.Address);
        using var given = new CancellationTokenSource();

        var list = engine.Containers.ListAsync(given.Token);
        await UntilAsync(() => proxy.Requests.Count == 2);
        await given.CancelAsync();

        await Awaiting(list).Should().ThrowAsync<OperationCanceledException>();
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n[{")]
    [TestCase("HTTP/1.1 500 Error\r\nContent-Length: 100\r\n\r\n{")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task An_answer_that_stops_half_way_is_given_up_with_the_token(string beginning)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(beginning));
        await using var engine = await ConnectAsync(proxy.Address);
        using var given = new CancellationTokenSource();

        var list = engine.Containers.ListAsync(given.Token);
        await UntilAsync(() => proxy.Requests.Count == 2);
        await given.CancelAsync();

        await Awaiting(list).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_request_that_nobody_reads_is_given_up_with_the_token()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        proxy.ReadGate = new TaskCompletionSource().Task;
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await using var engine = new DockerEngine(proxy.Address, new EngineTransport(proxy.Address, new EngineConnectionOptions(), tls: null));

        // More than the buffers of both sides hold.
        var create = engine.Requests.PostAsync("create container", "/containers/create", new byte[64 << 20], 1024, static _ => true, given.Token);

        await Awaiting(create).Should().ThrowAsync<OperationCanceledException>();
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nnot json", TestName = "{m}(text)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", TestName = "{m}(nothing)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", TestName = "{m}(an object)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[] x", TestName = "{m}(more than a list)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n[", TestName = "{m}(half a list)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\u00ff\u00fe", TestName = "{m}(bytes)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n[{\"Id\":\"../x\"}]", TestName = "{m}(an ID that is none)")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\n[]", TestName = "{m}(neither length nor chunks)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n[]", TestName = "{m}(compressed)")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n[]", TestName = "{m}(too long)")]
    [TestCase("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", TestName = "{m}(a redirect)")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", TestName = "{m}(a bad chunk)")]
    [TestCase("HTTP/1.1 abc\r\n\r\n", TestName = "{m}(a bad status)")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n\r\n", TestName = "{m}(another protocol)")]
    [TestCase("HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", TestName = "{m}(a bad header)")]
    public async Task Garbage_is_a_protocol_error_and_nothing_else(string answer)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(answer, ProxyEnd.Close));
        await using var engine = await ConnectAsync(proxy.Address);
        using var patience = new CancellationTokenSource(_patience);

        var list = () => engine.Containers.ListAsync(patience.Token);

        await list.Should().ThrowAsync<EngineProtocolException>();
        proxy.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task Headers_without_end_are_a_protocol_error()
    {
        var headers = string.Concat(Enumerable.Range(0, 5000).Select(i => $"X-{i}: {new string('x', 50)}\r\n"));
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say($"HTTP/1.1 200 OK\r\n{headers}"));
        await using var engine = await ConnectAsync(proxy.Address);
        using var patience = new CancellationTokenSource(_patience);

        var list = () => engine.Containers.ListAsync(patience.Token);

        await list.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task A_body_beyond_the_limit_is_a_protocol_error()
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(_ => true, ProxyFault.Say($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n{new string('x', 0x10000)}\r\n"));
        using var patience = new CancellationTokenSource(_patience);

        var connect = () => ConnectAsync(proxy.Address, null, patience.Token);

        await connect.Should().ThrowAsync<EngineProtocolException>().WithMessage("*longer than 4096 bytes*");
    }

    [Test]
    public async Task A_truncated_list_is_never_taken_for_a_whole_one()
    {
        var list = $$"""[{"Id":"{{Id}}","Names":["/a"],"State":"running"}]""";
        var chunked = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{list.Length:x}\r\n{list}\r\n0\r\n\r\n";
        await using var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));

        // A call that only asks may be sent again by the transport when nothing at all came back.
        proxy.Always(_ => true, ProxyFault.Hangup);
        await using var engine = await ConnectAsync(proxy.Address);
        for (var cut = 0; cut < chunked.Length; cut++)
        {
            proxy.Next(request => request.Target != "/_ping", ProxyFault.Say(chunked[..cut], ProxyEnd.Close));
            var call = () => engine.Containers.ListAsync(CancellationToken.None);

            (await call.Should().ThrowAsync<EngineException>($"the answer ends after {cut} bytes")).Which
                .Should().Match(error => error is EngineUnreachableException || error is EngineProtocolException);
        }
    }

    [TestCase(ProxyEnd.Close)]
    [TestCase(ProxyEnd.Reset)]
    public async Task A_broken_connection_leaves_open_whether_the_request_was_heard(ProxyEnd end)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say("HTTP/1.1 201 Created\r\nContent-Len", end));
        await using var engine = await ConnectAsync(proxy.Address);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox"}"""u8), CancellationToken.None);

        (await create.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeFalse();
    }

    [Test]
    public async Task What_changes_something_is_never_sent_twice_on_a_kept_connection_that_breaks()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Hangup);
        await using var engine = await ConnectAsync(proxy.Address);
        Func<Task>[] commands =
        [
            () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox"}"""u8), CancellationToken.None),
            () => engine.Containers.StartAsync(Id, CancellationToken.None),
            () => engine.Containers.StopAsync(Id, null, CancellationToken.None),
            () => engine.Containers.KillAsync(Id, "SIGHUP", CancellationToken.None),
            () => engine.Containers.RemoveAsync(Id, force: true, removeVolumes: true, CancellationToken.None),
        ];
        foreach (var command in commands)
        {
            await engine.System.PingAsync(CancellationToken.None);

            (await command.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeFalse();
        }

        proxy.Requests.Where(request => request.Target != "/_ping").Should().HaveCount(commands.Length);
    }

    [Test]
    public async Task A_refusal_becomes_an_error_with_status_and_words()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(409, """{"message":"is\nrunning"}""")));
        await using var engine = await ConnectAsync(proxy.Address);

        var remove = () => engine.Containers.RemoveAsync(Id, force: false, removeVolumes: false, CancellationToken.None);

        var error = (await remove.Should().ThrowAsync<EngineApiException>()).Which;
        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        error.EngineMessage.Should().Be("is\\u000arunning");
    }

    [Test]
    public async Task All_calls_one_after_the_other_share_a_connection_also_those_of_the_client()
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(request => request.Target.Contains("/images/create", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"done\"}\r\n")));
        proxy.Always(request => request.Target.EndsWith("/json", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, "{}")));
        proxy.Always(request => request.Method == "GET", ProxyFault.Say(RecordingProxy.Answer(200, "[]")));
        proxy.Always(_ => true, ProxyFault.Say("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var engine = await ConnectAsync(proxy.Address);

        for (var i = 0; i < 5; i++)
        {
            await engine.Containers.ListAsync(CancellationToken.None);
            await engine.Images.PullAsync("busybox", CancellationToken.None);
            await engine.Containers.StartAsync(Id, CancellationToken.None);
        }

        proxy.Requests.Should().HaveCount(21);
        proxy.Connections.Should().Be(1);
    }

    /// <summary>Eight inspections at once, an open stream and a ping now and then, with the product's own settings.</summary>
    [Test]
    public async Task An_engine_that_is_only_watched_keeps_two_connections_however_many_a_reading_of_it_took()
    {
        await using var proxy = new RecordingProxy();
        var (gate, pinging) = (new TaskCompletionSource(), 0);
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(request => request.Target.Contains("/events", StringComparison.Ordinal), ProxyFault.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        proxy.Always(request => request.Target.EndsWith("/info", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, "{}")));
        proxy.Always(_ => true, ProxyFault.Say(RecordingProxy.Answer(200, $$"""{"Id":"{{Id}}"}""")) with { Until = gate.Task });
        await using var engine = await ConnectAsync(proxy.Address);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        var inspections = Enumerable.Range(0, InspectionQueue.QuickLane).Select(_ => engine.Containers.InspectAsync(Id, CancellationToken.None)).ToList();
        await UntilAsync(() => proxy.OpenConnections == InspectionQueue.QuickLane + 1);
        gate.SetResult();
        await Task.WhenAll(inspections);

        await Eventually.IsTrueAsync(() => proxy.OpenConnections == 2 && ((DockerEngine)engine).Transport.OpenConnections == 2, "the stream and one for pings are left", () => _ = PingAsync());

        var made = proxy.Connections;
        await PingAsync();
        proxy.Connections.Should().Be(made, "the one that is left is used");
        reading.IsCompleted.Should().BeFalse("the stream is still open");

        async Task PingAsync()
        {
            if (Interlocked.Exchange(ref pinging, 1) == 0)
            {
                await engine.System.PingAsync(CancellationToken.None);
                pinging = 0;
            }
        }
    }

    [Test]
    public async Task A_disposed_engine_leaves_no_connection_and_ends_what_is_under_way()
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(request => request.Target.Contains("/events", StringComparison.Ordinal), ProxyFault.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        proxy.Always(request => request.Target.EndsWith("/info", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, "{}")));
        proxy.Always(_ => true, ProxyFault.Silence);
        var engine = await ConnectAsync(proxy.Address);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        var listing = engine.Containers.ListAsync(CancellationToken.None);
        await UntilAsync(() => proxy.Requests.Any(request => request.Target.Contains("/containers/json", StringComparison.Ordinal)));

        await engine.DisposeAsync();

        await Awaiting(reading).Should().ThrowAsync<EngineUnreachableException>();
        await Awaiting(listing).Should().ThrowAsync<EngineUnreachableException>();
        ((DockerEngine)engine).Transport.OpenConnections.Should().Be(0);
        await UntilAsync(() => proxy.OpenConnections == 0);
        var ping = () => engine.System.PingAsync(CancellationToken.None);
        (await ping.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    [TestCase("Api-Version: 1.30\r\n", "/v1.30/containers/json?all=1")]
    [TestCase("Api-Version: 9.99\r\n", "/v1.51/containers/json?all=1")]
    [TestCase("", "/v1.24/containers/json?all=1")]
    public async Task The_newest_api_version_that_both_know_is_spoken(string header, string target)
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say($"HTTP/1.1 200 OK\r\n{header}Content-Length: 2\r\n\r\nOK"));
        proxy.Always(_ => true, ProxyFault.Say(RecordingProxy.Answer(200, "[]")));
        await using var engine = await ConnectAsync(proxy.Address);

        await engine.Containers.ListAsync(CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be(target);
    }

    [TestCase("Api-Version: 1.12\r\n")]
    [TestCase("Api-Version: new\r\n")]
    [TestCase("Api-Version: 1.41.3\r\n")]
    public async Task An_api_version_that_is_too_old_or_none_keeps_the_engine_out(string header)
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(_ => true, ProxyFault.Say($"HTTP/1.1 200 OK\r\n{header}Content-Length: 2\r\n\r\nOK"));

        var connect = () => ConnectAsync(proxy.Address);

        await connect.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task Asking_for_the_specs_agrees_on_the_version_again()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(500, """{"message":"restarting"}""")));
        await using var engine = await ConnectAsync(proxy.Address);
        proxy.Next(request => request.Target == "/_ping", ProxyFault.Say("HTTP/1.1 200 OK\r\nApi-Version: 1.30\r\nContent-Length: 2\r\n\r\nOK"));

        var specs = () => engine.System.GetSpecsAsync(CancellationToken.None);

        await specs.Should().ThrowAsync<EngineApiException>();
        proxy.Requests[^1].Target.Should().StartWith("/v1.30/");
    }

    [TestCase("../../info")]
    [TestCase("x?force=1")]
    [TestCase("a/b")]
    [TestCase("")]
    [TestCase("-x")]
    [TestCase("a%2e")]
    public async Task What_is_no_id_does_not_get_into_a_path(string id)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        await using var engine = await ConnectAsync(proxy.Address);

        var start = () => engine.Containers.StartAsync(id, CancellationToken.None);

        await start.Should().ThrowAsync<ArgumentException>();
        proxy.Requests.Should().HaveCount(1);
    }

    [TestCase(404, true)]
    [TestCase(200, false)]
    [TestCase(500, false)]
    public async Task What_was_not_found_by_a_create_is_the_image_only_when_it_is_missing(int status, bool missing)
    {
        await using var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(request => request.IsCreate, ProxyFault.Say(RecordingProxy.Answer(404, """{"message":"no such thing"}""")));
        proxy.Always(request => request.Target == "/v1.41/images/team%2Fapp%3A1/json", ProxyFault.Say(RecordingProxy.Answer(status, "{}")));
        await using var engine = await ConnectAsync(proxy.Address);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"image":"team/app:1"}"""u8), CancellationToken.None);

        var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;
        error.EngineMessage.Should().Be("no such thing");
        (error is ImageNotFoundException).Should().Be(missing);
    }

    [Test]
    public async Task A_list_of_containers_may_be_longer_than_anything_that_is_read_whole()
    {
        const int Count = 600;
        var labels = string.Concat(Enumerable.Range(0, 2).Select(i => $"\"long-{i}\":\"{new string('x', 64 * 1024)}\","));
        var items = Enumerable.Range(0, Count).Select(i => $$$"""{"Id":"{{{i:x64}}}","Names":["/c{{{i}}}"],"State":"running","Labels":{{{{labels}}}"{{{SwarmLabels.Operation}}}":"{{{i:x32}}}"}}""");
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, $"[{string.Join(',', items)}]")));
        await using var engine = await ConnectAsync(proxy.Address);

        var listed = await engine.Containers.ListAsync(CancellationToken.None);

        proxy.Requests[^1].Target.Should().EndWith("/containers/json?all=1");
        listed.Select(each => each.Names.Single()).Should().Equal(Enumerable.Range(0, Count).Select(i => $"/c{i}"));
        listed.Should().OnlyContain(each => each.State == ContainerState.Running && ReservedLabels.AreOfCluster(each.Labels));
    }

    [Test]
    public async Task A_list_by_label_is_checked_here_too()
    {
        var other = Id.Replace('0', '1');
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, $$"""[{"Id":"{{Id}}","Labels":{"a":"b=\"c"} },{"Id":"{{other}}","Labels":{"a":"x"} }]""")));
        await using var engine = await ConnectAsync(proxy.Address);

        var found = await engine.Containers.ListAsync("a", "b=\"c", CancellationToken.None);

        found.Should().ContainSingle().Which.Id.Should().Be(Id);
        Uri.UnescapeDataString(proxy.Requests[^1].Target).Should().EndWith("""filters={"label":["a=b=\u0022c"]}""");
    }

    [Test]
    public async Task A_fraction_of_a_second_of_grace_is_a_second()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say("HTTP/1.1 304 Not Modified\r\n\r\n"));
        await using var engine = await ConnectAsync(proxy.Address);

        await engine.Containers.StopAsync(Id, TimeSpan.FromMilliseconds(1), CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be($"/v1.41/containers/{Id}/stop?t=1");
    }

    [TestCase("""{"errorDetail":{"code":404,"message":"gone"},"error":"gone"}""", typeof(ImageNotFoundException))]
    [TestCase("""{"errorDetail":{"message":"broken"},"error":"broken"}""", typeof(EngineApiException))]
    public async Task An_error_at_the_end_of_a_pull_is_an_error(string last, Type expected)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"Pulling\"}\r\n" + last)));
        await using var engine = await ConnectAsync(proxy.Address);

        var pull = () => engine.Images.PullAsync("busybox", CancellationToken.None);

        (await pull.Should().ThrowAsync<EngineException>()).Which.Should().BeOfType(expected);
    }

    [Test]
    public async Task A_pull_that_ends_without_the_image_is_not_taken_for_done()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"Pulling\"}\r\n")));
        proxy.Next(request => request.Target.EndsWith("/json", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(404, "{}")));
        await using var engine = await ConnectAsync(proxy.Address);

        var pull = () => engine.Images.PullAsync("busybox", CancellationToken.None);

        await pull.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task A_pull_whose_progress_never_ends_a_line_is_a_protocol_error()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"" + new string('x', 3 << 20) + "\"}")));
        await using var engine = await ConnectAsync(proxy.Address);

        var pull = () => engine.Images.PullAsync("busybox", CancellationToken.None);

        await pull.Should().ThrowAsync<EngineProtocolException>().WithMessage("*longer than*");
    }

    [Test]
    public async Task A_pull_is_given_up_with_the_token()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        await using var engine = await ConnectAsync(proxy.Address);
        using var given = new CancellationTokenSource();

        var pull = engine.Images.PullAsync("busybox", given.Token);
        await UntilAsync(() => proxy.Requests.Count == 2);
        await given.CancelAsync();

        await Awaiting(pull).Should().ThrowAsync<OperationCanceledException>();
    }

    private static Task<IEngine> ConnectAsync(EngineAddress address, EngineConnectionOptions? options = null, CancellationToken cancellationToken = default) =>
        new DockerEngineConnector(options ?? new EngineConnectionOptions()).ConnectAsync(address, cancellationToken);

    private static Func<Task> Awaiting(Task task) => () => task.WaitAsync(_patience);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
