using System.Net;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What is not allowed by those who stand before an engine is neither the engine's refusal nor a registry's.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ForbiddenCallTests
{
    private const string Opa = """{"message":"authorization denied by plugin opa-docker-authz: request rejected by administrative policy, denied: no"}""";
    private const string Page = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 27\r\n\r\n<h1>No pulls from here</h1>";
    private const string OfDaemon = "Api-Version: 1.41\r\nServer: Docker/20.10\r\n";

    public static IEnumerable<string> Forbidden => [CannedEngine.Forbidden, Page, RecordingProxy.Answer(403, Opa), RecordingProxy.Answer(403, Opa, OfDaemon), RecordingProxy.Answer(401, "{\"message\":\"who are you\"}")];

    [TestCaseSource(nameof(Forbidden))]
    public async Task A_pull_that_a_proxy_or_a_plugin_forbids_is_not_blamed_on_the_registry(string answer)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(answer, ProxyEnd.Close));
        await using var engine = await ConnectAsync(proxy);

        var pull = () => engine.Images.PullAsync("reg.example.com/app:1", default);

        var error = (await pull.Should().ThrowAsync<EngineCallForbiddenException>()).Which;
        error.Call.Should().Be("POST /images/create");
        error.Message.Should().Contain("POST /images/create is not allowed there, by a proxy before the engine or an authorization plug-in: ");
    }

    [TestCase(401, "no", OfDaemon)]
    [TestCase(403, "no", OfDaemon)]
    [TestCase(500, "unauthorized: authentication required", "")]
    [TestCase(403, "denied: requested access to the resource is denied", "")]
    public async Task A_registrys_refusal_that_the_engine_passes_on_is_the_registrys(int status, string words, string headers)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(status, $$"""{"message":"{{words}}"}""", headers)));
        await using var engine = await ConnectAsync(proxy);

        var pull = () => engine.Images.PullAsync("reg.example.com/app:1", default);

        (await pull.Should().ThrowAsync<RegistryAccessDeniedException>()).Which.StatusCode.Should().Be((HttpStatusCode)status);
    }

    [Test]
    public async Task A_registrys_refusal_within_the_progress_of_a_pull_is_the_registrys()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(200, """{"errorDetail":{"code":403,"message":"no"},"error":"no"}""")));
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Images.PullAsync("reg.example.com/app:1", default)).Should().ThrowAsync<RegistryAccessDeniedException>();
    }

    [Test]
    public async Task What_the_engine_itself_forbids_is_its_own_refusal()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(403, """{"message":"network x not manually attachable"}""", OfDaemon)));
        await using var engine = await ConnectAsync(proxy);

        var start = () => engine.Containers.StartAsync(CannedEngine.ContainerId, default);

        (await start.Should().ThrowAsync<EngineApiException>()).Which.Should().BeOfType<EngineApiException>();
    }

    [Test]
    public async Task The_secret_of_a_login_is_not_in_the_words_of_a_proxy_that_repeats_it()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(RecordingProxy.Answer(403, """{"message":"no user with s3cret-password here"}""")));
        await using var engine = await ConnectAsync(proxy);

        var pull = () => engine.Images.PullAsync("busybox", RegistryLogin.FromPassword("user", new Secret("s3cret-password")), default);

        (await pull.Should().ThrowAsync<EngineCallForbiddenException>()).Which.ToString().Should().NotContain("s3cret-password");
    }

    [TestCase("busybox", "busybox:latest")]
    [TestCase("app:1", "docker.io/library/app:1")]
    public async Task An_image_that_may_not_be_looked_at_is_found_in_the_list_after_its_pull(string image, string listed)
    {
        await using var proxy = Proxy(RecordingProxy.Answer(200, $$"""[{"Id":"sha256:{{new string('1', 64)}}","RepoTags":["{{listed}}"]}]"""));
        await using var engine = await ConnectAsync(proxy);

        await engine.Images.PullAsync(image, default);

        proxy.Requests[^1].Target.Should().Be("/v1.41/images/json");
    }

    [Test]
    public async Task A_pull_whose_image_is_not_even_in_the_list_is_not_taken_for_done()
    {
        await using var proxy = Proxy(RecordingProxy.Answer(200, $$"""[{"Id":"sha256:{{new string('1', 64)}}","RepoTags":["other:1"]}]"""));
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Images.PullAsync("app:1", default)).Should().ThrowAsync<EngineProtocolException>();
    }

    [Test]
    public async Task A_pull_whose_image_may_not_be_looked_at_nor_listed_is_left_to_the_create_that_follows()
    {
        await using var proxy = Proxy(CannedEngine.Forbidden);
        await using var engine = await ConnectAsync(proxy);

        await FluentActions.Awaiting(() => engine.Images.PullAsync("app:1", default)).Should().NotThrowAsync();
    }

    [Test]
    public async Task A_missing_image_is_told_from_the_list_where_it_may_not_be_looked_at()
    {
        await using var proxy = Proxy(RecordingProxy.Answer(200, "[]"));
        await using var engine = await ConnectAsync(proxy);

        var create = () => engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"app:1"}"""u8), default);

        await create.Should().ThrowAsync<ImageNotFoundException>();
    }

    [TestCase("POST", "http://engine/v1.41/containers/create?name=a", "POST /containers/create")]
    [TestCase("GET", "http://engine/v1.41/containers/json?all=1", "GET /containers/json")]
    [TestCase("GET", "http://engine/v1.41/containers/abc/json", "GET /containers/{id}/json")]
    [TestCase("DELETE", "http://engine/v1.41/containers/abc?force=1", "DELETE /containers/{id}")]
    [TestCase("POST", "http://engine/v1.41/exec/abc/start", "POST /exec/{id}/start")]
    [TestCase("GET", "http://engine/v1.41/images/a%2Fb%3A1/json", "GET /images/{name}/json")]
    [TestCase("GET", "http://engine/_ping", "GET /_ping")]
    [TestCase("GET", "http://engine/volumes", "GET /volumes")]
    public void A_call_is_named_by_what_rights_are_given_for(string method, string address, string name)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address));

        ForbiddenCall.NameOf(request).Should().Be(name);
    }

    [TestCase("sha256:1111111111111111111111111111111111111111111111111111111111111111", true)]
    [TestCase("111111111111", true)]
    [TestCase("11111111111", false)]
    [TestCase("app", false)]
    [TestCase("app:1", true)]
    [TestCase("library/app:1", true)]
    [TestCase("index.example.com/app:1", false)]
    [TestCase("app@sha256:2222222222222222222222222222222222222222222222222222222222222222", true)]
    [TestCase("app@sha256:3333333333333333333333333333333333333333333333333333333333333333", false)]
    public void An_image_is_found_in_a_list_by_id_tag_or_digest(string reference, bool found)
    {
        var image = new ImageView { Id = "sha256:" + new string('1', 64), RepoTags = ["app:1"], RepoDigests = ["docker.io/library/app@sha256:" + new string('2', 64)] };

        ListedImage.Is(image, reference).Should().Be(found);
    }

    // Pulls and creates are allowed, and what may be asked of images is the list at most.
    private static RecordingProxy Proxy(string list)
    {
        var proxy = new RecordingProxy();
        proxy.Always(request => request.Target == "/_ping", ProxyFault.Say(RecordingProxy.Pong));
        proxy.Always(CannedEngine.Path("/images/create"), ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"Pulling\"}\r\n")));
        proxy.Always(CannedEngine.Path("/images/json"), ProxyFault.Say(list, ProxyEnd.Close));
        proxy.Always(request => request.IsCreate, CannedEngine.Missing("No such image: app:1"));
        proxy.Always(_ => true, CannedEngine.Page(CannedEngine.Forbidden));
        return proxy;
    }

    private static Task<IEngine> ConnectAsync(RecordingProxy proxy) => new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
}
