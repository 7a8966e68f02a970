using Swarm.Core.Docker;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class DockerEventStreamTests
{
    private const string Headers = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Start = """{"Type":"container","Action":"start","Actor":{"ID":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"time":1}""";
    private const string Die = """{"Type":"container","Action":"die","Actor":{"ID":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},"time":2}""";

    [Test]
    public async Task Events_come_one_by_one_however_they_are_cut_into_chunks()
    {
        var text = Start + "\n\n" + Die + "\r\n" + Start + "\n";
        await using var proxy = Engine(string.Concat(text.Chunk(7).Select(part => Chunk(new string(part)))) + Chunk(""));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("start");
        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("die");
        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("start");
        (await events.ReadAsync(CancellationToken.None)).Should().BeNull();
        (await events.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task A_stream_that_breaks_is_unreachable_and_not_at_its_end()
    {
        await using var proxy = Engine(Chunk(Start + "\n"), ProxyEnd.Close);
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        await events.ReadAsync(CancellationToken.None);

        var read = () => events.ReadAsync(CancellationToken.None).AsTask();

        await read.Should().ThrowAsync<EngineUnreachableException>();
    }

    [TestCase("garbage\n")]
    [TestCase("{\"Type\":\n")]
    [TestCase("[]\n")]
    public async Task A_line_that_is_no_event_is_a_protocol_error(string line)
    {
        await using var proxy = Engine(Chunk(line));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        var read = () => events.ReadAsync(CancellationToken.None).AsTask();

        await read.Should().ThrowAsync<EngineProtocolException>();
    }

    [TestCase("")]
    [TestCase("\n")]
    public async Task A_line_beyond_the_limit_is_a_protocol_error(string end)
    {
        await using var proxy = Engine(Chunk(new string(' ', DockerEventStream.LineLimit + 1) + end));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        var read = () => events.ReadAsync(CancellationToken.None).AsTask();

        await read.Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task Giving_up_waiting_loses_no_event()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(Headers));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        using var given = new CancellationTokenSource();
        var waiting = events.ReadAsync(given.Token).AsTask();

        await given.CancelAsync();
        var gaveUp = () => waiting;
        await gaveUp.Should().ThrowAsync<OperationCanceledException>();
        await proxy.TellAsync(Chunk(Start + "\n"));

        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("start");
    }

    [Test]
    public async Task A_closed_stream_leaves_no_connection()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);
        var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();

        await events.DisposeAsync();

        var read = () => reading;
        await read.Should().ThrowAsync<EngineUnreachableException>();
        ((DockerEngine)engine).Transport.OpenConnections.Should().Be(0);
    }

    [Test]
    public async Task A_stream_from_now_on_begins_at_the_now_of_the_daemon()
    {
        await using var proxy = Engine("");
        proxy.Next(request => request.Target.EndsWith("/info", StringComparison.Ordinal), ProxyFault.Say(RecordingProxy.Answer(200, """{"SystemTime":"2026-01-02T03:04:05.6789Z"}""")));
        await using var engine = await ConnectAsync(proxy);

        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be("/v1.41/events?since=1767323045.678900000");
    }

    private static RecordingProxy Engine(string body, ProxyEnd end = ProxyEnd.KeepOpen) => RecordingProxy.Standalone(ProxyFault.Say(Headers + body, end));

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";
}
