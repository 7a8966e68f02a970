using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(10_000)]
public sealed class InMemoryEngineChanceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryEngines _network = new();
    private readonly InMemoryEngine _machine;
    private IEngine _engine = null!;

    public InMemoryEngineChanceTests() =>
        _machine = _network.Add(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Time = _time });

    private static ContainerConfig Sleeper => new ContainerSpec { Image = "busybox", Command = ["sleep", "1000"] };

    [SetUp]
    public async Task ConnectAsync() => _engine = await _network.ConnectAsync(_machine.Address, default);

    [TearDown]
    public async Task CloseAsync() => await _engine.DisposeAsync();

    [Test]
    public async Task A_lost_request_is_not_carried_out()
    {
        Always(new EngineFaultRates { LostRequests = 1 }, EngineFault.LostRequest);

        var error = (await Creating().Should().ThrowAsync<EngineUnreachableException>()).Which;

        error.NotSent.Should().BeFalse("its caller cannot know");
        (await HeldAsync()).Should().Be(0);
    }

    [Test]
    public async Task A_late_request_is_carried_out_when_nobody_waits_for_it()
    {
        Always(new EngineFaultRates { LateRequests = 1, LongestRequestDelay = TimeSpan.FromSeconds(10) }, EngineFault.LateRequest);

        await Creating().Should().ThrowAsync<EngineUnreachableException>();

        (await HeldAsync()).Should().Be(0);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await HeldAsync()).Should().Be(1);
    }

    [Test]
    public async Task Slow_work_is_done_although_its_caller_has_gone()
    {
        Always(new EngineFaultRates { SlowWork = 1, LongestWorkTime = TimeSpan.FromMinutes(5) }, EngineFault.SlowWork);
        using var impatient = new CancellationTokenSource();
        var call = _engine.Containers.CreateAsync(Sleeper, impatient.Token);
        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();

        (await HeldAsync()).Should().Be(0);
        _time.Advance(TimeSpan.FromMinutes(5));
        (await HeldAsync()).Should().Be(1);
    }

    [Test]
    public async Task Slow_work_is_answered_to_those_who_wait()
    {
        Always(new EngineFaultRates { SlowWork = 1, LongestWorkTime = TimeSpan.FromMinutes(5) }, EngineFault.SlowWork);
        var call = _engine.Containers.CreateAsync(Sleeper, default);

        _time.Advance(TimeSpan.FromMinutes(5));

        _machine.SetFaultRates(null, new Random(1));
        (await _engine.Containers.ListAsync(default)).Single().Id.Should().Be((await call).Id);
    }

    [Test]
    public async Task A_gateway_leaves_open_what_becomes_of_a_call()
    {
        _machine.SetFaultRates(new EngineFaultRates { GatewayErrors = 1, LongestRequestDelay = TimeSpan.FromMinutes(1) }, new Random(1));
        var statuses = new HashSet<HttpStatusCode>();
        var held = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            var before = _machine.Daemon.Containers.Count;
            statuses.Add((await FluentActions.Awaiting(() => _engine.Containers.CreateAsync(Sleeper, default)).Should().ThrowAsync<EngineApiException>()).Which.StatusCode);
            var atOnce = _machine.Daemon.Containers.Count - before;
            _time.Advance(TimeSpan.FromMinutes(1));
            held.Add(atOnce == 1 ? 1 : _machine.Daemon.Containers.Count - before == 1 ? 2 : 0);
        }

        statuses.Should().BeEquivalentTo([HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout]);
        held.Distinct().Should().BeEquivalentTo([0, 1, 2], "it is never done, done at once, or later");
    }

    [Test]
    public async Task A_question_is_never_a_late_request()
    {
        _machine.SetFaultRates(new EngineFaultRates { LateRequests = 1 }, new Random(1));

        await _engine.System.PingAsync(default);

        _machine.FaultCount(EngineFault.LateRequest).Should().Be(0);
    }

    [Test]
    public async Task A_lost_answer_follows_what_was_done()
    {
        Always(new EngineFaultRates { LostAnswers = 1 }, EngineFault.LostAnswer);

        await Creating().Should().ThrowAsync<EngineUnreachableException>();

        (await HeldAsync()).Should().Be(1);
    }

    [Test]
    public async Task A_server_error_does_nothing()
    {
        Always(new EngineFaultRates { ServerErrors = 1 }, EngineFault.ServerError);

        (await Creating().Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.InternalServerError);

        (await HeldAsync()).Should().Be(0);
    }

    [Test]
    public async Task A_denial_meets_a_container_that_is_there_and_does_so_once()
    {
        var id = (await _engine.Containers.CreateAsync(Sleeper, default)).Id;
        Always(new EngineFaultRates { Denials = 1 }, EngineFault.Denial);

        (await _engine.Containers.Awaiting(containers => containers.InspectAsync(id, default)).Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.NotFound);

        (await _engine.Containers.InspectAsync(id, default)).View.Id.Should().Be(id);
    }

    [Test]
    public async Task A_call_that_hangs_ends_when_its_caller_gives_up()
    {
        Always(new EngineFaultRates { HungCalls = 1 }, EngineFault.HungCall);
        using var giveUp = new CancellationTokenSource();

        var call = _engine.System.PingAsync(giveUp.Token);
        _time.Advance(TimeSpan.FromDays(1));

        call.IsCompleted.Should().BeFalse();
        await giveUp.CancelAsync();
        await call.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_slow_call_is_carried_out_late_and_a_late_answer_tells_of_an_earlier_moment()
    {
        _machine.SetFaultRates(new EngineFaultRates { SlowCalls = 1 }, new Random(1));
        var slow = _engine.Containers.ListAsync(default);
        _machine.SetFaultRates(new EngineFaultRates { LateAnswers = 1 }, new Random(1));
        var late = _engine.Containers.ListAsync(default);

        await _machine.Local.Containers.CreateAsync(Sleeper, default);
        _time.Advance(TimeSpan.FromSeconds(10));

        (await slow).Should().HaveCount(1);
        (await late).Should().BeEmpty();
    }

    [Test]
    public async Task Events_are_dropped_doubled_and_late(CancellationToken cancellationToken)
    {
        await using var events = await _engine.System.OpenEventsAsync(null, cancellationToken);
        Always(new EngineFaultRates { LateEvents = 1, LongestEventDelay = TimeSpan.FromSeconds(1) }, EngineFault.LateEvent);
        _machine.AddVolume("late");
        Always(new EngineFaultRates { DroppedEvents = 1 }, EngineFault.DroppedEvent);
        _machine.AddVolume("dropped");
        Always(new EngineFaultRates { DoubledEvents = 1 }, EngineFault.DoubledEvent);
        _machine.AddVolume("doubled");
        _time.Advance(TimeSpan.FromSeconds(1));

        string[] heard =
        [
            (await events.ReadAsync(cancellationToken))!.ActorId,
            (await events.ReadAsync(cancellationToken))!.ActorId,
            (await events.ReadAsync(cancellationToken))!.ActorId,
        ];

        heard.Should().Equal("doubled", "doubled", "late");
        Enum.GetValues<EngineFault>().Sum(_machine.FaultCount).Should().Be(3);
    }

    [Test]
    public async Task Nothing_gets_through_a_slow_stream_at_first(CancellationToken cancellationToken)
    {
        var id = await StartedAsync();
        Always(new EngineFaultRates { SlowStreams = 1, LongestDelay = TimeSpan.FromSeconds(10) }, EngineFault.SlowStream);
        await using var wait = await _engine.Containers.OpenWaitAsync(id, WaitCondition.NotRunning, cancellationToken);
        var exit = wait.GetExitAsync(cancellationToken);

        _machine.EndProcess(id, 3);

        exit.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(10));
        (await exit).ExitCode.Should().Be(3);
    }

    [Test]
    public async Task A_broken_stream_breaks_after_a_while(CancellationToken cancellationToken)
    {
        var id = await StartedAsync();
        Always(new EngineFaultRates { BrokenStreams = 1, LongestStreamTime = TimeSpan.FromSeconds(10) }, EngineFault.BrokenStream);
        await using var wait = await _engine.Containers.OpenWaitAsync(id, WaitCondition.NotRunning, cancellationToken);
        var exit = wait.GetExitAsync(cancellationToken);
        _machine.Daemon.Connections.RemoteCount.Should().Be(1);

        _time.Advance(TimeSpan.FromSeconds(10));

        await exit.Awaiting(task => task).Should().ThrowAsync<EngineUnreachableException>();
        _machine.Daemon.Connections.RemoteCount.Should().Be(0);
    }

    [Test]
    public async Task A_frozen_daemon_tells_of_no_end(CancellationToken cancellationToken)
    {
        var id = await StartedAsync();
        await using var wait = await _engine.Containers.OpenWaitAsync(id, WaitCondition.NotRunning, cancellationToken);
        await using var log = await _engine.Containers.OpenLogsAsync(id, new LogOptions { Follow = true }, cancellationToken);
        var exit = wait.GetExitAsync(cancellationToken);
        var read = log.ReadAsync(cancellationToken).AsTask();

        _machine.Hang();
        _machine.EndProcess(id, 3);

        exit.IsCompleted.Should().BeFalse();
        read.IsCompleted.Should().BeFalse();
        _machine.Resume();
        (await exit).ExitCode.Should().Be(3);
        (await read).Should().BeNull();
    }

    [Test]
    public async Task A_daemon_that_was_restarted_knows_nothing_of_its_execs()
    {
        var id = await StartedAsync();
        var exec = await _engine.Execs.CreateAsync(id, new ExecConfig { Command = ["sleep", "1000"] }, default);
        await _engine.Execs.StartDetachedAsync(exec, default);

        _machine.StopDaemon();
        _machine.PowerOn();

        var inspect = () => _engine.Execs.InspectAsync(exec, default);
        (await inspect.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_process_writes_nothing_after_a_power_cut()
    {
        _machine.AddImage(new InMemoryImage("talk:latest") { Commands = [new("", new InMemoryProcess { Output = [new("early\n"), new("late\n", After: TimeSpan.FromSeconds(1))] })] });
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "talk:latest", Command = ["talk"] }, default)).Id;
        await _engine.Containers.StartAsync(id, default);

        _machine.PowerOff();
        _time.Advance(TimeSpan.FromSeconds(2));
        _machine.PowerOn();

        await using var log = await _engine.Containers.OpenLogsAsync(id, new LogOptions(), default);
        (await log.CollectAsync(1000)).StandardOutput.Should().Be("early\n");
    }

    [Test]
    public async Task A_wiped_machine_comes_back_without_containers_under_the_same_id()
    {
        await _engine.Containers.CreateAsync(Sleeper, default);
        var before = (await _engine.System.GetSpecsAsync(default)).DaemonId;
        _machine.PowerOff();

        _machine.Wipe();

        _machine.PowerOn();
        (await HeldAsync()).Should().Be(0);
        (await _engine.System.GetSpecsAsync(default)).DaemonId.Should().Be(before);
    }

    [Test]
    public void A_machine_that_is_up_cannot_be_wiped() => _machine.Invoking(machine => machine.Wipe()).Should().Throw<InvalidOperationException>();

    [Test]
    public async Task A_client_reaches_the_machine_that_took_over_the_address()
    {
        _machine.PowerOff();
        _network.Remove(_machine.Address);
        var other = _network.Add(new InMemoryEngineOptions { Address = _machine.Address, Time = _time, Seed = 2 });

        (await _engine.System.GetSpecsAsync(default)).DaemonId.Should().Be(other.DaemonId);
    }

    // Until the next fault is set, so that the look at what came of it does not meet it.
    private async Task<string> StartedAsync()
    {
        var id = (await _engine.Containers.CreateAsync(Sleeper, default)).Id;
        await _engine.Containers.StartAsync(id, default);
        return id;
    }

    private void Always(EngineFaultRates rates, EngineFault fault)
    {
        _machine.FaultCount(fault).Should().Be(0);
        _machine.SetFaultRates(rates, new Random(1));
    }

    private Func<Task> Creating() => () => _engine.Containers.CreateAsync(Sleeper, default);

    private async Task<int> HeldAsync() => (await _machine.Local.Containers.ListAsync(default)).Length;
}
