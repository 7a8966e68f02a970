using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerInspectionsTests : IDisposable
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly EngineApiException _busy = new(_address, "inspect container", HttpStatusCode.InternalServerError, "it is busy");

    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(ContainerInspectionsTests));
    private readonly List<EngineMessage> _posted = [];

    public void Dispose() => _metrics.Dispose();

    [Test]
    public void Who_waits_for_a_container_is_told_of_its_inspection()
    {
        var inspections = Make();
        var waiter = Wait(inspections, "c");
        inspections.Start().Should().Be("c");

        End(inspections, "c", isShown: true);

        waiter.Result.Should().Be(ContainerLook.Gone);
        inspections.Start().Should().BeNull();
    }

    [Test]
    public void Who_comes_while_a_container_is_inspected_waits_for_the_next_inspection()
    {
        var inspections = Make();
        inspections.Queue("c");
        inspections.Start();
        var waiter = Wait(inspections, "c");

        End(inspections, "c", isShown: true);
        waiter.IsCompleted.Should().BeFalse();

        inspections.Start().Should().Be("c");
        End(inspections, "c", isShown: false);
        waiter.Result.Should().Be(ContainerLook.Unread, "what it found does not show");
    }

    [Test]
    public void After_a_reset_nobody_waits_any_more()
    {
        var inspections = Make();
        var first = Wait(inspections, "c");
        inspections.Start();
        var next = Wait(inspections, "c");

        inspections.Reset();

        first.Result.Should().Be(ContainerLook.Unread);
        next.Result.Should().Be(ContainerLook.Unread);
    }

    [Test]
    public void A_container_that_fails_is_repeated_three_times_with_longer_and_longer_pauses()
    {
        var inspections = Make();

        var pauses = Enumerable.Range(0, 4).Select(_ => inspections.PauseBeforeRepeat("c")).ToList();

        pauses[..3].Should().NotContainNulls().And.BeInAscendingOrder();
        pauses[3].Should().BeNull();
    }

    [Test]
    public void Where_many_containers_fail_the_others_are_left_to_the_next_list()
    {
        var inspections = Make();

        Enumerable.Range(0, 6).Select(number => inspections.PauseBeforeRepeat($"c{number}") is not null).Should().Equal(true, true, true, true, false, false);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void An_inspection_that_succeeds_or_a_list_makes_a_new_start_for_the_failures(bool isList)
    {
        var inspections = Make();
        for (var failures = 0; failures < 3; failures++)
        {
            inspections.PauseBeforeRepeat("c");
        }

        if (isList)
        {
            inspections.ForgetFailures();
        }
        else
        {
            End(inspections, "c", isShown: true);
        }

        inspections.PauseBeforeRepeat("c").Should().NotBeNull();
    }

    [Test]
    public void It_is_full_when_thousands_wait()
    {
        var inspections = Make();
        for (var number = 0; number < 4096; number++)
        {
            inspections.IsFull.Should().BeFalse();
            inspections.Queue($"c{number}");
        }

        inspections.IsFull.Should().BeTrue();
        inspections.Start();
        inspections.IsFull.Should().BeFalse();
    }

    [Test]
    public void The_wait_for_room_is_said_once_until_it_is_over()
    {
        var inspections = Make();
        for (var number = 0; number <= InspectionQueue.QuickLane; number++)
        {
            inspections.Queue($"c{number}");
        }

        inspections.WaitForRoom().Should().BeNull("nothing runs yet");
        while (inspections.Start() is not null)
        {
        }

        inspections.WaitForRoom().Should().Be(new EngineTimings().SlowInspection);
        inspections.WaitForRoom().Should().BeNull();
        inspections.RoomIsMade();
        inspections.WaitForRoom().Should().NotBeNull();
    }

    [Test]
    public async Task What_was_found_is_sent_with_the_position_at_which_it_was_asked_for()
    {
        var host = new InMemoryEngine(TestCluster.Host(0, _time));
        var id = (await host.Local.Containers.CreateAsync(TestCluster.Spec("one"), CancellationToken.None)).Id;

        await Make().InspectAsync(host.Local, id, 7, CancellationToken.None);

        _posted.Should().ContainSingle().Which.Should().BeOfType<EngineMessage.Inspected>().Which.Should().Match<EngineMessage.Inspected>(found => found.Id == id && found.StartedAt == 7 && found.Container!.Id == id);
    }

    [Test]
    public async Task A_container_that_is_not_there_is_sent_as_none_and_a_failure_as_one()
    {
        var host = new InMemoryEngine(TestCluster.Host(0, _time));
        var engine = new TappedEngine(host.Local);
        await Make().InspectAsync(engine, "gone", 7, CancellationToken.None);
        engine.OnInspect = (_, _) => throw _busy;
        await Make().InspectAsync(engine, "c", 8, CancellationToken.None);

        _posted.Should().Equal(new EngineMessage.Inspected("gone", 7, null, null), new EngineMessage.Inspected("c", 8, null, _busy));
    }

    [Test]
    public async Task An_inspection_that_is_given_up_is_not_sent()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Make().InspectAsync(new InMemoryEngine(TestCluster.Host(0, _time)).Local, "c", 7, stop.Token);

        _posted.Should().BeEmpty();
    }

    private static Task<ContainerLook> Wait(ContainerInspections inspections, string id)
    {
        var waiter = Completion.Create<ContainerLook>();
        inspections.Queue(id, waiter);
        return waiter.Task;
    }

    private static void End(ContainerInspections inspections, string id, bool isShown)
    {
        var inspected = new EngineMessage.Inspected(id, 1, null, null);
        inspections.End(inspected, isKnown: false);
        inspections.CompleteWaiters(inspected, counts: isShown);
    }

    private ContainerInspections Make()
    {
        var timings = new EngineTimings();
        return new ContainerInspections(new FollowingCalls(_address, timings, _time, _metrics), new EngineIntake(new EngineLimits()), timings, _time, IdentifierSource.Create(1), _posted.Add);
    }
}
