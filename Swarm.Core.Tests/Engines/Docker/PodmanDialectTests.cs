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
    private const string Linked = """{"Image":"busybox","HostConfig":{"Links":["db:db"]}}""";
    private const string Ranged = """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8000-8010"}]}}}""";
    private const string Named = """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"http-alt"}]}}}""";
    private const string NoLinks = """{"cause":"link is not supported","message":"bad parameter: link is not supported","response":400}""";
    private const string NoLinksOfOld = """{"cause":"Link is not supported","message":"Link is not supported","response":400}""";
    private const string NoRange = """{"cause":"invalid syntax","message":"make cli opts(): strconv.Atoi: parsing \"8000-8010\": invalid syntax","response":500}""";
    private const string NoPort = """{"cause":"invalid syntax","message":"make cli opts(): strconv.Atoi: parsing \"http-alt\": invalid syntax","response":500}""";
    private const string BadName = """{"cause":"invalid argument","message":"container create: running container create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument","response":500}""";
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

    [TestCase(Linked, 400, NoLinks, "Podman 5.4.2 takes no links to other containers (HostConfig.Links): bad parameter: link is not supported")]
    [TestCase(Linked, 400, NoLinksOfOld, "Podman 5.4.2 takes no links to other containers (HostConfig.Links): Link is not supported")]
    [TestCase(Ranged, 500, NoRange, "Podman 5.4.2 takes no ranges of host ports (HostConfig.PortBindings): make cli opts(): strconv.Atoi: parsing \"8000-8010\": invalid syntax")]
    public async Task A_refused_create_names_the_engine_that_does_not_take_what_Docker_takes(string body, int status, string answer, string words)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(status, answer));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse(System.Text.Encoding.UTF8.GetBytes(body)), CancellationToken.None);

        var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;
        error.EngineMessage.Should().Be(words);
        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [TestCase(Linked, 500, BadName)]
    [TestCase(Ranged, 500, BadName)]
    [TestCase(Ranged, 400, NoLinks)]
    [TestCase(Linked, 500, NoRange)]
    [TestCase(Named, 500, NoPort)]
    [TestCase("""{"Image":"busybox"}""", 500, NoRange)]
    [TestCase(Linked, 400, """{"message":"bad parameter"}""")]
    public async Task A_create_that_is_refused_for_something_else_says_that_and_no_more(string body, int status, string answer)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(status, answer));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse(System.Text.Encoding.UTF8.GetBytes(body)), CancellationToken.None);

        (await create.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().NotContain("takes no");
    }

    [TestCase("that name is already in use", HttpStatusCode.Conflict)]
    [TestCase("UNIQUE constraint failed: ContainerConfig.Name", HttpStatusCode.Conflict)]
    [TestCase("container already exists", HttpStatusCode.Conflict)]
    [TestCase("container state improper", HttpStatusCode.InternalServerError)]
    [TestCase("container is stopped", HttpStatusCode.InternalServerError)]
    [TestCase("container is running", HttpStatusCode.InternalServerError)]
    public async Task A_name_is_taken_only_where_Podman_says_so_of_the_name(string cause, HttpStatusCode status)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(500, $$"""{"cause":"{{cause}}","message":"a thing cannot be: {{cause}}","response":500}"""));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox"}"""u8.ToArray()), CancellationToken.None);
        var rename = () => engine.Containers.RenameAsync(Id, "web", CancellationToken.None);

        foreach (var call in new Func<Task>[] { create, rename })
        {
            var error = (await call.Should().ThrowAsync<EngineApiException>()).Which;
            error.StatusCode.Should().Be(status);
            error.EngineMessage.Should().Be($"a thing cannot be: {cause}");
        }
    }

    [TestCase(HttpStatusCode.Conflict, "pod already exists")]
    [TestCase(HttpStatusCode.Conflict, "some words of later days")]
    [TestCase(HttpStatusCode.Conflict, "container state improper")]
    [TestCase(HttpStatusCode.Conflict, "container is running")]
    public async Task What_Podman_itself_calls_a_conflict_stays_one(HttpStatusCode status, string cause)
    {
        await using var proxy = Podman();
        proxy.Always(_ => true, Say(409, $$"""{"cause":"{{cause}}","message":"x","response":409}"""));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox"}"""u8.ToArray()), CancellationToken.None);
        var rename = () => engine.Containers.RenameAsync(Id, "web", CancellationToken.None);

        foreach (var call in new Func<Task>[] { create, rename })
        {
            (await call.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(status);
        }
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
