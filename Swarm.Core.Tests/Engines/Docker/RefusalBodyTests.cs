using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Docker;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What proxies before engines say no with: pages that have no length and end with their connection.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class RefusalBodyTests
{
    private const string Id = CannedEngine.ContainerId;

    public static IEnumerable<TestCaseData> Calls =>
    [
        Call("describe the engine", engine => engine.System.GetSpecsAsync(default)),
        Call("list containers", engine => engine.Containers.ListAsync(default)),
        Call("inspect container", engine => engine.Containers.InspectAsync(Id, default)),
        Call("create container", engine => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox"}"""u8), default)),
        Call("start container", engine => engine.Containers.StartAsync(Id, default)),
        Call("remove container", engine => engine.Containers.RemoveAsync(Id, force: true, removeVolumes: true, default)),
        Call("wait for container", engine => engine.Containers.OpenWaitAsync(Id, WaitCondition.NextExit, default)),
        Call("export container", engine => engine.Containers.ExportAsync(Id, default)),
        Call("write archive", engine => engine.Containers.ExtractArchiveAsync(Id, "/", new MemoryStream(new byte[4096]), mayReplaceDirectories: true, default)),
        Call("create exec", engine => engine.Execs.CreateAsync(Id, new ExecConfig { Command = ["true"] }, default)),
        Call("pull image busybox", engine => engine.Images.PullAsync("busybox", default)),
    ];

    [TestCaseSource(nameof(Calls))]
    public async Task A_refusal_that_ends_with_its_connection_is_a_refusal_with_its_words(string operation, Func<IEngine, Task> call)
    {
        await using var proxy = RecordingProxy.Standalone(CannedEngine.Page(CannedEngine.Forbidden));
        await using var engine = await ConnectAsync(proxy);

        var error = (await FluentActions.Awaiting(() => call(engine)).Should().ThrowAsync<EngineApiException>()).Which;

        error.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        error.EngineMessage.Should().Be(CannedEngine.ForbiddenWords);
        error.Operation.Should().Be(operation);
        error.Message.Should().StartWith($"Cannot {operation} on {proxy.Address}: ");
        error.Should().BeOfType<EngineCallForbiddenException>();
    }

    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nhalf", "half", TestName = "{m}(cut before its length)")]
    [TestCase("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf", "half", TestName = "{m}(cut in a chunk)")]
    [TestCase("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n", "Forbidden", TestName = "{m}(without words)")]
    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\nzzzz", "Forbidden", TestName = "{m}(compressed)")]
    public async Task Words_that_are_not_whole_make_a_refusal_no_less_certain(string answer, string words)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(answer, ProxyEnd.Close));
        await using var engine = await ConnectAsync(proxy);

        var start = () => engine.Containers.StartAsync(Id, default);

        (await start.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().Be(words);
    }

    [Test]
    public async Task Words_without_end_are_cut()
    {
        var answer = "HTTP/1.1 403 Forbidden\r\n\r\n" + new string('x', 4 * RefusalBody.Limit);
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(answer));
        await using var engine = await ConnectAsync(proxy);

        var start = () => engine.Containers.StartAsync(Id, default);

        (await start.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().StartWith("xxx").And.EndWith(" characters)");
    }

    [Test]
    public async Task A_refusal_whose_words_do_not_come_to_an_end_is_a_refusal()
    {
        var time = new FakeTimeProvider();
        var response = new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StreamContent(new StallingStream("not here"u8.ToArray())) };
        var words = RefusalBody.ReadAsync(response, time, CancellationToken.None);
        words.IsCompleted.Should().BeFalse("more may come");

        time.Advance(AnswerPace.LongestPause);

        (await words).Should().Equal("not here"u8.ToArray());
    }

    [Test]
    public async Task Whoever_gives_up_while_the_words_of_a_refusal_come_is_told_that()
    {
        using var given = new CancellationTokenSource();
        var response = new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StreamContent(new StallingStream("not here"u8.ToArray())) };
        var words = RefusalBody.ReadAsync(response, new FakeTimeProvider(), given.Token);

        await given.CancelAsync();

        await FluentActions.Awaiting(() => words).Should().ThrowAsync<OperationCanceledException>();
    }

    [TestCase("describe the engine")]
    public async Task An_answer_of_success_that_ends_with_its_connection_stays_untrusted(string operation)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{}", ProxyEnd.Close));
        await using var engine = await ConnectAsync(proxy);

        var describe = () => engine.System.GetSpecsAsync(default);

        (await describe.Should().ThrowAsync<EngineProtocolException>()).Which.Operation.Should().Be(operation);
    }

    [Test]
    public async Task A_connection_that_was_kept_is_used_again_after_a_refusal_with_a_length()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(403, new string('x', RefusalBody.Limit))));
        await using var engine = await ConnectAsync(proxy);
        for (var i = 0; i < 3; i++)
        {
            await FluentActions.Awaiting(() => engine.Containers.StartAsync(Id, default)).Should().ThrowAsync<EngineApiException>();
        }

        proxy.Connections.Should().Be(1);
    }

    private static TestCaseData Call(string operation, Func<IEngine, Task> call) => new TestCaseData(operation, call).SetArgDisplayNames(operation);

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) => new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
}
