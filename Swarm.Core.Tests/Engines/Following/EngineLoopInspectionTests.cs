using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineLoopInspectionTests : IDisposable
{
    private static readonly EngineApiException _busy = new(LoopUnderTest.Address, "inspect container", HttpStatusCode.InternalServerError, "it is busy");

    private readonly LoopUnderTest _loop = new();

    public void Dispose() => _loop.Dispose();

    [Test]
    public void A_thousand_events_during_one_inspection_cost_one_more()
    {
        _loop.Following(LoopUnderTest.Container("c"));

        for (var i = 0; i < 1000; i++)
        {
            _loop.Tell("update", "c");
        }

        _loop.Work.Should().Equal("inspect c");
        _loop.EndInspection("c", LoopUnderTest.Container("c"));
        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Paused));

        _loop.Work.Should().Equal("inspect c", "inspect c");
        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Paused);
    }

    [Test]
    public void An_inspection_that_has_become_slow_makes_room_for_the_next()
    {
        var ids = Enumerable.Range(0, InspectionQueue.QuickLane + 2).Select(number => $"c{number}").ToArray();
        _loop.Following([.. ids.Select(id => LoopUnderTest.Container(id))]);
        foreach (var id in ids)
        {
            _loop.Tell("update", id);
        }

        _loop.Started.Should().HaveCount(InspectionQueue.QuickLane);
        var (delay, message) = _loop.Later.Single();
        _loop.Time.Advance(delay);
        _loop.Handle(message);

        message.Should().BeOfType<EngineMessage.InspectionSlow>();
        _loop.Work.Should().Equal(ids.Select(id => "inspect " + id));
    }

    [Test]
    public void Containers_that_cannot_be_looked_at_in_time_are_read_with_the_next_list()
    {
        _loop.Following();

        for (var i = 0; i < 4096 + InspectionQueue.QuickLane; i++)
        {
            _loop.Tell("start", $"c-{i}");
        }

        _loop.Work.Should().NotContain("read");
        _loop.Tell("start", "one more");
        _loop.Work.Should().EndWith("read");
    }

    [Test]
    public void An_inspection_that_fails_is_repeated_before_the_next_list()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("die", "c");

        _loop.EndInspection("c", null, _busy);
        _loop.Handle(_loop.Later.Single().Message);
        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Exited));

        _loop.Work.Should().Equal("inspect c", "inspect c");
        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Exited);
    }

    [Test]
    public void An_inspection_that_fails_again_and_again_is_left_to_the_next_list()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("die", "c");

        _loop.EndInspection("c", null, _busy);
        for (var repeats = 0; repeats < 10 && _loop.Later.Count > repeats; repeats++)
        {
            _loop.Handle(_loop.Later[repeats].Message);
            _loop.EndInspection("c", null, _busy);
        }

        _loop.Work.Should().Equal(Enumerable.Repeat("inspect c", 4));
        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public void A_container_that_has_become_too_long_to_be_read_is_looked_for_in_a_list_and_not_asked_for_again()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("start", "c");

        _loop.EndInspection("c", null, new EngineProtocolException(LoopUnderTest.Address, "inspect container", "its answer is longer") { IsTooLong = true });

        _loop.Work.Should().Equal("inspect c", "read");
        _loop.Later.Should().NotContain(each => each.Message is EngineMessage.InspectionRepeatDue);
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public void What_a_list_that_was_cut_does_not_show_of_what_is_promised_is_looked_at(int uncounted, bool isLookedAt)
    {
        _loop.Following();
        _loop.Unshown.Add("c");

        ReadCut(uncounted);

        _loop.Work.Contains("inspect c").Should().Be(isLookedAt);
    }

    [Test]
    public void What_a_list_that_was_cut_does_not_show_and_cannot_be_looked_at_is_left_to_the_next_list()
    {
        _loop.Following();
        _loop.Unshown.Add("c");
        ReadCut(1);
        var before = _loop.Started.Count;

        _loop.EndInspection("c", null, _busy);
        _loop.Handle(_loop.Later[^1].Message);
        _loop.EndInspection("c", null, _busy);

        _loop.Work.Skip(before).Should().Equal(["inspect c"], "it was just read, and would be without end");
        ReadCut(1);
        _loop.EndInspection("c", null, _busy);
        _loop.Work.Count(each => each == "read").Should().Be(2, "nor then");
    }

    [TestCase(true, true)]
    [TestCase(false, false)]
    public void A_new_container_that_the_engine_cannot_describe_is_looked_for_in_a_list(bool isAnswer, bool isRead)
    {
        _loop.Following();
        _loop.Tell("create", "c");

        _loop.EndInspection("c", null, isAnswer ? _busy : new EngineUnreachableException(LoopUnderTest.Address, "inspect container", "the connection was reset"));

        _loop.Work.Contains("read").Should().Be(isRead);
    }

    [Test]
    public void Who_waits_for_a_container_is_told_when_what_was_found_shows()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var shown = Refresh("c");

        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Exited));

        shown.Result.Should().Be(ContainerLook.There);
        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Exited);
    }

    [Test]
    public void Who_waits_for_a_container_that_is_gone_is_told_so()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var shown = Refresh("c", isSaidGone: true);

        _loop.EndInspection("c", null);

        shown.Result.Should().Be(ContainerLook.Gone);
        _loop.State.Current.FindContainer("c").Should().BeNull();
    }

    [Test]
    public void A_container_that_its_engine_denies_once_stays()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("update", "c");

        _loop.EndInspection("c", null);

        _loop.State.Current.FindContainer("c").Should().NotBeNull();
        _loop.Later.Single().Delay.Should().Be(new EngineTimings().DenialConfirmation);
        AskAgain();
        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Paused));
        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Paused);
    }

    [Test]
    public void A_container_that_its_engine_denies_twice_is_gone()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("update", "c");
        _loop.EndInspection("c", null);

        AskAgain();
        _loop.EndInspection("c", null);

        _loop.State.Current.FindContainer("c").Should().BeNull();
        _loop.Work.Should().Equal("inspect c", "inspect c");
    }

    [Test]
    public void A_denial_that_is_repeated_at_once_is_still_the_first()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("update", "c");
        _loop.Tell("update", "c");

        _loop.EndInspection("c", null);
        _loop.EndInspection("c", null);

        _loop.State.Current.FindContainer("c").Should().NotBeNull();
    }

    [Test]
    public void A_container_that_showed_between_two_denials_stays()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("update", "c");
        _loop.EndInspection("c", null);
        AskAgain();
        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        _loop.Tell("update", "c");
        _loop.EndInspection("c", null);

        _loop.State.Current.FindContainer("c").Should().NotBeNull();
    }

    [Test]
    public void Who_waits_for_a_container_that_is_denied_is_told_when_that_is_believed()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var first = Refresh("c");
        var next = Refresh("c");

        _loop.EndInspection("c", null);
        _loop.EndInspection("c", null);
        (first.IsCompleted, next.IsCompleted).Should().Be((false, false));
        AskAgain();
        _loop.EndInspection("c", null);

        (first.Result, next.Result).Should().Be((ContainerLook.Gone, ContainerLook.Gone));
    }

    [Test]
    public void The_end_that_an_event_tells_confirms_a_denial()
    {
        _loop.Following();
        var shown = Refresh("c");
        _loop.EndInspection("c", null);

        _loop.Tell("destroy", "c");
        _loop.EndInspection("c", null);

        shown.Result.Should().Be(ContainerLook.Gone);
    }

    [Test]
    public void A_denial_after_the_end_that_an_event_has_told_is_believed()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("destroy", "c");
        var shown = Refresh("c");

        _loop.EndInspection("c", null);

        shown.Result.Should().Be(ContainerLook.Gone);
        _loop.Later.Should().BeEmpty();
    }

    [Test]
    public void What_was_asked_before_somebody_heard_that_a_container_is_gone_does_not_undo_that()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("die", "c");
        var shown = Refresh("c", isSaidGone: true);

        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Exited));
        _loop.EndInspection("c", null);

        shown.Result.Should().Be(ContainerLook.Gone);
    }

    [Test]
    public void Containers_that_went_are_no_denials_that_wait()
    {
        _loop.Following();
        for (var i = 0; i < 5000; i++)
        {
            _ = Refresh($"c-{i}", isSaidGone: true);
            _loop.Tell("destroy", $"c-{i}");
            _loop.EndInspection($"c-{i}", null);
        }

        _loop.Tell("update", "c");
        _loop.EndInspection("c", null);

        _loop.Work.Should().NotContain("read");
    }

    [Test]
    public void A_container_that_shows_again_is_not_gone_when_it_is_denied_once()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("destroy", "c");
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndReading(LoopUnderTest.Container("c"));
        _loop.Tell("update", "c");

        _loop.EndInspection("c", null);

        _loop.State.Current.FindContainer("c").Should().NotBeNull();
    }

    [Test]
    public void A_container_that_nobody_could_read_and_is_too_long_is_not_looked_for_in_a_list_for_ever()
    {
        _loop.Subscribe();
        _loop.EndReading(reading => reading with { Unread = ["c"] }, LoopUnderTest.Container("c", isUnread: true));

        _loop.EndInspection("c", null, new EngineProtocolException(LoopUnderTest.Address, "inspect container", "its answer is longer") { IsTooLong = true });

        _loop.Work.Should().Equal("read", "admit", "inspect c");
    }

    [Test]
    public void An_engine_that_denies_thousands_of_containers_is_read_whole()
    {
        _loop.Following();
        for (var i = 0; i < 4096; i++)
        {
            _loop.Tell("start", $"c-{i}");
            _loop.EndInspection($"c-{i}", null);
        }

        _loop.Work.Should().NotContain("read");
        var shown = Refresh("one more");
        _loop.EndInspection("one more", null);

        _loop.Work.Should().EndWith("read");
        shown.Result.Should().Be(ContainerLook.Unread);
    }

    [Test]
    public void Who_waits_for_a_container_that_could_not_be_read_is_told_so()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var shown = Refresh("c");

        _loop.EndInspection("c", null, _busy);

        shown.Result.Should().Be(ContainerLook.Unread);
    }

    [Test]
    public void A_container_that_a_list_could_not_look_at_is_looked_at_again_before_the_next_list()
    {
        _loop.Subscribe();

        _loop.EndReading(reading => reading with { Unread = ["c"] }, LoopUnderTest.Container("c", isUnread: true));
        _loop.State.Current.IsDegraded.Should().BeTrue();
        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        _loop.Work.Should().Equal("read", "admit", "inspect c");
        _loop.State.Current.IsDegraded.Should().BeFalse();
    }

    [Test]
    public void A_list_that_could_not_look_at_a_container_undoes_no_inspection_that_could()
    {
        _loop.Following(LoopUnderTest.Container("c", ContainerState.Created));
        _loop.Tell("start", "c");
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        _loop.EndReading(reading => reading with { Unread = ["c"] }, LoopUnderTest.Container("c", ContainerState.Created));

        _loop.Readings.Should().ContainSingle();
        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Running);
    }

    [Test]
    public void An_inspection_that_was_asked_before_its_container_went_does_not_bring_it_back()
    {
        _loop.Following();
        _loop.Tell("create", "c");
        _loop.Tell("destroy", "c");

        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        _loop.State.Current.Containers.Should().BeEmpty();
        _loop.Unseen.Should().ContainSingle();
    }

    [Test]
    public void Who_waits_for_an_inspection_that_was_overtaken_by_too_many_events_is_not_told_that_it_shows()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var shown = Refresh("c");

        TellOfTooMany();
        _loop.EndInspection("c", LoopUnderTest.Container("c", ContainerState.Exited));

        shown.Result.Should().Be(ContainerLook.Unread);
    }

    [TestCase(ContainerState.Exited)]
    [TestCase(null)]
    public void What_an_inspection_finds_shows(ContainerState? found)
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Tell("die", "c");

        _loop.EndInspection("c", found is { } state ? LoopUnderTest.Container("c", state) : null);
        if (found is null)
        {
            AskAgain();
            _loop.EndInspection("c", null);
        }

        _loop.State.Current.FindContainer("c")?.State.Should().Be(found);
        _loop.State.Current.Containers.Length.Should().Be(found is null ? 0 : 1);
    }

    private Task<ContainerLook> Refresh(string id, bool isSaidGone = false)
    {
        var done = Completion.Create<ContainerLook>();
        _loop.Handle(new EngineMessage.Refresh(id, done, isSaidGone));
        return done.Task;
    }

    // Lets the time pass after which a container that was denied is asked for once more.
    private void AskAgain()
    {
        var (delay, message) = _loop.Later[^1];
        _loop.Time.Advance(delay);
        _loop.Handle(message);
    }

    private void TellOfTooMany()
    {
        for (var i = 0; i <= EngineLoop.MaxTouched; i++)
        {
            _loop.Tell("destroy", $"c-{i}");
        }
    }

    // Nothing but containers of the cluster is in it, and some are left out.
    private void ReadCut(int uncounted)
    {
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndReading(reading => reading with { Containers = (reading.Containers.Kept, uncounted) });
    }
}
