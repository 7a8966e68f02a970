using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>What a user of a cluster sees whose engine is behind a proxy that forbids, or answers itself.</summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class ClusterBehindProxyTests
{
    private const long Memory = 1L << 30;

    [Test]
    public async Task A_create_that_a_proxy_forbids_leaves_its_room_free_and_nobody_looks_for_it()
    {
        await using var engine = CannedEngine.Start((request => request.IsCreate, CannedEngine.Page(CannedEngine.Forbidden)));
        await using var cluster = await ClusterUnderTest.StartAsync(engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);

        for (var i = 0; i < 2; i++)
        {
            var create = () => cluster.Containers.CreateAsync(new ContainerSpec { Name = "web", Image = "app:1", MemoryBytes = Memory });

            var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;
            error.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            error.EngineMessage.Should().Be(CannedEngine.ForbiddenWords);
        }

        cluster.OpenHolds.Should().Be(0);
        cluster.Cluster.Snapshot.Nodes.Single().Used.MemoryBytes.Should().Be(0);
        engine.Requests.Should().NotContain(request => request.Target.Contains("filters", StringComparison.Ordinal), "there is no lost answer to look for");
    }

    [Test]
    public async Task An_engine_whose_creates_a_proxy_forbids_says_so_in_its_state_until_one_comes_through()
    {
        await using var engine = CannedEngine.Start();
        engine.Next(request => request.IsCreate, CannedEngine.Page(CannedEngine.Forbidden));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.RefreshInterval = TimeSpan.FromMilliseconds(500), engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        var create = () => cluster.Containers.CreateAsync(new ContainerSpec { Image = "app:1" });

        (await create.Should().ThrowAsync<EngineCallForbiddenException>()).Which.Call.Should().Be("POST /containers/create");

        var state = await cluster.UntilAsync(engine.Address, each => !each.Degradations.IsEmpty);
        state.Degradations.Should().ContainSingle().Which.Kind.Should().Be(EngineDegradationKind.ForbiddenCalls);
        state.Degradations[0].Reason.Should().Be("a proxy before it or an authorization plug-in does not allow POST /containers/create");
        state.IsEligible.Should().BeTrue("what is allowed may depend on what is asked");

        await create.Should().NotThrowAsync();
        await cluster.UntilAsync(engine.Address, each => each.Degradations.IsEmpty);
    }

    [Test]
    public async Task What_only_some_operation_takes_degrades_no_engine()
    {
        await using var engine = CannedEngine.Start((CannedEngine.Path("/archive"), CannedEngine.Page(CannedEngine.Forbidden)));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.RefreshInterval = TimeSpan.FromMilliseconds(500), engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        var container = await cluster.Containers.CreateAsync(new ContainerSpec { Image = "app:1" });

        await FluentActions.Awaiting(() => cluster.Containers.StatPathAsync(container.Id, "/")).Should().ThrowAsync<EngineCallForbiddenException>();

        var lists = Lists();
        await Eventually.IsTrueAsync(() => Lists() > lists + 1, "the engine was read again");
        cluster.Cluster.Engines.Get(container.EngineId).Degradations.Should().BeEmpty();

        int Lists() => engine.Requests.Count(CannedEngine.Path("/info"));
    }

    [Test]
    public async Task A_job_on_an_engine_whose_containers_may_not_be_looked_at_names_the_call_that_is_not_allowed()
    {
        await using var engine = CannedEngine.Start((CannedEngine.Path($"/containers/{CannedEngine.ContainerId}/json"), CannedEngine.Page(CannedEngine.Forbidden)));
        await using var cluster = await ClusterUnderTest.StartAsync(engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);

        var run = () => cluster.Containers.RunToCompletionAsync(new ContainerSpec { Image = "app:1" });

        (await run.Should().ThrowAsync<EngineCallForbiddenException>()).Which.Message.Should().Contain("GET /containers/{id}/json is not allowed there");
    }

    [Test]
    public async Task An_engine_that_a_proxy_does_not_let_describe_itself_says_so_with_the_words_of_the_proxy()
    {
        await using var engine = CannedEngine.Start((CannedEngine.Path("/info"), CannedEngine.Page(CannedEngine.Forbidden)));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.StartupTimeout = TimeSpan.FromSeconds(1), engine.Address);

        var state = await cluster.UntilAsync(engine.Address, each => each.Reason is not null);

        state.Reason.Should().StartWith("Cannot ").And.Contain(CannedEngine.ForbiddenWords).And.Contain("403");
    }

    [Test]
    public async Task A_missing_image_is_pulled_through_a_proxy_that_lets_nobody_look_at_images()
    {
        await using var engine = CannedEngine.Start(
            (CannedEngine.Path("/images/app%3A1/json"), CannedEngine.Page(CannedEngine.Forbidden)),
            (CannedEngine.Path("/images/create"), ProxyFault.Say(RecordingProxy.Answer(200, "{\"status\":\"Pulling\"}\r\n"))));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.PullMissingImages = true, engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        engine.Next(request => request.IsCreate, CannedEngine.Missing("No such image: app:1"));
        engine.Next(
            request => CannedEngine.Path("/images/json")(request) && !request.Target.Contains("all=1", StringComparison.Ordinal) && engine.Requests.Any(CannedEngine.Path("/images/create")),
            ProxyFault.Say(RecordingProxy.Answer(200, $$"""[{"Id":"sha256:{{CannedEngine.ContainerId}}","RepoTags":["app:1"]}]""")));

        await cluster.Containers.CreateAsync(new ContainerSpec { Image = "app:1" });

        engine.Requests.Where(CannedEngine.Path("/images/create")).Should().ContainSingle();
        engine.Requests.Where(request => request.IsCreate).Should().HaveCount(2);
    }

    [Test]
    public async Task A_job_and_a_wait_outlive_a_daemon_that_restarts_behind_a_proxy_whose_page_has_no_length(CancellationToken cancellationToken)
    {
        await using var engine = new Docker29Engine(InMemoryImage.BusyBox);
        var isDown = false;
        engine.Front.Always(_ => Volatile.Read(ref isDown), CannedEngine.Page(CannedEngine.Unavailable));
        await using var cluster = await ClusterUnderTest.StartAsync(engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        var waited = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("waited"), cancellationToken: cancellationToken);
        var wait = cluster.Containers.WaitAsync(waited.Id, cancellationToken: cancellationToken);
        var job = cluster.Containers.RunToCompletionAsync(ClusterUnderTest.Sleeper("job"), cancellationToken: cancellationToken);
        await Eventually.IsTrueAsync(() => Waits().Count() == 2 && cluster.Containers.List().Count(each => each.State == ContainerState.Running) == 2, "both run");

        // The proxy ends what the daemon had begun to answer, and answers itself until that is back.
        Volatile.Write(ref isDown, true);
        foreach (var connection in engine.Front.Requests.Where(request => CannedEngine.Path("/events")(request) || CannedEngine.Path("/attach")(request) || CannedEngine.Path("/wait")(request)).Select(request => request.Connection).Distinct().ToArray())
        {
            engine.Front.Break(connection);
        }

        await cluster.UntilAsync(engine.Address, each => each.Status != EngineStatus.Healthy);
        await Eventually.IsTrueAsync(() => Waits().Count() > 2, "a wait is asked again and gets the page");
        Volatile.Write(ref isDown, false);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        engine.Memory.EndProcess(waited.Id, 5);
        engine.Memory.EndProcess(cluster.Containers.List().Single(each => each.Name == "job").Id, 3);

        (await wait).ExitCode.Should().Be(5);
        (await job).ExitCode.Should().Be(3);

        IEnumerable<RecordedRequest> Waits() => engine.Front.Requests.Where(CannedEngine.Path("/wait"));
    }

    [Test]
    public async Task A_proxy_that_closes_each_kept_connection_after_an_answer_doubles_and_loses_no_container(CancellationToken cancellationToken)
    {
        const int Count = 30;
        await using var engine = new Docker29Engine(InMemoryImage.BusyBox) { ClosesAfterAnswers = true };
        await using var cluster = await ClusterUnderTest.StartAsync(
            options =>
            {
                options.RefreshInterval = TimeSpan.FromMilliseconds(500);
                options.UnknownHoldTime = TimeSpan.FromSeconds(2);
            },
            engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        var told = 0;

        for (var number = 0; number < Count; number++)
        {
            try
            {
                await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper($"web-{number}"), cancellationToken: cancellationToken);
                told++;
            }
            catch (EngineUnreachableException)
            {
                // What became of it is looked up.
            }
        }

        var creates = engine.Front.Requests.Where(request => request.IsCreate).Select(request => request.Target).ToArray();
        creates.Should().OnlyHaveUniqueItems("no create is sent twice").And.HaveCountGreaterThanOrEqualTo(told);
        await Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "what became of each is settled");
        var there = await engine.Memory.Local.Containers.ListAsync(cancellationToken);
        cluster.Containers.List().Select(each => each.Id).Should().BeEquivalentTo(there.Select(each => each.Id));
        there.Length.Should().BeGreaterThanOrEqualTo(told);
    }

    [Test]
    public async Task An_exec_whose_connection_a_proxy_keeps_open_ends_when_the_engine_says_that_it_ended()
    {
        const string Exec = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
        await using var engine = CannedEngine.Start(
            (CannedEngine.Path($"/containers/{CannedEngine.ContainerId}/exec"), ProxyFault.Say(RecordingProxy.Answer(201, $$"""{"Id":"{{Exec}}"}"""))),
            (CannedEngine.Path($"/exec/{Exec}/start"), ProxyFault.Say("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\u0001\0\0\0\0\0\0\u0003hi\n")),
            (CannedEngine.Path($"/exec/{Exec}/json"), ProxyFault.Say(RecordingProxy.Answer(200, $$"""{"ID":"{{Exec}}","Running":false,"ExitCode":7,"ProcessConfig":{"tty":false},"OpenStdin":false}"""))));
        engine.Next(CannedEngine.Path($"/exec/{Exec}/json"), ProxyFault.Say(RecordingProxy.Answer(200, $$"""{"ID":"{{Exec}}","Running":false,"ExitCode":null,"ProcessConfig":{"tty":false},"OpenStdin":false}""")));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.CallTimeout = TimeSpan.FromMilliseconds(500), engine.Address);
        await cluster.UntilAsync(engine.Address, EngineStatus.Healthy);
        var container = await cluster.Containers.CreateAsync(new ContainerSpec { Image = "app:1" });

        var result = await cluster.Containers.ExecAsync(container.Id, ["echo", "hi"]);

        result.ExitCode.Should().Be(7);
        result.Output.StandardOutput.Should().Be("hi\n");
    }
}
