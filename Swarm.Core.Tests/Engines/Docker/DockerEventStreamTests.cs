using System.Text;
using System.Threading.Tasks.Sources;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class DockerEventStreamTests
{
    private const string Headers = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Start = """{"Type":"container","Action":"start","Actor":{"ID":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"time":1}""";
    private const string Exec = """{"status":"exec_create: sh","id":"a","from":"busybox","Type":"container","Action":"exec_create: sh","Actor":{"ID":"a","Attributes":{"execID":"e","image":"busybox","name":"web"}},"scope":"local","time":1,"timeNano":1000000000}""";
    private const string Die = """{"Type":"container","Action":"die","Actor":{"ID":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},"time":2}""";

    private static readonly DateTimeOffset _now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(6_789_000);

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
    public async Task A_line_beyond_the_limit_whose_kind_is_not_known_asks_for_everything_to_be_read_anew_once(string end)
    {
        await using var proxy = Engine(Chunk(new string(' ', DockerEventStream.LineLimit + 1) + end) + Chunk(""));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        (await events.ReadAsync(CancellationToken.None)).Should().BeEquivalentTo(new { Type = EngineEventType.Daemon, Action = "reload" });
        (await events.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task A_line_beyond_the_limit_does_not_end_the_stream()
    {
        await using var proxy = Engine(Chunk(Start[..^1] + ",\"x\":\"" + new string('x', 3 * DockerEventStream.LineLimit) + "\"}\n" + Die + "\n"));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        (string, EngineEventType)[] found = [await NextAsync(), await NextAsync()];

        found.Should().BeEquivalentTo([("die", EngineEventType.Container), ("reload", EngineEventType.Daemon)]);

        async Task<(string, EngineEventType)> NextAsync() => await events.ReadAsync(CancellationToken.None) is { } next ? (next.Action, next.Type) : default;
    }

    [TestCase("\"status\":\"{0}\",\"id\":\"a\",\"Type\":\"container\",\"Action\":\"{0}\"")]
    [TestCase("\"Type\":\"container\",\"Action\":\"{0}\"")]
    public async Task A_command_of_any_length_in_a_container_is_passed_over(string members)
    {
        var command = "exec_create: /bin/sh -c true #" + new string('x', (2 * DockerEventStream.LineLimit) + 1);
        await using var proxy = Engine(Chunk("{" + members.Replace("{0}", command, StringComparison.Ordinal) + "}\n") + Chunk(Start + "\n") + Chunk(""));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("start");
        (await events.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task A_line_without_end_is_a_protocol_error_and_is_not_held()
    {
        var source = new DrippingStream();
        using var response = new HttpResponseMessage();
        await using var events = new DockerEventStream(EngineAddress.Parse("10.0.0.1:2375"), response, source);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        var part = Encoding.UTF8.GetBytes("{\"status\":\"exec_create: " + new string('x', 1024 * 1024 - 24));
        source.Give(part);
        source.Give(part);

        var allocated = Allocation.Of(() =>
        {
            for (var i = 2; i < DockerEventStream.PassLimit / part.Length; i++)
            {
                source.Give(part);
            }
        });

        allocated.Should().Be(0);
        source.Largest.Should().BeLessThan(64 * 1024);
        reading.IsCompleted.Should().BeFalse();
        source.Give("x"u8.ToArray());
        (await reading.Awaiting(task => task).Should().ThrowAsync<EngineProtocolException>()).Which.IsTooLong.Should().BeTrue();
    }

    [Test]
    public async Task Lines_beyond_the_limit_without_one_that_can_be_read_between_them_are_a_protocol_error()
    {
        var source = new DrippingStream();
        using var response = new HttpResponseMessage();
        await using var events = new DockerEventStream(EngineAddress.Parse("10.0.0.1:2375"), response, source);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        var line = Encoding.UTF8.GetBytes("{\"status\":\"exec_create: " + new string('x', DockerEventStream.LineLimit) + "\n");
        Give(60);
        source.Give(Encoding.UTF8.GetBytes(Exec + "\n"));
        Give(60);
        reading.IsCompleted.Should().BeFalse();

        Give(4);

        await reading.Awaiting(task => task).Should().ThrowAsync<EngineProtocolException>();

        void Give(int count)
        {
            for (var i = 0; i < count; i++)
            {
                source.Give(line);
            }
        }
    }

    [Test]
    public async Task Giving_up_waiting_closes_the_connection()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        using var given = new CancellationTokenSource();
        var waiting = events.ReadAsync(given.Token).AsTask();

        await given.CancelAsync();

        var gaveUp = () => waiting;
        await gaveUp.Should().ThrowAsync<OperationCanceledException>();
        await events.DisposeAsync();
        await Eventually.IsTrueAsync(() => proxy.Requests.Any(request => request.Target.Contains("/events", StringComparison.Ordinal)) && ((DockerEngine)engine).Transport.OpenConnections <= 1, "its connection is closed");
    }

    [Test]
    public async Task Events_that_nobody_follows_are_left_out()
    {
        await using var proxy = Engine(Chunk(Exec + "\n" + Exec + "\n" + Start + "\n" + Exec + "\n" + Die + "\n") + Chunk(""));
        await using var engine = await ConnectAsync(proxy);
        await using var events = await engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);

        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("start");
        (await events.ReadAsync(CancellationToken.None))!.Action.Should().Be("die");
        (await events.ReadAsync(CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task An_event_that_nobody_follows_costs_no_memory_whether_many_come_at_once_or_each_by_itself()
    {
        const int Count = 1000;
        var source = new DrippingStream();
        using var response = new HttpResponseMessage();
        await using var events = new DockerEventStream(EngineAddress.Parse("10.0.0.1:2375"), response, source);
        var line = Encoding.UTF8.GetBytes(Exec + "\n");
        byte[] many = [.. Enumerable.Repeat(line, Count).SelectMany(each => each)];
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        source.Give(line);

        var allocated = Allocation.Of(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                source.Give(line);
            }

            source.Give(many);
        });

        source.Give(Encoding.UTF8.GetBytes(Start + "\n"));
        allocated.Should().Be(0);
        (await reading)!.Action.Should().Be("start");
    }

    [Test]
    public async Task The_memory_of_a_long_event_is_given_back()
    {
        var source = new DrippingStream();
        using var response = new HttpResponseMessage();
        await using var events = new DockerEventStream(EngineAddress.Parse("10.0.0.1:2375"), response, source);
        var reading = events.ReadAsync(CancellationToken.None).AsTask();
        source.Give(Encoding.UTF8.GetBytes(Start + new string(' ', DockerEventStream.LineLimit - 200)));
        source.Give("\n"u8.ToArray());
        (await reading)!.Action.Should().Be("start");

        reading = events.ReadAsync(CancellationToken.None).AsTask();

        source.Largest.Should().BeLessThan(64 * 1024);
        source.Give(Encoding.UTF8.GetBytes(Die + "\n"));
        (await reading)!.Action.Should().Be("die");
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
        await using var engine = await ConnectAsync(proxy);

        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be("/v1.41/events?since=1767323045.678900000");
        events.Begin.Should().Be(_now);
    }

    [Test]
    public async Task A_stream_from_a_moment_on_begins_there()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);

        await using var events = await engine.System.OpenEventsAsync(_now.AddSeconds(-45.5), CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be("/v1.41/events?since=1767323000.178900000");
        events.Begin.Should().Be(_now.AddSeconds(-45.5));
    }

    [Test]
    public async Task A_stream_from_a_moment_that_has_not_come_begins_now()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);

        await using var events = await engine.System.OpenEventsAsync(_now.AddHours(1), CancellationToken.None);

        events.Begin.Should().Be(_now);
    }

    [Test]
    public async Task A_stream_is_not_taken_up_at_another_daemon()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);
        await using var first = await engine.System.OpenEventsAsync(null, CancellationToken.None);
        proxy.Next(IsInfo, Info("OTHER", _now.AddDays(1)));

        await using var second = await engine.System.OpenEventsAsync(_now, CancellationToken.None);
        proxy.Next(IsInfo, Info("OTHER", _now.AddDays(2)));
        await using var third = await engine.System.OpenEventsAsync(_now, CancellationToken.None);

        second.Begin.Should().Be(_now.AddDays(1));
        third.Begin.Should().Be(_now, "by now it is the daemon that is followed");
    }

    [Test]
    public async Task A_daemon_that_came_back_as_another_version_is_subscribed_to_in_its_own()
    {
        await using var proxy = Engine("");
        await using var engine = await ConnectAsync(proxy);
        proxy.Next(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong.Replace("1.41", "1.44", StringComparison.Ordinal)));

        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        proxy.Requests[^1].Target.Should().StartWith("/v1.44/events");
    }

    private static RecordingProxy Engine(string body, ProxyEnd end = ProxyEnd.KeepOpen)
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(IsInfo, Info("ONE", _now));
        proxy.Always(_ => true, ProxyFault.Say(Headers + body, end));
        return proxy;
    }

    private static bool IsInfo(RecordedRequest request) => request.Target.EndsWith("/info", StringComparison.Ordinal);

    private static ProxyFault Info(string id, DateTimeOffset now) => ProxyFault.Say(RecordingProxy.Answer(200, $$"""{"ID":"{{id}}","SystemTime":"{{now:O}}"}"""));

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    /// <summary>A stream whose reads wait until the test gives bytes, and end within that call. It allocates nothing.</summary>
    private sealed class DrippingStream : Stream, IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _read;
        private Memory<byte> _wanted;

        public int Largest => _wanted.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Give(ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var part = bytes[..Math.Min(bytes.Length, _wanted.Length)];
                part.CopyTo(_wanted);
                bytes = bytes[part.Length..];
                _read.SetResult(part.Length);
            }
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _wanted = buffer;
            _read.Reset();
            return new ValueTask<int>(this, _read.Version);
        }

        public int GetResult(short token) => _read.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _read.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _read.OnCompleted(continuation, state, token, ValueTaskSourceOnCompletedFlags.None);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
