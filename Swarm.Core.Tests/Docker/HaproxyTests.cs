using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>What a user of a cluster sees whose engine is behind a socket proxy as they are.</summary>
[TestFixture]
[Category("Docker")]
[CancelAfter(180_000)]
internal sealed class HaproxyTests
{
    private static IEnumerable<string> Without(params string[] rights) => Haproxy.AllRights.Except(rights);

    [Test]
    public async Task What_it_forbids_is_a_refusal_of_one_call_with_its_words_although_its_page_has_no_length(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Without("POST"));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.RefreshInterval = TimeSpan.FromMilliseconds(500), proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        var create = () => cluster.Containers.CreateAsync(new ContainerSpec { Name = "web", Image = DockerDaemons.Image, MemoryBytes = 1 << 30 });

        var page = await proxy.AskAsync("POST /v1.41/containers/create HTTP/1.1\r\nHost: engine\r\nContent-Length: 2\r\n\r\n{}", cancellationToken);
        var error = (await create.Should().ThrowAsync<EngineCallForbiddenException>()).Which;

        page.Should().StartWith("HTTP/1.0 403 Forbidden").And.NotContainEquivalentOf("Content-Length").And.NotContainEquivalentOf("chunked");
        error.Call.Should().Be("POST /containers/create");
        error.EngineMessage.Should().Contain("Request forbidden by administrative rules");
        cluster.OpenHolds.Should().Be(0);
        var state = await cluster.UntilAsync(proxy.Address, each => !each.Degradations.IsEmpty);
        state.Degradations.Should().ContainSingle(each => each.Kind == EngineDegradationKind.ForbiddenCalls).Which.Reason.Should().Contain("POST /containers/create");
    }

    [Test]
    public async Task A_pull_that_it_forbids_is_not_blamed_on_the_registry()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var registry = new TestRegistry();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Without("IMAGES"));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.PullMissingImages = true, proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);
        var pull = () => engine.Images.PullAsync($"127.0.0.1:{registry.Port}/app:1", CancellationToken.None);

        var error = (await pull.Should().ThrowAsync<EngineCallForbiddenException>()).Which;

        error.Call.Should().Be("POST /images/create");
        error.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        error.EngineMessage.Should().Contain("Request forbidden by administrative rules");
        var state = cluster.Cluster.Engines.List().Single();
        state.IsEligible.Should().BeTrue("it can run what it has");
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper());
    }

    [Test]
    public async Task A_missing_image_is_pulled_although_nobody_may_look_at_an_image()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var registry = new TestRegistry();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Haproxy.AllRights, @"http-request deny if METH_GET { path,url_dec -m reg -i ^(/v[\d\.]+)?/images/.+/json$ }");
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.PullMissingImages = true, proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);

        var container = await cluster.Containers.CreateAsync(new ContainerSpec { Image = $"127.0.0.1:{registry.Port}/app:1" });

        container.View.Image.Should().Be($"127.0.0.1:{registry.Port}/app:1");
    }

    [Test]
    public async Task Execs_and_jobs_have_their_output_although_it_drops_the_upgrade()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Haproxy.AllRights);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        var container = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper());

        var exec = await cluster.Containers.ExecAsync(container.Id, ["sh", "-c", "echo out; echo err >&2; exit 7"]);
        var job = await cluster.Containers.RunToCompletionAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sh", "-c", "echo done; exit 3"] });
        var withInput = () => cluster.Containers.ExecAsync(container.Id, ["cat"], "hello"u8.ToArray());

        (exec.ExitCode, exec.Output.StandardOutput, exec.Output.StandardError).Should().Be((7, "out\n", "err\n"));
        (job.ExitCode, job.Output.StandardOutput).Should().Be((3, "done\n"));
        await withInput.Should().ThrowAsync<EngineUpgradeRemovedException>();
    }

    [Test]
    public async Task An_exec_ends_when_its_engine_says_that_it_ended_although_a_child_holds_its_output()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Haproxy.AllRights);
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.CallTimeout = TimeSpan.FromSeconds(2), proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        var container = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper());

        var exec = await cluster.Containers.ExecAsync(container.Id, ["sh", "-c", "sleep 1000 & echo out; exit 7"]);

        (exec.ExitCode, exec.Output.StandardOutput).Should().Be((7, "out\n"));
    }

    [Test]
    public async Task A_job_and_a_wait_outlive_a_daemon_that_restarts_behind_it(CancellationToken cancellationToken)
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var proxy = await Haproxy.StartAsync(daemon.Unix, Haproxy.AllRights);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        var waited = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper(), cancellationToken: cancellationToken);
        var wait = cluster.Containers.WaitAsync(waited.Id, cancellationToken: cancellationToken);
        var job = cluster.Containers.RunToCompletionAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sh", "-c", "echo out; sleep 1000"] }, cancellationToken: cancellationToken);
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Count(each => each.State == ContainerState.Running) == 2, "both run");

        await daemon.KillAsync();
        await cluster.UntilAsync(proxy.Address, each => each.Status != EngineStatus.Healthy);
        var page = await proxy.AskAsync("GET /v1.41/containers/json HTTP/1.1\r\nHost: engine\r\n\r\n", cancellationToken);
        await daemon.StartAsync();
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);

        page.Should().StartWith("HTTP/1.0 503 Service Unavailable").And.NotContainEquivalentOf("Content-Length");

        // A daemon ends what it finds running when it starts, and says so.
        var exit = await wait;
        var inspection = await daemon.Http.GetFromJsonAsync<JsonElement>($"containers/{waited.Id}/json", cancellationToken);
        exit.ExitCode.Should().Be(inspection.GetProperty("State").GetProperty("ExitCode").GetInt64());
        var ended = await job;
        (ended.ExitCode, ended.Output.StandardOutput).Should().Be((exit.ExitCode, "out\n"));
    }
}
