using System.Net;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What Podman says and wants in a way of its own, played from what Podman 5.4 and 5.8 were seen to say.</summary>
[TestFixture]
internal sealed class PodmanDialectTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Exec = "0479de233d46b806db57adc9f66bd02f1565625b1e6f5027a361437d5df2c8b3";
    private const string Pong = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nLibpod-Api-Version: 5.4.2\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK";
    private const string Done = "HTTP/1.1 204 No Content\r\n\r\n";

    [Test]
    public async Task A_process_that_has_not_been_started_can_be_started()
    {
        await using var proxy = Podman();
        proxy.Always(request => request.Target.EndsWith($"/exec/{Exec}/json", StringComparison.Ordinal), Say(200, StateOfExec(canRemove: false, exitCode: 0)));
        proxy.Always(request => request.Target.EndsWith($"/exec/{Exec}/start", StringComparison.Ordinal), Say(200, ""));
        await using var engine = await ConnectAsync(proxy);

        await engine.Execs.StartDetachedAsync(Exec, CancellationToken.None);

        (await engine.Execs.InspectAsync(Exec, CancellationToken.None)).ExitCode.Should().BeNull();
    }

    [Test]
    public async Task A_process_that_ended_well_is_not_started_again()
    {
        await using var proxy = Podman();
        proxy.Always(request => request.Target.EndsWith($"/exec/{Exec}/json", StringComparison.Ordinal), Say(200, StateOfExec(canRemove: true, exitCode: 0)));
        await using var engine = await ConnectAsync(proxy);

        var start = () => engine.Execs.StartDetachedAsync(Exec, CancellationToken.None);

        await start.Should().ThrowAsync<EngineApiException>().WithMessage("*has run already*");
        (await engine.Execs.InspectAsync(Exec, CancellationToken.None)).ExitCode.Should().Be(0);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Removing_by_force_does_not_wait_for_the_grace_of_a_stop(bool removeVolumes)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(200, $$"""[{"Id":"{{Id}}"}]"""));
        await using var engine = await ConnectAsync(proxy);

        await engine.Containers.RemoveAsync(Id, force: true, removeVolumes, CancellationToken.None);

        proxy.Requests.Where(request => request.Method == "DELETE").Should().ContainSingle().Which.Target
            .Should().Be($"/v5.4.2/libpod/containers/{Id}?force=true&timeout=0&v={(removeVolumes ? "true" : "false")}");
    }

    [Test]
    public async Task Removing_without_force_is_asked_as_of_Docker()
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, ProxyFault.Say(Done));
        await using var engine = await ConnectAsync(proxy);

        await engine.Containers.RemoveAsync(Id, force: false, removeVolumes: true, CancellationToken.None);

        proxy.Requests.Where(request => request.Method == "DELETE").Should().ContainSingle().Which.Target.Should().Be($"/v1.41/containers/{Id}?force=0&v=1");
    }

    [TestCase(403)]
    [TestCase(404)]
    [TestCase(405)]
    public async Task Removing_by_force_works_behind_a_proxy_that_knows_Docker_only(int status)
    {
        await using var proxy = Podman();
        proxy.Always(request => request.Target.Contains("/libpod/", StringComparison.Ordinal), Say(status, "Forbidden"));
        proxy.Always(_ => true, ProxyFault.Say(Done));
        await using var engine = await ConnectAsync(proxy);

        await engine.Containers.RemoveAsync(Id, force: true, removeVolumes: true, CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be($"/v1.41/containers/{Id}?force=1&v=1");
    }

    [Test]
    public async Task What_is_not_there_to_be_removed_is_not_found()
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(404, """{"cause":"no such container","message":"no container with ID or name found: no such container","response":404}"""));
        await using var engine = await ConnectAsync(proxy);

        var remove = () => engine.Containers.RemoveAsync(Id, force: true, removeVolumes: true, CancellationToken.None);

        (await remove.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task An_engine_that_is_no_Podman_is_asked_as_Docker_is()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(Done));
        await using var engine = await ConnectAsync(proxy);

        await engine.Containers.RemoveAsync(Id, force: true, removeVolumes: true, CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be($"/v1.41/containers/{Id}?force=1&v=1");
    }

    [Test]
    public async Task Events_are_asked_for_from_a_little_earlier_for_their_times_are_rounded()
    {
        await using var proxy = Podman();
        proxy.Always(IsInfo, Say(200, Info("1", "pod", "2026-01-02T03:04:05.6789Z")));
        proxy.Always(request => request.Target.Contains("/events", StringComparison.Ordinal), Events());
        await using var engine = await ConnectAsync(proxy);
        var since = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

        await using var events = await engine.System.OpenEventsAsync(since, CancellationToken.None);

        proxy.Requests[^1].Target.Should().Be("/v1.41/events?since=1767323039.999999000");
        events.Begin.Should().Be(since);
    }

    [Test]
    public async Task A_stream_of_events_that_is_lost_before_anything_else_was_read_is_taken_up_again()
    {
        await using var proxy = Podman();
        proxy.Next(IsInfo, Say(200, Info("ONE", "pod", "2026-01-02T03:04:05Z")));
        proxy.Always(IsInfo, Say(200, Info("OTHER", "pod", "2026-01-02T03:05:05Z")));
        proxy.Always(request => request.Target.Contains("/events", StringComparison.Ordinal), Events());
        await using var engine = await ConnectAsync(proxy);
        await using var first = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        await using var second = await engine.System.OpenEventsAsync(first.Begin, CancellationToken.None);

        second.Begin.Should().Be(first.Begin);
    }

    [Test]
    public async Task A_stream_of_events_is_not_taken_up_at_an_engine_of_another_name()
    {
        await using var proxy = Podman();
        proxy.Next(IsInfo, Say(200, Info("ONE", "pod", "2026-01-02T03:04:05Z")));
        proxy.Always(IsInfo, Say(200, Info("OTHER", "other", "2026-01-02T03:05:05Z")));
        proxy.Always(request => request.Target.Contains("/events", StringComparison.Ordinal), Events());
        await using var engine = await ConnectAsync(proxy);
        await using var first = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        await using var second = await engine.System.OpenEventsAsync(first.Begin, CancellationToken.None);

        second.Begin.Should().Be(new DateTimeOffset(2026, 1, 2, 3, 5, 5, TimeSpan.Zero));
    }

    [Test]
    public async Task An_upload_whose_connection_ended_is_not_asked_about_for_that_would_make_its_folder()
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, ProxyFault.Say("HTTP/1.1 100 Continue\r\n\r\n", ProxyEnd.Close));
        await using var engine = await ConnectAsync(proxy);

        var upload = () => engine.Containers.ExtractArchiveAsync(Id, "/nosuch", new MemoryStream(new byte[4096]), mayReplaceDirectories: true, CancellationToken.None);

        await upload.Should().ThrowAsync<EngineUnreachableException>();
        proxy.Requests.Where(request => request.Method == "PUT").Should().ContainSingle();
    }

    [TestCase("""{"Image":"busybox","HostConfig":{"Links":["db:db"]}}""", "Podman 5.4.2 takes no links to other containers (HostConfig.Links): bad parameter")]
    [TestCase("""{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8000-8010"}]}}}""", "Podman 5.4.2 takes no ranges of host ports (HostConfig.PortBindings): bad parameter")]
    [TestCase("""{"Image":"busybox"}""", "bad parameter")]
    public async Task A_refused_create_names_the_engine_that_does_not_take_what_Docker_takes(string body, string words)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(400, """{"cause":"x","message":"bad parameter","response":400}"""));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse(System.Text.Encoding.UTF8.GetBytes(body)), CancellationToken.None);

        var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;
        error.EngineMessage.Should().Be(words);
        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static bool IsInfo(RecordedRequest request) => request.Target.EndsWith("/info", StringComparison.Ordinal);

    private static string Info(string id, string name, string now) => $$"""{"ID":"{{id}}","Name":"{{name}}","SystemTime":"{{now}}"}""";

    private static ProxyFault Events() => ProxyFault.Say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");

    private static string StateOfExec(bool canRemove, int exitCode) => $$$"""
        {"CanRemove":{{{(canRemove ? "true" : "false")}}},"ContainerID":"{{{Id}}}","DetachKeys":"","ExitCode":{{{exitCode}}},"ID":"{{{Exec}}}","OpenStderr":false,"OpenStdin":false,"OpenStdout":true,"Running":false,"Pid":0,"ProcessConfig":{"arguments":["-c","exit 3"],"entrypoint":"sh","privileged":false,"tty":false,"user":""}}
        """;

    private static ProxyFault Say(int status, string body) => ProxyFault.Say(RecordingProxy.Answer(status, body));

    private static RecordingProxy Podman()
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(Pong));
        return proxy;
    }

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
}
