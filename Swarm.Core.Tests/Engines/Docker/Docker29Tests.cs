using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

/// <summary>Engines of versions of the API that the library was not made for.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class Docker29Tests
{
    [Test]
    public async Task What_the_newest_api_has_left_out_is_not_missed(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine(InMemoryImage.BusyBox);
        await using var connected = await ConnectAsync(engine, cancellationToken);
        await using var events = await connected.System.OpenEventsAsync(null, cancellationToken);

        var created = await connected.Containers.CreateAsync(new ContainerSpec { Image = "busybox:latest", Name = "web", Command = ["sleep", "1000"] }, cancellationToken);
        await connected.Containers.StartAsync(created.Id, cancellationToken);
        var inspection = await connected.Containers.InspectAsync(created.Id, cancellationToken);

        (inspection.View.State, inspection.View.Name).Should().Be((ContainerState.Running, "web"));
        (await events.ReadAsync(cancellationToken))!.ActorId.Should().Be(created.Id);
        using var document = JsonDocument.Parse(inspection.Json);
        document.RootElement.GetProperty("NetworkSettings").EnumerateObject().Select(member => member.Name).Should().BeEquivalentTo("SandboxID", "SandboxKey", "Ports", "Networks");
        document.RootElement.TryGetProperty("GraphDriver", out _).Should().BeFalse();
    }

    [TestCase("1.43", "client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version")]
    [TestCase("1.53", "client version 1.53 is too new. Maximum supported API version is 1.52")]
    public async Task A_version_that_it_does_not_speak_is_refused(string version, string words)
    {
        await using var engine = new Docker29Engine();
        using var http = new HttpClient();

        var answer = await http.GetAsync(new Uri($"http://{engine.Address}/v{version}/info"));

        ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()).Should().Be((400, JsonSerializer.Serialize(new { message = words })));
    }

    [Test]
    public async Task An_engine_that_the_library_is_too_old_for_says_so_with_both_versions(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine { OldestApi = new(1, 55), NewestApi = new(1, 60) };
        await using var connected = await ConnectAsync(engine, cancellationToken);
        var describe = () => connected.System.GetSpecsAsync(cancellationToken);

        await describe.Should().ThrowAsync<EngineProtocolException>().WithMessage("*takes API 1.55 to 1.60 only, and this library speaks 1.51 at most: the library is too old for the engine.");
    }

    [Test]
    public async Task Such_an_engine_waits_with_that_reason_and_the_others_go_on(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine(InMemoryImage.BusyBox) { OldestApi = new(1, 55), NewestApi = new(1, 60) };
        await using var other = new Docker29Engine(InMemoryImage.BusyBox);
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.StartupTimeout = TimeSpan.FromSeconds(1), engine.Address, other.Address);

        await cluster.UntilAsync(other.Address, EngineStatus.Healthy);
        var waiting = await cluster.UntilAsync(engine.Address, state => state.Reason is not null);
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper(), cancellationToken: cancellationToken);

        waiting.Reason.Should().Contain("takes API 1.55 to 1.60 only, and this library speaks 1.51 at most");
    }

    [Test]
    public async Task A_refusal_for_another_reason_stays_what_it_is(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine();
        await using var connected = await ConnectAsync(engine, cancellationToken);
        engine.Front.Next(CannedEngine.Path("/v1.51/version"), ProxyFault.Say(RecordingProxy.Answer(400, """{"message":"not today"}""")));
        var describe = () => connected.System.GetSpecsAsync(cancellationToken);

        await describe.Should().ThrowAsync<EngineApiException>().WithMessage("*not today*");
    }

    [Test]
    public async Task A_refusal_stays_what_it_is_where_nobody_may_ask_for_versions(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine();
        await using var connected = await ConnectAsync(engine, cancellationToken);
        engine.Front.Next(CannedEngine.Path("/v1.51/version"), ProxyFault.Say(RecordingProxy.Answer(400, """{"message":"not today"}""")));
        engine.Front.Next(request => request.Target == "/version", ProxyFault.Say("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
        var describe = () => connected.System.GetSpecsAsync(cancellationToken);

        await describe.Should().ThrowAsync<EngineApiException>().WithMessage("*not today*");
    }

    [Test]
    public async Task A_container_is_run_and_waited_for_and_its_output_read(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine(InMemoryImage.BusyBox);
        await using var cluster = await ClusterUnderTest.StartAsync(engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);

        var job = cluster.Containers.RunToCompletionAsync(ClusterUnderTest.Sleeper("job"), cancellationToken: cancellationToken);
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Any(each => each is { Name: "job", State: ContainerState.Running }), "it runs, by the events");
        engine.Memory.WriteOutput(cluster.Containers.List().Single().Id, "hello\n");
        engine.Memory.EndProcess(cluster.Containers.List().Single().Id, 3);

        var ended = await job;
        (ended.ExitCode, ended.Output.StandardOutput).Should().Be((3, "hello\n"));
    }

    [Test]
    public async Task A_pull_that_fails_says_why_where_only_the_new_member_does(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine();
        await using var connected = await ConnectAsync(engine, cancellationToken);
        engine.Front.Next(CannedEngine.Path("/images/create"), ProxyFault.Say(RecordingProxy.Answer(200, Docker29Documents.PullFailure(500, "no space left on device").ToJsonString() + "\r\n")));
        var pull = () => connected.Images.PullAsync("app:1", cancellationToken);

        (await pull.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().Be("no space left on device");
    }

    private static Task<IEngine> ConnectAsync(Docker29Engine engine, CancellationToken cancellationToken) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(engine.Address, cancellationToken);
}
