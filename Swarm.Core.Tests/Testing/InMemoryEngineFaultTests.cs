using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InMemoryEngineFaultTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryEngines _network = new();
    private readonly InMemoryEngine _machine;
    private IEngine _engine = null!;

    public InMemoryEngineFaultTests() =>
        _machine = _network.Add(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Time = _time });

    [SetUp]
    public async Task ConnectAsync() => _engine = await _network.ConnectAsync(_machine.Address, default);

    [TearDown]
    public async Task CloseAsync() => await _engine.DisposeAsync();

    [Test]
    public async Task A_machine_without_power_is_surely_not_reached()
    {
        _machine.PowerOff();

        var error = await UnreachableAsync(() => _engine.System.PingAsync(default));

        error.NotSent.Should().BeTrue();
        _machine.IsReachable.Should().BeFalse();
    }

    [Test]
    public async Task A_power_cut_ends_containers_with_code_255_and_without_events()
    {
        var id = await StartAsync();
        _machine.PowerOff();

        _machine.PowerOn();

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Exited);
        view.ExitCode.Should().Be(255);
        await using var events = await _engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, default);
        var next = await CreateAsync();
        (await events.ReadAsync(default))!.ActorId.Should().Be(next, "what happened before the daemon started is forgotten");
    }

    [Test]
    public async Task A_container_that_always_restarts_runs_again_with_the_power()
    {
        var id = await StartAsync(""","HostConfig":{"RestartPolicy":{"Name":"always"}}""");
        _machine.PowerOff();

        _machine.PowerOn();

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [TestCase("always", ContainerState.Running)]
    [TestCase("unless-stopped", ContainerState.Exited)]
    [TestCase("on-failure", ContainerState.Running)]
    [TestCase("no", ContainerState.Exited)]
    public async Task What_was_stopped_by_hand_runs_again_with_the_power_as_its_policy_says(string policy, ContainerState expected)
    {
        var id = await StartAsync($$$""","HostConfig":{"RestartPolicy":{"Name":"{{{policy}}}"}}""");
        await _engine.Containers.StopAsync(id, TimeSpan.Zero, default);
        _machine.PowerOff();

        _machine.PowerOn();

        (await ViewAsync(id)).State.Should().Be(expected);
    }

    [Test]
    public async Task A_self_removing_container_is_gone_after_a_power_cut()
    {
        await StartAsync(""","HostConfig":{"AutoRemove":true}""");
        _machine.PowerOff();

        _machine.PowerOn();

        (await _engine.Containers.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task A_power_cut_frees_the_ports()
    {
        const string Web = ""","ExposedPorts":{"80/tcp":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}""";
        await StartAsync(Web);
        _machine.PowerOff();
        _machine.PowerOn();

        var start = () => StartAsync(Web);

        await start.Should().NotThrowAsync();
    }

    [Test]
    public async Task Containers_run_on_without_their_daemon()
    {
        var id = await StartAsync();
        _machine.StopDaemon();
        var error = await UnreachableAsync(() => _engine.System.PingAsync(default));

        _machine.PowerOn();

        error.NotSent.Should().BeTrue();
        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_process_that_ends_without_its_daemon_is_found_ended()
    {
        _machine.AddImage(new InMemoryImage("job") { Process = InMemoryProcess.Job(TimeSpan.FromMinutes(1), exitCode: 3) });
        var id = await StartAsync(image: "job");
        var began = _time.GetUtcNow();
        _machine.StopDaemon();
        _time.Advance(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        _machine.PowerOn();

        var inspection = await _engine.Containers.InspectAsync(id, default);
        inspection.View.ExitCode.Should().Be(3);
        using var json = System.Text.Json.JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("State").GetProperty("FinishedAt").GetDateTimeOffset().Should().Be(began + TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task A_stopped_daemon_ends_its_streams_in_order()
    {
        await using var events = await _engine.System.OpenEventsAsync(null, default);

        _machine.StopDaemon();

        (await events.ReadAsync(default)).Should().BeNull();
    }

    [Test]
    public async Task A_stream_gives_what_it_holds_before_it_breaks()
    {
        await using var events = await _engine.System.OpenEventsAsync(null, default);
        var id = await CreateAsync();

        _machine.Disconnect();

        (await events.ReadAsync(default))!.ActorId.Should().Be(id);
        await UnreachableAsync(async () => await events.ReadAsync(default));
    }

    [Test]
    public async Task A_disconnected_machine_works_on()
    {
        _machine.Disconnect();
        var created = await _machine.Local.Containers.CreateAsync(Config(), default);
        var refused = await UnreachableAsync(() => _engine.Containers.ListAsync(default));

        _machine.Reconnect();

        refused.NotSent.Should().BeTrue();
        (await _engine.Containers.ListAsync(default)).Single().Id.Should().Be(created.Id);
    }

    [Test]
    public async Task A_call_under_way_breaks_with_the_connection()
    {
        _machine.Hang();
        var call = _engine.System.PingAsync(default);

        _machine.Disconnect();

        (await UnreachableAsync(() => call)).NotSent.Should().BeFalse();
    }

    [Test]
    public async Task A_power_cut_during_a_stop_breaks_the_call()
    {
        var id = await StartAsync();
        var stop = _engine.Containers.StopAsync(id, null, default);

        _machine.PowerOff();

        (await UnreachableAsync(() => stop)).NotSent.Should().BeFalse();
    }

    [Test]
    public async Task A_frozen_daemon_answers_nobody_until_the_caller_gives_up()
    {
        _machine.Hang();
        using var impatient = new CancellationTokenSource();
        var call = _engine.Containers.CreateAsync(Config(), impatient.Token);

        await impatient.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        _machine.Resume();
        (await _engine.Containers.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task A_frozen_daemon_that_keeps_requests_carries_out_those_whose_callers_have_gone()
    {
        _machine.Hang(keepsRequests: true);
        using var impatient = new CancellationTokenSource();
        var call = _engine.Containers.CreateAsync(Config(), impatient.Token);
        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();

        _machine.Resume();

        (await _engine.Containers.ListAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task A_frozen_daemon_that_keeps_requests_answers_those_who_still_wait()
    {
        _machine.Hang(keepsRequests: true);
        var call = _engine.Containers.CreateAsync(Config(), default);

        _machine.Resume();

        (await _engine.Containers.ListAsync(default)).Single().Id.Should().Be((await call).Id);
    }

    [Test]
    public async Task What_a_frozen_daemon_kept_is_lost_with_its_power()
    {
        _machine.Hang(keepsRequests: true);
        var call = _engine.Containers.CreateAsync(Config(), default);

        _machine.PowerOff();
        _machine.Resume();
        _machine.PowerOn();

        await UnreachableAsync(() => call);
        (await _engine.Containers.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task A_daemon_that_is_weak_in_one_place_fails_there_alone()
    {
        _machine.Weaken(EngineOperation.ListImages);

        await FluentActions.Awaiting(() => _engine.Images.ListAsync(default)).Should().ThrowAsync<EngineApiException>();
        (await _engine.Volumes.ListAsync(default)).Should().BeEmpty();

        _machine.Mend();
        (await _engine.Images.ListAsync(default)).Should().NotBeEmpty();
    }

    [Test]
    public async Task The_inspection_of_one_container_hangs_and_that_of_another_works()
    {
        var (sick, sound) = (await CreateAsync(), await CreateAsync());
        _machine.Weaken(EngineOperation.InspectContainer, sick, hangs: true);
        using var impatient = new CancellationTokenSource();
        var call = _engine.Containers.InspectAsync(sick, impatient.Token);

        (await _engine.Containers.InspectAsync(sound, default)).View.Id.Should().Be(sound);

        call.IsCompleted.Should().BeFalse();
        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Hidden_containers_are_missing_in_as_many_lists_and_still_there()
    {
        var created = await CreateAsync();
        _machine.HideContainers(1);

        (await _engine.Containers.ListAsync(default)).Should().BeEmpty();

        (await _engine.Containers.ListAsync(default)).Single().Id.Should().Be(created);
    }

    [Test]
    public async Task A_renamed_host_says_its_new_name()
    {
        _machine.RenameHost("other");

        (await _engine.System.GetSpecsAsync(default)).Name.Should().Be("other");
        _machine.Name.Should().Be("other");
    }

    [Test]
    public async Task A_daemon_that_goes_on_does_what_it_was_asked()
    {
        _machine.Hang();
        var call = _engine.Containers.CreateAsync(Config(), default);

        _machine.Resume();

        (await _engine.Containers.InspectAsync((await call).Id, default)).View.State.Should().Be(ContainerState.Created);
    }

    [Test]
    public async Task The_streams_of_a_frozen_daemon_are_silent()
    {
        await using var events = await _engine.System.OpenEventsAsync(null, default);
        await CreateAsync();
        _machine.Hang();
        var reading = events.ReadAsync(default).AsTask();
        var silent = !reading.IsCompleted;

        _machine.Resume();

        silent.Should().BeTrue();
        (await reading)!.Action.Should().Be("create");
    }

    [Test]
    public async Task A_failed_call_does_nothing()
    {
        var ordered = new EngineTimeoutException(_machine.Address, "create container", TimeSpan.FromSeconds(5));
        _machine.FailNext(EngineOperation.CreateContainer, ordered);
        await _engine.System.PingAsync(default);

        var create = () => _engine.Containers.CreateAsync(Config(), default);

        (await create.Should().ThrowAsync<EngineTimeoutException>()).Which.Should().BeSameAs(ordered);
        (await _engine.Containers.ListAsync(default)).Should().BeEmpty();
        await create.Should().NotThrowAsync("the fault was for one call");
    }

    [Test]
    public async Task A_lost_answer_leaves_the_work_done()
    {
        _machine.LoseNextAnswer(EngineOperation.CreateContainer);

        var error = await UnreachableAsync(() => _engine.Containers.CreateAsync(Config(), default));

        error.NotSent.Should().BeFalse();
        (await _engine.Containers.ListAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task A_lost_answer_hides_a_refusal_too()
    {
        _machine.LoseNextAnswer(EngineOperation.InspectContainer);

        await UnreachableAsync(() => _engine.Containers.InspectAsync("absent", default));
    }

    [Test]
    public async Task Faults_do_not_touch_those_on_the_machine()
    {
        _machine.LoseNextAnswer();
        _machine.SetLatency(TimeSpan.FromHours(1));

        await _machine.Local.System.PingAsync(default);

        _machine.CallCount(EngineOperation.Ping).Should().Be(0);
    }

    [Test]
    public async Task Latency_is_spent_half_on_the_way_there_and_half_on_the_way_back()
    {
        _machine.SetLatency(TimeSpan.FromSeconds(2));
        var call = _engine.Containers.CreateAsync(Config(), default);
        var atFirst = await _machine.Local.Containers.ListAsync(default);

        _time.Advance(TimeSpan.FromSeconds(1));
        await WaitUntilAsync(async () => (await _machine.Local.Containers.ListAsync(default)).Length == 1);
        var answered = call.IsCompleted;
        await AdvanceUntilAsync(call);

        atFirst.Should().BeEmpty();
        answered.Should().BeFalse();
        (await call).Id.Should().HaveLength(64);
    }

    [Test]
    public async Task A_call_cancelled_on_its_way_back_has_been_done()
    {
        _machine.SetLatency(TimeSpan.FromSeconds(2));
        using var impatient = new CancellationTokenSource();
        var call = _engine.Containers.CreateAsync(Config(), impatient.Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        await WaitUntilAsync(async () => (await _machine.Local.Containers.ListAsync(default)).Length == 1);

        await impatient.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Broken_streams_can_be_opened_again_at_once()
    {
        await using var broken = await _engine.System.OpenEventsAsync(null, default);

        _machine.BreakEventStreams();

        await UnreachableAsync(async () => await broken.ReadAsync(default));
        await using var fresh = await _engine.System.OpenEventsAsync(null, default);
        await CreateAsync();
        (await fresh.ReadAsync(default))!.Action.Should().Be("create");
    }

    [Test]
    public async Task A_dropped_event_is_missed_by_streams_but_remembered()
    {
        await using var events = await _engine.System.OpenEventsAsync(null, default);
        _machine.DropEvents(1, "create");
        var since = _time.GetUtcNow();
        var lost = await CreateAsync();
        var seen = await CreateAsync();

        await using var replay = await _engine.System.OpenEventsAsync(since, default);

        (await events.ReadAsync(default))!.ActorId.Should().Be(seen);
        (await replay.ReadAsync(default))!.ActorId.Should().Be(lost);
    }

    [Test]
    public async Task A_doubled_event_comes_twice()
    {
        await using var events = await _engine.System.OpenEventsAsync(null, default);
        _machine.DuplicateEvents(1);
        var first = await CreateAsync();
        var second = await CreateAsync();

        List<string> told = [];
        for (var i = 0; i < 3; i++)
        {
            told.Add((await events.ReadAsync(default))!.ActorId);
        }

        told.Should().Equal(first, first, second);
    }

    [Test]
    public async Task The_daemon_remembers_256_events()
    {
        for (var i = 0; i < 300; i++)
        {
            await CreateAsync();
        }

        await using var events = await _engine.System.OpenEventsAsync(DateTimeOffset.UnixEpoch, default);
        var last = await CreateAsync();

        var read = 0;
        while ((await events.ReadAsync(default))!.ActorId != last)
        {
            read++;
        }

        read.Should().Be(256);
    }

    [Test]
    public async Task Calls_are_counted_even_when_they_do_not_get_through()
    {
        await _engine.Containers.ListAsync(default);
        _machine.PowerOff();
        await UnreachableAsync(() => _engine.Containers.ListAsync(default));

        _machine.CallCount(EngineOperation.ListContainers).Should().Be(2);
        _network.CallCount(EngineOperation.Connect).Should().Be(1);
    }

    [Test]
    public async Task An_address_without_an_engine_is_not_reached()
    {
        var error = await UnreachableAsync(() => _network.ConnectAsync(EngineAddress.Parse("10.0.0.9:2375"), default));

        error.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task One_daemon_may_be_found_under_two_addresses()
    {
        var second = EngineAddress.Parse("10.0.0.2:2375");
        _network.Add(_machine, second);
        await using var other = await _network.ConnectAsync(second, default);

        var id = await CreateAsync();

        other.Address.Should().Be(second);
        (await other.Containers.InspectAsync(id, default)).View.Id.Should().Be(id);
        (await other.System.GetSpecsAsync(default)).DaemonId.Should().Be(_machine.DaemonId);
    }

    [Test]
    public async Task A_connection_stays_usable_over_a_power_cut()
    {
        _machine.PowerOff();
        _machine.PowerOn();

        await _engine.Invoking(engine => engine.System.PingAsync(default)).Should().NotThrowAsync();
    }

    [Test]
    public async Task A_closed_connection_ends_its_own_streams_only()
    {
        await using var other = await _network.ConnectAsync(_machine.Address, default);
        await using var kept = await other.System.OpenEventsAsync(null, default);
        await using var ended = await _engine.System.OpenEventsAsync(null, default);

        await _engine.DisposeAsync();
        await other.Containers.CreateAsync(Config(), default);

        (await ended.ReadAsync(default)).Should().BeNull();
        (await kept.ReadAsync(default))!.Action.Should().Be("create");
        await FluentActions.Awaiting(() => _engine.System.PingAsync(default)).Should().ThrowAsync<ObjectDisposedException>();
    }

    private static ContainerConfig Config(string more = "", string image = "busybox") =>
        ContainerConfig.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"Image":"{{image}}","Cmd":["sleep","1"]{{more}}}"""));

    private static async Task<EngineUnreachableException> UnreachableAsync(Func<Task> call) =>
        (await FluentActions.Awaiting(call).Should().ThrowAsync<EngineUnreachableException>()).Which;

    private static async Task WaitUntilAsync(Func<Task<bool>> reached)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await reached())
        {
            await Task.Delay(1, bound.Token);
        }
    }

    // The second timer is set by a continuation, so it may not be there yet when the time moves.
    private async Task AdvanceUntilAsync(Task task) => await WaitUntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(task.IsCompleted);
    });

    private async Task<string> CreateAsync() => (await _engine.Containers.CreateAsync(Config(), default)).Id;

    private async Task<string> StartAsync(string more = "", string image = "busybox")
    {
        var created = await _engine.Containers.CreateAsync(Config(more, image), default);
        await _engine.Containers.StartAsync(created.Id, default);
        return created.Id;
    }

    private async Task<ContainerView> ViewAsync(string id) => (await _engine.Containers.InspectAsync(id, default)).View;
}
