using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineLoopTests : IDisposable
{
    private static readonly EngineApiException _busy = new(LoopUnderTest.Address, "inspect container", HttpStatusCode.InternalServerError, "it is busy");

    private readonly LoopUnderTest _loop = new();

    public void Dispose() => _loop.Dispose();

    [Test]
    public void A_subscription_reads_the_engine_which_takes_part_once_the_cluster_has_decided()
    {
        _loop.Subscribe();
        _loop.Work.Should().Equal("read");

        _loop.EndReading(LoopUnderTest.Container("c"));

        _loop.State.Current.Should().Match<EngineState>(state => state.Id == LoopUnderTest.Id && state.Name == "host" && state.Status == EngineStatus.Healthy);
        _loop.State.Current.FindContainer("c").Should().NotBeNull();
        _loop.State.FirstOutcome.IsCompleted.Should().BeTrue();
        _loop.Readings.Should().ContainSingle("the cluster is told of it");
    }

    [TestCase(EngineEventType.Container, "start", "inspect c")]
    [TestCase(EngineEventType.Container, "commit", "list Image")]
    [TestCase(EngineEventType.Image, "tag", "list Image")]
    [TestCase(EngineEventType.Network, "create", "list Network")]
    [TestCase(EngineEventType.Volume, "destroy", "list Volume")]
    [TestCase(EngineEventType.Daemon, "reload", "read")]
    public void An_event_asks_the_engine_for_what_it_is_about(EngineEventType type, string action, string asked)
    {
        _loop.Following(LoopUnderTest.Container("c"));

        _loop.Tell(type, action);

        _loop.Work.Should().Equal(asked);
    }

    [Test]
    public void A_container_that_was_destroyed_is_gone_and_the_engine_is_asked_nothing()
    {
        _loop.Following(LoopUnderTest.Container("c"));

        _loop.Tell("destroy", "c");

        _loop.State.Current.Containers.Should().BeEmpty();
        _loop.Started.Should().BeEmpty();
        _loop.Unseen.Should().BeEmpty();
    }

    [Test]
    public void The_loss_of_events_makes_the_engine_unhealthy_and_cuts_what_is_read_short()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        var spell = _loop.State.Spell;

        _loop.Lose();

        _loop.State.Current.Status.Should().Be(EngineStatus.Unhealthy);
        _loop.Work.Should().Equal("cut reading short");
        spell.IsCompleted.Should().BeTrue();
        _loop.State.Spell.IsCompleted.Should().BeFalse();
    }

    [Test]
    public void A_loss_right_after_a_return_makes_the_next_reading_wait()
    {
        _loop.Following();
        _loop.Lose();
        _loop.Subscribe();
        _loop.EndReading();
        _loop.Handle(new EngineMessage.Monitored(new EventsLost(new EngineUnreachableException(LoopUnderTest.Address, "follow events", "the link is gone"), 1)));
        _loop.Forget();

        _loop.Subscribe();
        _loop.Started.Should().BeEmpty();
        var (delay, message) = _loop.Later.Single();
        _loop.Time.Advance(delay);
        _loop.Handle(message);

        message.Should().BeOfType<EngineMessage.ReadingWaitOver>();
        _loop.Work.Should().Equal("read");
    }

    [Test]
    public void The_interval_between_readings_asks_for_one_and_not_while_one_is_under_way()
    {
        _loop.Following();

        _loop.Handle(new EngineMessage.ReadingIntervalOver());
        _loop.Handle(new EngineMessage.ReadingIntervalOver());
        _loop.EndReading();

        _loop.Work.Should().Equal("read", "admit");
    }

    [Test]
    public void However_often_a_reading_is_asked_for_while_one_is_under_way_one_more_follows()
    {
        _loop.Following();

        for (var i = 0; i < 3; i++)
        {
            _loop.Handle(new EngineMessage.ReadingRequested());
        }

        _loop.EndReading();
        _loop.EndReading();

        _loop.Work.Should().Equal("read", "admit", "read", "admit");
    }

    [Test]
    public void Events_that_were_dropped_cost_one_reading()
    {
        _loop.Following();
        var big = new EngineEvent(EngineEventType.Container, "start", new string('x', (int)QueuedEvents.MaxQueuedBytes), LabelSet.Empty, default);
        _loop.Events.TryEnter(big).Should().BeFalse();
        _loop.Events.TryEnter(big).Should().BeFalse();

        _loop.Handle(new EngineMessage.Discovery(true));
        _loop.Handle(new EngineMessage.Discovery(true));
        _loop.EndReading();

        _loop.Work.Should().Equal("read", "admit");
    }

    [Test]
    public void An_event_that_is_handled_makes_room_for_another()
    {
        _loop.Following(LoopUnderTest.Container("c"));

        for (var i = 0; i < QueuedEvents.MaxQueuedEvents + 10; i++)
        {
            _loop.Tell("update", "c");
        }

        _loop.Events.TakeDropped().Should().BeFalse();
    }

    [Test]
    public void An_empty_list_right_after_a_reconnect_is_not_believed_until_another_says_the_same()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Lose();
        _loop.Subscribe();

        _loop.EndReading();

        _loop.State.Current.Status.Should().Be(EngineStatus.Unhealthy);
        _loop.State.Current.Containers.Should().ContainSingle();
        var (delay, message) = _loop.Later.Single();
        message.Should().BeOfType<EngineMessage.ReadingRequested>();
        _loop.Handle(message);
        _loop.EndReading(LoopUnderTest.Container("c"));
        delay.Should().Be(new EngineTimings().EmptyListConfirmation);
        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
        _loop.Transitions.SelectMany(transition => transition.Containers).Should().NotContain(change => change.After == null);
    }

    [Test]
    public void An_engine_that_says_twice_that_it_has_nothing_left_is_believed()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Lose();
        _loop.Subscribe();
        _loop.EndReading();
        var (delay, message) = _loop.Later.Single();
        _loop.Time.Advance(delay);
        _loop.Handle(message);

        _loop.EndReading(reading => reading with { StartedTimestamp = _loop.Time.GetTimestamp() });

        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
        _loop.State.Current.Containers.Should().BeEmpty();
    }

    [Test]
    public void An_engine_whose_events_tell_that_everything_went_is_believed_at_once()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Lose();
        _loop.Tell("destroy", "c");
        _loop.Subscribe();

        _loop.EndReading();

        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
        _loop.State.Current.Containers.Should().BeEmpty();
        _loop.Later.Should().BeEmpty();
    }

    [Test]
    public void An_engine_whose_events_are_lost_before_it_could_take_part_takes_part_after_the_next_subscription_as_if_it_were_new()
    {
        _loop.Subscribe();
        var reading = LoopUnderTest.Reading(_loop.StartedAt("read"));
        _loop.Handle(new EngineMessage.ReadingEnded(reading.StartedAt, reading, null));
        _loop.Lose();

        _loop.Handle(new EngineMessage.AdmissionDecided(LoopUnderTest.Id, null, reading));
        _loop.State.Current.Should().Match<EngineState>(state => state.Id.Length == 0 && state.Status == EngineStatus.Pending);
        _loop.Subscribe();
        _loop.EndReading();

        _loop.State.Current.Should().Match<EngineState>(state => state.Id == LoopUnderTest.Id && state.Status == EngineStatus.Healthy);
    }

    [Test]
    public void An_engine_that_the_cluster_holds_back_waits_with_the_reason()
    {
        _loop.Subscribe();
        var reading = LoopUnderTest.Reading(_loop.StartedAt("read"), LoopUnderTest.Container("c"));
        _loop.Handle(new EngineMessage.ReadingEnded(reading.StartedAt, reading, null));

        _loop.Handle(new EngineMessage.AdmissionDecided(null, "Another engine has its ID.", reading));

        _loop.State.Current.Should().Match<EngineState>(state => state.Status == EngineStatus.Pending && state.Reason == "Another engine has its ID." && state.Containers.IsEmpty);
        _loop.State.FirstOutcome.IsCompleted.Should().BeTrue();
        _loop.Readings.Should().BeEmpty();
    }

    [Test]
    public void A_reading_that_fails_is_repeated_after_a_pause_and_costs_the_engine_its_health_at_the_third_time()
    {
        _loop.Following();
        var statuses = new List<EngineStatus>();
        _loop.Handle(new EngineMessage.ReadingRequested());

        for (var failures = 0; failures < 3; failures++)
        {
            _loop.Handle(new EngineMessage.ReadingEnded(_loop.StartedAt("read"), null, _busy));
            statuses.Add(_loop.State.Current.Status);
            _loop.Handle(_loop.Later[failures].Message);
        }

        statuses.Should().Equal(EngineStatus.Healthy, EngineStatus.Healthy, EngineStatus.Unhealthy);
        _loop.Work.Should().Equal(Enumerable.Repeat("read", 4));
        _loop.State.Current.Reason.Should().Contain("it is busy");
    }

    [Test]
    public void A_reading_that_was_cut_short_says_nothing_and_is_not_repeated()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Handle(new EngineMessage.ReadingRequested());

        _loop.Handle(new EngineMessage.ReadingEnded(_loop.StartedAt("read"), null, null));

        _loop.Work.Should().Equal("read");
        _loop.Later.Should().BeEmpty();
        _loop.Transitions.Should().BeEmpty();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_reading_from_before_the_handling_began_anew_ends_none_that_goes_on(bool hasFailed)
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Handle(new EngineMessage.ReadingRequested());
        var first = _loop.StartedAt("read");
        _loop.Restart(_busy);
        _loop.Work.Should().Equal("read", "cut reading short", "read");
        var ended = _loop.EndedReadings;

        _loop.Handle(new EngineMessage.ReadingEnded(first, null, hasFailed ? _busy : null));
        _loop.Handle(new EngineMessage.ReadingRequested());

        _loop.EndedReadings.Should().Be(ended, "the one that goes on keeps its token");
        _loop.Work.Should().Equal("read", "cut reading short", "read");
        _loop.Later.Should().BeEmpty();
        _loop.EndReading(LoopUnderTest.Container("c"));
        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public void A_container_that_came_and_went_unseen_is_told_once_however_often_its_end_is()
    {
        _loop.Following(LoopUnderTest.Container("seen"));

        for (var i = 0; i < 3; i++)
        {
            _loop.Tell("destroy", "unseen");
            _loop.Tell("destroy", "seen");
        }

        _loop.Unseen.Select(container => container.Id).Should().Equal("unseen");
    }

    [Test]
    public void A_container_that_Podman_tells_to_be_removed_is_gone()
    {
        _loop.Following(LoopUnderTest.Container("seen"));

        _loop.Tell("remove", "unseen");
        _loop.Tell("remove", "seen");

        _loop.State.Current.Containers.Should().BeEmpty();
        _loop.Unseen.Select(container => container.Id).Should().Equal("unseen");
    }

    [Test]
    public void A_container_that_a_list_missed_is_not_told_again_when_its_end_is()
    {
        _loop.Following(LoopUnderTest.Container("gone"), LoopUnderTest.Container("left"));
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndReading(LoopUnderTest.Container("left"));

        _loop.Tell("destroy", "gone");

        _loop.Unseen.Should().BeEmpty();
        _loop.State.Current.Containers.Single().Id.Should().Be("left");
    }

    [Test]
    public void Nothing_comes_and_goes_on_an_engine_that_takes_no_part()
    {
        _loop.Tell("destroy", "c");

        _loop.Unseen.Should().BeEmpty();
    }

    [Test]
    public void What_cannot_be_listed_any_more_stays_as_it_was_known()
    {
        _loop.Subscribe();
        _loop.EndReading(reading => reading with { Networks = ([new NetworkView { Id = "n", Name = "net" }], 0) });
        _loop.Handle(new EngineMessage.ReadingRequested());

        _loop.EndReading(reading => reading with { Networks = null });

        _loop.State.Current.Networks.Select(network => network.Id).Should().Equal("n");
        _loop.State.Current.Degradations.Should().Equal(new EngineDegradation(EngineDegradationKind.UnreadableLists, "it does not list its networks"));
        _loop.State.Current.Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public void A_list_that_an_event_asked_for_does_not_undo_a_later_one()
    {
        _loop.Following();
        _loop.Tell(EngineEventType.Network, "create");
        var asked = _loop.StartedAt("list Network");
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndReading(reading => reading with { Networks = ([new NetworkView { Id = "new", Name = "new" }], 0) });

        _loop.Handle(new EngineMessage.Listed(EngineEventType.Network, asked, new EngineSignal.NetworksRead([])));

        _loop.State.Current.Networks.Select(network => network.Id).Should().Equal("new");
    }

    [Test]
    public void A_list_that_is_asked_for_while_it_is_read_is_read_once_more()
    {
        _loop.Following();
        _loop.Tell(EngineEventType.Network, "create");
        _loop.Tell(EngineEventType.Network, "create");
        _loop.Tell(EngineEventType.Network, "create");

        _loop.Handle(new EngineMessage.Listed(EngineEventType.Network, _loop.StartedAt("list Network"), new EngineSignal.NetworksRead([new NetworkView { Id = "n", Name = "net" }])));
        _loop.Handle(new EngineMessage.Listed(EngineEventType.Network, _loop.StartedAt("list Network"), null));

        _loop.Work.Should().Equal("list Network", "list Network");
        _loop.State.Current.Networks.Should().ContainSingle("a list that failed takes nothing away");
    }

    [Test]
    public void Events_of_ever_new_containers_fill_no_memory_while_a_list_does_not_end()
    {
        _loop.Following(LoopUnderTest.Container("gone"));
        _loop.Handle(new EngineMessage.ReadingRequested());
        var first = _loop.StartedAt("read");
        _loop.Tell("destroy", "gone");

        TellOfTooMany();

        _loop.State.Current.Touched.Count.Should().BeLessThanOrEqualTo(EngineLoop.MaxTouched);
        _loop.EndReading(reading => reading with { StartedAt = first }, LoopUnderTest.Container("gone"));
        _loop.State.Current.Containers.Should().BeEmpty("the list is too old to tell anything");
        _loop.Work.Should().Equal("read", "admit", "read");
    }

    [Test]
    public void Whether_discovery_names_the_engine_shows()
    {
        _loop.Following();

        _loop.Handle(new EngineMessage.Discovery(false));
        _loop.State.Current.IsDiscovered.Should().BeFalse();

        _loop.Handle(new EngineMessage.Discovery(true));
        _loop.State.Current.IsDiscovered.Should().BeTrue();
    }

    [Test]
    public void What_the_host_says_anew_shows_and_the_same_is_no_change()
    {
        _loop.Following();
        _loop.Overlay = EngineOverlay.Empty.WithLabel("zone", "a");

        _loop.Handle(new EngineMessage.Overlaid());
        _loop.Handle(new EngineMessage.Overlaid());

        _loop.State.Current.Overlay.Should().Be(_loop.Overlay);
        _loop.Transitions.Should().ContainSingle();
    }

    [Test]
    public void After_a_message_that_could_not_be_handled_everything_is_read_anew()
    {
        _loop.Following(LoopUnderTest.Container("c"));
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.Tell(EngineEventType.Network, "create");
        var shown = Refresh("c");
        _loop.Forget();

        _loop.Restart(new InvalidOperationException("a defect"));

        shown.Result.Should().Be(ContainerLook.Unread, "what it waits for may never come");
        _loop.State.Current.Status.Should().Be(EngineStatus.Unhealthy);
        _loop.WholeReports.Should().Be(1);
        _loop.Work.Should().Equal("cut reading short", "read");
        _loop.Tell(EngineEventType.Network, "create");
        _loop.Work.Should().EndWith("list Network", "the list that was under way is forgotten");
    }

    private Task<ContainerLook> Refresh(string id)
    {
        var done = Completion.Create<ContainerLook>();
        _loop.Handle(new EngineMessage.Refresh(id, done));
        return done.Task;
    }

    private void TellOfTooMany()
    {
        for (var i = 0; i <= EngineLoop.MaxTouched; i++)
        {
            _loop.Tell("destroy", $"c-{i}");
        }
    }
}
