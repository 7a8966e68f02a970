using Swarm.Core.Builders;
using Swarm.Core.Docker;

namespace Swarm.Core.Engines;

/// <summary>Proxies that leave out the wish to go on in both directions: the engine answers 200 and sends the output all the same.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class RemovedUpgradeTests
{
    private const string Id = CannedEngine.ContainerId;
    private const string Exec = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    private const string Frame = "\u0001\0\0\0\0\0\0\u0003hi\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" + Frame + "\r\n0\r\n\r\n";
    private const string UntilClosed = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n" + Frame;

    [TestCase(Chunked)]
    [TestCase(UntilClosed)]
    public async Task The_output_of_an_exec_without_input_is_read(string answer)
    {
        await using var proxy = Engine(answer, hasInput: false);
        await using var engine = await ConnectAsync(proxy);

        await using var streams = await engine.Execs.StartAsync(Exec, default);

        (await streams.CollectAsync(10)).StandardOutput.Should().Be("hi\n");
    }

    [TestCase(Chunked)]
    [TestCase(UntilClosed)]
    public async Task The_output_of_what_is_attached_to_without_input_is_read(string answer)
    {
        await using var proxy = Engine(answer, hasInput: false);
        await using var engine = await ConnectAsync(proxy);

        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions(), default);

        (await streams.CollectAsync(10)).StandardOutput.Should().Be("hi\n");
        await FluentActions.Awaiting(() => streams.WriteAsync(new byte[1], default).AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task A_chunk_that_is_cut_is_an_error()
    {
        await using var proxy = Engine(Chunked[..^7], hasInput: false);
        await using var engine = await ConnectAsync(proxy);
        await using var streams = await engine.Containers.AttachAsync(Id, new AttachOptions(), default);

        await FluentActions.Awaiting(() => streams.CollectAsync(10)).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task An_exec_with_input_says_that_something_removed_the_upgrade()
    {
        await using var proxy = Engine(UntilClosed, hasInput: true);
        await using var engine = await ConnectAsync(proxy);

        var start = () => engine.Execs.StartAsync(Exec, default);

        (await start.Should().ThrowAsync<EngineUpgradeRemovedException>()).WithMessage("Cannot start exec on *something before the engine, such as a proxy, removed the upgrade*");
        await Eventually.IsTrueAsync(() => ((DockerEngine)engine).Transport.OpenConnections <= 1, "only the shared connection is left");
    }

    [Test]
    public async Task Attaching_to_an_input_says_that_something_removed_the_upgrade()
    {
        await using var proxy = Engine(Chunked, hasInput: true);
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Containers.AttachAsync(Id, new AttachOptions { Input = true }, default)).Should().ThrowAsync<EngineUpgradeRemovedException>();
    }

    [Test]
    public async Task Anything_else_that_is_answered_in_place_of_an_upgrade_is_a_protocol_error()
    {
        await using var proxy = Engine("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 11\r\n\r\n" + Frame, hasInput: false);
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Containers.AttachAsync(Id, new AttachOptions(), default)).Should().ThrowAsync<EngineProtocolException>();
    }

    private static RecordingProxy Engine(string answer, bool hasInput)
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(CannedEngine.Path($"/containers/{Id}/json"), ProxyFault.Say(RecordingProxy.Answer(200, """{"Config":{"Tty":false}}""")));
        proxy.Always(CannedEngine.Path($"/exec/{Exec}/json"), ProxyFault.Say(RecordingProxy.Answer(200, $$"""{"ID":"{{Exec}}","Running":false,"ExitCode":null,"ProcessConfig":{"tty":false},"OpenStdin":{{(hasInput ? "true" : "false")}}}""")));
        proxy.Always(_ => true, ProxyFault.Say(answer, ProxyEnd.Close));
        return proxy;
    }

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) => new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
}
