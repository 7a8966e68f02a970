using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Expressions;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterCreateTests
{
    private const long GiB = 1L << 30;

    [Test]
    public async Task A_created_container_is_in_the_list_when_the_call_returns(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        cluster.Containers.List().Should().ContainSingle().Which.Should().BeEquivalentTo(created);
        created.State.Should().Be(ContainerState.Created);
    }

    [Test]
    public async Task A_container_that_was_run_is_running_when_the_call_returns(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var container = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        container.State.Should().Be(ContainerState.Running);
        cluster.Containers.Get("web").State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Containers_are_stopped_killed_started_and_removed_through_the_cluster(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        var killed = await cluster.Containers.KillAsync("web", cancellationToken: cancellationToken);
        var started = await cluster.Containers.StartAsync("web", cancellationToken);
        var stopping = cluster.Containers.StopAsync("web", TimeSpan.FromSeconds(1), cancellationToken);
        await cluster.PassTimeUntilAsync(() => stopping.IsCompleted, "it stops");
        var stopped = await stopping;
        await cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);

        (killed.State, started.State, stopped.State).Should().Be((ContainerState.Exited, ContainerState.Running, ContainerState.Exited));
        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task Every_create_carries_an_operation_of_its_own_and_a_swarm_id(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var first = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);
        var second = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);

        first.View.SwarmId.Should().MatchRegex("^[0-9a-f]{64}$").And.NotBe(second.View.SwarmId);
        first.View.Labels[SwarmLabels.Operation].Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe(second.View.Labels[SwarmLabels.Operation]);
    }

    [Test]
    public async Task A_swarm_id_of_the_callers_own_is_kept(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules = BodyRules.Classic);
        var id = new string('a', 64);

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec() with { Labels = LabelSet.Create([new(SwarmLabels.Id, id)]) }, cancellationToken);

        created.View.SwarmId.Should().Be(id);
    }

    [Test]
    public async Task Spread_puts_containers_on_different_engines(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);

        var engines = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            engines.Add((await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).EngineName);
        }

        engines.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task One_placement_may_use_another_strategy(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);
        var first = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);

        var second = await cluster.Containers.CreateAsync(TestCluster.Spec(), new PlacementOptions { Strategy = StrategyNames.BinPack }, cancellationToken);

        second.EngineId.Should().Be(first.EngineId);
    }

    [Test]
    public async Task When_no_node_will_do_the_exception_carries_the_decision(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec(memory: 100 * GiB), cancellationToken);

        var thrown = (await create.Should().ThrowAsync<PlacementException>()).Which;
        thrown.Result.Rejections.Should().HaveCount(2).And.OnlyContain(each => each.Rejection.Subject == ResourceNames.Memory);
    }

    [Test]
    public async Task Trying_gives_the_decision_as_a_result(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var result = await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 100 * GiB), cancellationToken);

        result.IsCreated.Should().BeFalse();
        result.Placement.IsPlaced.Should().BeFalse();
    }

    [Test]
    public async Task A_name_is_given_once_in_the_whole_cluster(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        (await again.Should().ThrowAsync<NameConflictException>()).Which.Name.Should().Be("web");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).DropEvents(10);
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        await create.Should().ThrowAsync<NameConflictException>();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task An_image_that_no_registry_has_leaves_neither_reservation_nor_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB) with { Image = "nosuch:1" }, cancellationToken);

        (await create.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be("nosuch:1");
        AssertNothingLeft(cluster);
    }

    [TestCase("0")]
    [TestCase("00")]
    [TestCase("")]
    public async Task Port_zero_is_any_port_so_that_one_engine_takes_many(string hostPort, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var spec = TestCluster.Spec() with { NetworkMode = "bridge", ExposedPorts = ["5173/tcp"], PortBindings = [new PortBinding("5173/tcp", "", hostPort)] };

        var first = await cluster.Containers.RunAsync(spec, cancellationToken);
        var second = await cluster.Containers.RunAsync(spec, cancellationToken);

        await cluster.UntilAsync(() => cluster.Containers.List().All(container => !container.View.PublishedPorts.IsEmpty), "both are published");
        cluster.Containers.List().Select(container => container.View.PublishedPorts[0].HostPort).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task A_port_written_with_zeros_before_it_is_the_port_without(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(Publishing("18123"), cancellationToken);

        var again = () => cluster.Containers.CreateAsync(Publishing("018123"), cancellationToken);

        (await again.Should().ThrowAsync<PlacementException>()).Which.Message.Should().Contain("18123");

        static ContainerSpec Publishing(string port) => TestCluster.Spec() with { NetworkMode = "bridge", ExposedPorts = ["80/tcp"], PortBindings = [new PortBinding("80/tcp", "", port)] };
    }

    [Test]
    public async Task Ports_that_a_spec_binds_are_published_without_more_ado(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Containers.RunAsync(TestCluster.Spec() with { PortBindings = [new PortBinding("80/tcp", "", "18080")] }, cancellationToken);

        await cluster.UntilAsync(() => cluster.Containers.List().Single().View.PublishedPorts.Any(port => port.HostPort == "18080"), "it is published");
    }

    [TestCase("""{"Image":"busybox","Cmd":["sleep","600"],"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"18080"}]}}}""", true)]
    [TestCase("""{"Image":"busybox","Cmd":["sleep","600"],"ExposedPorts":{"80":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"18080"}]}}}""", false)]
    [TestCase("""{"Image":"web","Cmd":["sleep","600"],"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"18080"}]}}}""", false)]
    public async Task A_body_that_binds_a_port_that_nobody_exposes_is_told_of_to_its_caller_and_in_the_log(string body, bool isTold, CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Images = [InMemoryImage.BusyBox, new InMemoryImage("web") { ExposedPorts = ["80/tcp"] }] }, logs: logs);

        var created = await cluster.Containers.CreateAsync(ContainerConfig.Parse(System.Text.Encoding.UTF8.GetBytes(body)), cancellationToken: cancellationToken);

        created.Warnings.Any(warning => warning.Contains("not published: 80/tcp", StringComparison.Ordinal)).Should().Be(isTold);
        logs.Lines.Any(line => line.Contains("not published: 80/tcp")).Should().Be(isTold);
    }

    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task An_image_named_by_its_ID_is_never_pulled(string id, CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(logs: logs);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec() with { Image = id }, cancellationToken: cancellationToken);

        (await create.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be(id);
        logs.Entries.Select(entry => entry.Event).Should().NotContain("Pulling");
    }

    [Test]
    public async Task What_an_engine_warns_of_reaches_whoever_creates_and_the_log(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(logs: logs);

        var created = await cluster.Containers.CreateAsync(Publishing("8081"), cancellationToken);
        var run = await cluster.Containers.RunAsync(Publishing("8082"), cancellationToken);
        var completed = await cluster.Containers.RunToCompletionAsync(Publishing("8083"), cancellationToken: cancellationToken);

        foreach (var container in new[] { created, run, completed.Container })
        {
            container.Warnings.Should().Equal("Published ports are discarded when using host network mode");
        }

        cluster.Containers.Get(created.Id).Warnings.Should().BeEmpty("it was looked up");
        logs.Entries.Count(entry => entry.Event == "CreateWarned").Should().Be(3);

        static ContainerSpec Publishing(string port) => TestCluster.Spec() with { Command = ["true"], NetworkMode = "host", PortBindings = [new PortBinding(port + "/tcp", "", port)] };
    }

    [Test]
    public async Task A_warning_does_not_repeat_secrets(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts), logs: logs);
        taps!.Engines[0].OnCreate = async (_, create, _) => (await create()) with { Warnings = [$"odd: {Canary.Secret}\n"] };

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);

        created.Warnings.Should().Equal("odd: [redacted]\\u000a");
        logs.Lines.Should().Contain(line => line.Contains("odd: [redacted]")).And.NotContain(line => line.Contains(Canary.Secret));
    }

    [Test]
    public async Task An_image_that_somebody_prunes_after_its_pull_is_fetched_once_more(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await StartWithDistantImageAsync(hosts => taps = new TappedConnector(hosts));
        var creates = 0;
        taps!.Engines[0].OnCreate = (_, create, _) =>
        {
            if (++creates == 2)
            {
                cluster.Host(0).RemoveImage("distant:1").Should().BeTrue("it was fetched");
            }

            return create();
        };

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = "distant:1" }, cancellationToken);

        created.Name.Should().Be("web");
        cluster.Host(0).Pulls.Should().HaveCount(2);
    }

    [Test]
    public async Task An_image_that_somebody_prunes_after_each_pull_is_named_and_leaves_nothing(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await StartWithDistantImageAsync(hosts => taps = new TappedConnector(hosts));
        taps!.Engines[0].OnCreate = (_, create, _) =>
        {
            cluster.Host(0).RemoveImage("distant:1");
            return create();
        };

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB) with { Image = "distant:1" }, cancellationToken);

        (await create.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be("distant:1");
        cluster.Host(0).Pulls.Should().HaveCount(2);
        AssertNothingLeft(cluster);
    }

    [Test]
    public async Task A_container_that_somebody_prunes_before_its_start_is_made_once_more(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        PruneBeforeStart(cluster, taps!.Engines[0], times: 1);

        var container = await cluster.Containers.RunAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        (container.Name, container.State).Should().Be(("web", ContainerState.Running));
        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(container.Id);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_somebody_prunes_before_each_start_is_named_and_leaves_nothing(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        PruneBeforeStart(cluster, taps!.Engines[0], times: 10);

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        (await run.Should().ThrowAsync<ContainerNotFoundException>()).Which.Message.Should().Contain("(web) is gone from engine-0").And.Contain("somebody has removed it");
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().Be(2);
        AssertNothingLeft(cluster);
    }

    [Test]
    public async Task A_job_that_somebody_prunes_before_its_start_is_made_once_more(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        PruneBeforeStart(cluster, taps!.Engines[0], times: 1);

        var completed = await cluster.Containers.RunToCompletionAsync(TestCluster.Spec("web") with { Command = ["false"] }, cancellationToken: cancellationToken);

        completed.ExitCode.Should().Be(1);
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().Be(2);
        AssertNothingLeft(cluster);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_container_that_somebody_prunes_before_the_cluster_has_seen_it_is_made_once_more_under_its_name_and_in_its_room(bool isJob, CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var creates = 0;
        taps!.Engines[0].OnCreate = async (_, create, token) =>
        {
            var created = await create();
            if (++creates == 1)
            {
                await cluster.Host(0).Local.Containers.RemoveAsync(created.Id, force: true, removeVolumes: true, token);
            }

            return created;
        };
        var most = TestCluster.Spec("web", memory: cluster.Engine(0).Specs!.MemoryBytes) with { Command = ["false"] };

        if (isJob)
        {
            (await cluster.Containers.RunToCompletionAsync(most, cancellationToken: cancellationToken)).ExitCode.Should().Be(1);
        }
        else
        {
            (await cluster.Containers.RunAsync(most, cancellationToken)).Name.Should().Be("web");
        }

        creates.Should().Be(2);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_removes_itself_when_it_cannot_be_started_is_not_made_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web") with { NetworkMode = "nowhere", AutoRemove = true }, cancellationToken);

        (await run.Should().ThrowAsync<ContainerNotFoundException>()).WithInnerException<EngineApiException>().Which.EngineMessage.Should().Contain("nowhere");
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().Be(1);
    }

    private static Task<TestCluster> StartWithDistantImageAsync(Func<InMemoryEngines, IEngineConnector> connector) =>
        TestCluster.StartAsync(engine: (options, _) => options with { Registry = [new InMemoryImage("distant:1") { Commands = InMemoryImage.BusyBox.Commands, DefaultCommand = ["sh"] }] }, connector: connector);

    private static void PruneBeforeStart(TestCluster cluster, TappedEngine tap, int times) => tap.OnStart = async (id, token) =>
    {
        if (times-- > 0)
        {
            await cluster.Host(0).Local.Containers.RemoveAsync(id, force: true, removeVolumes: true, token);
        }
    };

    [Test]
    public async Task An_engine_that_refuses_leaves_neither_reservation_nor_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var address = TestCluster.AddressOf(0);
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineApiException(address, "create container", HttpStatusCode.InternalServerError, "disk full"));

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        (await create.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        AssertNothingLeft(cluster);
    }

    [Test]
    public async Task An_engine_that_cannot_be_reached_leaves_neither_reservation_nor_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "create container", "refused", notSent: true));

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        await create.Should().ThrowAsync<EngineUnreachableException>();
        AssertNothingLeft(cluster);
    }

    [Test]
    public async Task A_create_whose_answer_is_lost_succeeds_with_the_container_that_the_engine_made(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).LoseNextAnswer(EngineOperation.CreateContainer);

        var created = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        cluster.Containers.List().Should().ContainSingle(container => container.Id == created.Id);
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().Be(1, "it must not be asked twice");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_create_that_takes_too_long_is_an_engine_timeout_and_leaves_nothing_once_the_engine_answers_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).Hang();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the create ends by its time limit", TimeSpan.FromSeconds(1));
        await create.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
        cluster.Host(0).Resume();

        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0 && cluster.Engine(0).Containers.IsEmpty && cluster.Engine(0).Status == EngineStatus.Healthy, "nothing is left", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task A_cancelled_create_leaves_neither_reservation_nor_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Latency = TimeSpan.FromSeconds(1) });
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).Status == EngineStatus.Healthy, "the engine is admitted");
        using var giveUp = new CancellationTokenSource();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), giveUp.Token);
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.CreateContainer) == 1, "the create is under way", TimeSpan.FromMilliseconds(10));

        await giveUp.CancelAsync();

        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await cluster.PassTimeUntilAsync(
            () => cluster.OpenHolds == 0 && cluster.Engine(0).Containers.IsEmpty && cluster.Engine(0).Used == default,
            "nothing is left",
            TimeSpan.FromMilliseconds(500));
    }

    [Test]
    public async Task A_create_that_is_cancelled_while_its_container_is_read_back_succeeds_at_once(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        var (reached, stuck) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        connector!.Engines[0].OnInspect = (_, token) =>
        {
            reached.TrySetResult();
            return stuck.Task.WaitAsync(token);
        };
        using var giveUp = new CancellationTokenSource();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.CreateContainer) == 1 && reached.Task.IsCompleted, "the engine has made it");

        await giveUp.CancelAsync();
        var created = await create.WaitAsync(cancellationToken);
        cluster.Containers.Get("web").Id.Should().Be(created.Id);
        stuck.SetResult();

        await cluster.UntilAsync(() => cluster.OpenHolds == 0 && cluster.Engine(0).FindContainer(created.Id) is not null, "it shows by and by");
    }

    [Test]
    public async Task A_create_that_is_cancelled_while_its_lost_answer_is_looked_for_leaves_nothing(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        var (asked, reached) = (0, new TaskCompletionSource());
        connector!.Engines[0].OnInspect = (_, token) => Task.Delay(Timeout.Infinite, token);
        connector.Engines[0].OnFind = token =>
        {
            reached.TrySetResult();
            return Interlocked.Increment(ref asked) == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        };
        cluster.Host(0).LoseNextAnswer(EngineOperation.CreateContainer);
        using var giveUp = new CancellationTokenSource();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), giveUp.Token);
        await reached.Task.WaitAsync(cancellationToken);

        await giveUp.CancelAsync();

        await create.Awaiting(task => task.WaitAsync(cancellationToken)).Should().ThrowAsync<OperationCanceledException>().Where(exception => exception.CancellationToken == giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.RemoveContainer) == 1, "no time has to pass");
        connector.Engines[0].OnInspect = (_, _) => Task.CompletedTask;
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0 && cluster.Engine(0).Containers.IsEmpty, "nothing is left", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task A_token_that_is_cancelled_already_asks_no_engine(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec(), new CancellationToken(canceled: true));

        await create.Should().ThrowAsync<OperationCanceledException>();
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().Be(0);
    }

    [Test]
    public async Task A_container_that_cannot_be_started_does_not_stay_behind_a_failed_run(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(TestCluster.AddressOf(0), "start container", HttpStatusCode.InternalServerError, "no such device"));

        var run = () => cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        await run.Should().ThrowAsync<EngineApiException>();
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 0, "the container is removed");
    }

    [TestCase(-1, 0, "HostConfig.Memory")]
    [TestCase(0, -1, "HostConfig.NanoCpus")]
    public async Task An_impossible_amount_is_refused_by_name(long memory, double cpus, string field)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec(memory: memory, cpus: cpus));

        (await create.Should().ThrowAsync<InvalidRequestException>()).Which.Field.Should().Be(field);
    }

    [Test]
    public async Task A_broken_label_list_is_refused_by_name(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules = BodyRules.Classic);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec() with { Labels = LabelSet.Create([new(SwarmLabels.Constraints, "{}")]) }, cancellationToken);

        (await create.Should().ThrowAsync<InvalidLabelException>()).Which.Label.Should().Be(SwarmLabels.Constraints);
    }

    [Test]
    public async Task A_broken_expression_is_refused_by_name(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec() with { Constraints = ["region==/(/"] }, cancellationToken);

        (await create.Should().ThrowAsync<InvalidExpressionException>()).Which.Expression.Should().Be("region==/(/");
    }

    [Test]
    public async Task A_filter_that_throws_fails_its_placement_and_nothing_else(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(filters: [new MoodyFilter()]);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("moody"), cancellationToken);

        (await create.Should().ThrowAsync<PlacementPluginException>()).Which.PluginName.Should().Be("moody");
        (await cluster.Containers.CreateAsync(TestCluster.Spec("calm"), cancellationToken)).Name.Should().Be("calm");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Many_callers_at_once_never_get_the_same_room(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(number =>
            Task.Run(() => cluster.Containers.TryCreateAsync(TestCluster.Spec($"c{number}", memory: GiB), cancellationToken))));

        results.Count(result => result.IsCreated).Should().Be(24, "three engines of 8 GiB have room for 24");
        cluster.Cluster.Snapshot.Nodes.Should().OnlyContain(node => node.Used.MemoryBytes == 8 * GiB);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Many_callers_at_once_never_get_the_same_name(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
                    return true;
                }
                catch (NameConflictException)
                {
                    return false;
                }
            },
            cancellationToken)));

        outcomes.Count(won => won).Should().Be(1);
    }

    [Test]
    public async Task Many_callers_at_once_never_get_the_same_host_port(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);
        var spec = TestCluster.Spec() with { PortBindings = [new PortBinding("80/tcp", "", "8080")] };

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => cluster.Containers.TryCreateAsync(spec, cancellationToken))));

        results.Where(result => result.IsCreated).Select(result => result.Container!.EngineId).Should().HaveCount(3).And.OnlyHaveUniqueItems();
    }

    private static void AssertNothingLeft(TestCluster cluster)
    {
        cluster.OpenHolds.Should().Be(0);
        cluster.Containers.List().Should().BeEmpty();
        cluster.Cluster.Snapshot.Nodes.Should().OnlyContain(node => node.Used.MemoryBytes == 0 && node.ContainerCount == 0);
    }

    private sealed class MoodyFilter : IFilter
    {
        public string Name => "moody";

        public NodeTest? Prepare(PlacementContext context) =>
            context.Request.Name == "moody" ? _ => throw new InvalidOperationException("not today") : null;

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }
}
