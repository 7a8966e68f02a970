using System.Net;
using Swarm.Core.Docker;

namespace Swarm.Core.Engines;

/// <summary>What becomes of an upload whose connection the engine ends while it comes.</summary>
[TestFixture]
internal sealed class RefusedUploadTests
{
    private const string Id = CannedEngine.ContainerId;

    // Docker asks for the body before it looks where that is to go.
    private static readonly ProxyFault _hangup = ProxyFault.Say("HTTP/1.1 100 Continue\r\n\r\n", ProxyEnd.Close);

    [Test]
    public async Task An_upload_that_is_refused_by_the_end_of_its_connection_says_why()
    {
        await using var proxy = RecordingProxy.Standalone(CannedEngine.Missing("no such file or directory"));
        proxy.Next(IsUpload, _hangup);
        await using var engine = await ConnectAsync(proxy);

        var upload = () => UploadAsync(engine);

        var error = (await upload.Should().ThrowAsync<EngineApiException>()).Which;
        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        error.EngineMessage.Should().Be("no such file or directory");
        proxy.Requests.Where(IsUpload).Select(request => request.Target).Distinct().Should().ContainSingle("the reason is that of the same place");
    }

    [Test]
    public async Task Nothing_but_zeros_is_sent_to_hear_the_reason()
    {
        await using var proxy = RecordingProxy.Standalone(CannedEngine.Missing("no such file or directory"));
        proxy.Next(IsUpload, _hangup);
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => UploadAsync(engine)).Should().ThrowAsync<EngineApiException>();

        proxy.Requests.Last(IsUpload).Body.Should().Equal(new byte[1024]);
    }

    [Test]
    public async Task An_upload_whose_connection_ended_for_no_reason_is_an_engine_out_of_reach()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, "")));
        proxy.Next(IsUpload, _hangup);
        await using var engine = await ConnectAsync(proxy);

        (await FluentActions.Awaiting(() => UploadAsync(engine)).Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeFalse();
    }

    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_gateway_without_its_engine_is_no_reason(int status)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(status, "")));
        proxy.Next(IsUpload, _hangup);
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => UploadAsync(engine)).Should().ThrowAsync<EngineUnreachableException>();
    }

    private static bool IsUpload(RecordedRequest request) => request.Method == "PUT";

    private static Task UploadAsync(IEngine engine) => engine.Containers.ExtractArchiveAsync(Id, "/nosuch", new MemoryStream(new byte[4096]), mayReplaceDirectories: true, CancellationToken.None);

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
}
