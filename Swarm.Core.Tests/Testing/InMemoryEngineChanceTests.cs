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
    private void Always(EngineFaultRates rates, EngineFault fault)
    {
        _machine.FaultCount(fault).Should().Be(0);
        _machine.SetFaultRates(rates, new Random(1));
    }

    private Func<Task> Creating() => () => _engine.Containers.CreateAsync(Sleeper, default);

    private async Task<int> HeldAsync() => (await _machine.Local.Containers.ListAsync(default)).Length;
}
