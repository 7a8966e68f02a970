using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

public sealed class ReservationLedgerTests
{
    private static readonly TimeSpan _unknownHoldTime = TimeSpan.FromSeconds(30);

    [Test]
    public void Reserved_room_counts_as_used()
    {
        var world = new World();

        world.Reserve(Request(memory: 60));

        world.Node.Used.Should().Be(new ResourceVector { MemoryBytes = 60, Slots = 1 });
        world.Node.Containers.Should().ContainSingle(container => container.IsPending);
    }

    [Test]
    public void Room_is_promised_once()
    {
        var world = new World(memory: 100);
        var chosen = world.Node;
        world.Reserve(Request(memory: 60), chosen);

        var outcome = world.Ledger.TryReserve(Request(memory: 60), chosen, "second");

        outcome.Hold.Should().BeNull();
        outcome.Rejection!.Value.Should().Be(new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Resources, ResourceNames.Memory, 60, 40));
    }

    [Test]
    public void A_host_port_is_promised_once()
    {
        var world = new World();
        var chosen = world.Node;
        var request = Request() with { PortBindings = [new PortBinding("80/tcp", "", "8080")] };
        world.Reserve(request, chosen);

        var outcome = world.Ledger.TryReserve(request, chosen, "second");

        outcome.Rejection!.Value.Code.Should().Be(RejectionCodes.Port);
    }

    [Test]
    public void The_last_slot_is_promised_once()
    {
        var world = new World(labels: LabelSet.Create([new(SwarmLabels.ContainerSlots, "1")]));
        var chosen = world.Node;
        world.Reserve(Request(), chosen);

        var outcome = world.Ledger.TryReserve(Request(), chosen, "second");

        outcome.Rejection!.Value.Code.Should().Be(RejectionCodes.Slots);
    }

    [Test]
    public void A_named_resource_is_promised_once()
    {
        var gpu = NamedResources.Create([new("gpu", 1)]);
        var world = new World(named: gpu);
        var chosen = world.Node;
        var request = Request() with { Resources = new ResourceVector { Slots = 1, Named = gpu } };
        world.Reserve(request, chosen);

        var outcome = world.Ledger.TryReserve(request, chosen, "second");

        outcome.Rejection!.Value.Subject.Should().Be("gpu");
    }

    [Test]
    public void A_name_is_promised_once_in_the_whole_cluster()
    {
        var world = new World();
        world.Reserve(Request(name: "web"));

        var outcome = world.Ledger.TryReserve(Request(name: "web"), world.Node, "second");

        outcome.NameHolder.Should().Contain("create under way");
    }

    [Test]
    public void The_name_of_an_existing_container_is_taken()
    {
        var world = new World();
        world.Show(Container("c1", name: "web"));

        world.Ledger.TryReserve(Request(name: "web"), world.Node, "op").NameHolder.Should().Contain("c1");
    }

    [Test]
    public void A_link_alias_that_reads_like_engine_and_name_is_ambiguous()
    {
        var world = new World();
        world.Show(Container("c1", name: "web"));
        world.Show(Container("c2", name: "host-1/web"));

        world.Ledger.Find("host-1/web").Select(found => found.Id).Should().BeEquivalentTo("c1", "c2");
    }

    [TestCase("host-1/web")]
    [TestCase("engine-1/web")]
    [TestCase("host-1/c1")]
    public void A_container_is_found_on_an_engine_by_the_engines_name_or_ID(string reference)
    {
        var world = new World();
        world.Show(Container("c1", name: "web"));

        world.Ledger.Find(reference).Should().ContainSingle().Which.EngineName.Should().Be("host-1");
        world.Ledger.Find("other/web").Should().BeEmpty();
    }

    [TestCase(8, 1)]
    [TestCase(9, 0)]
    public void What_begins_with_more_engines_than_can_be_meant_means_none(int engines, int found)
    {
        var ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), new FakeTimeProvider());
        for (var number = 1; number <= engines; number++)
        {
            Show(ledger, string.Join('/', Enumerable.Repeat("a", number)), "host", number == engines ? "web" : "other");
        }

        ledger.Find(string.Concat(Enumerable.Repeat("a/", engines)) + "web").Should().HaveCount(found);
    }

    [Test]
    public void An_engine_is_known_by_its_name_as_long_as_any_has_it()
    {
        var ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), new FakeTimeProvider());
        var one = Show(ledger, "ONE", "host", "web");
        var two = Show(ledger, "TWO", "host", "web");

        ledger.Find("host/web").Should().HaveCount(2);

        ledger.ApplyChange(new EngineTransition(one, one with { Status = EngineStatus.Disconnected }, []));
        ledger.Find("host/web").Should().ContainSingle().Which.EngineId.Should().Be("TWO");

        ledger.ApplyChange(new EngineTransition(two, two with { Specs = two.Specs! with { Name = "moved" } }, []));
        ledger.Find("host/web").Should().BeEmpty();
        ledger.Find("moved/web").Should().ContainSingle();
    }

    private static EngineState Show(ReservationLedger ledger, string id, string name, string container)
    {
        var none = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") };
        var there = none with
        {
            Id = id,
            Status = EngineStatus.Healthy,
            Specs = new EngineSpecs { DaemonId = id, Name = name, NanoCpus = ResourceVector.NanoCpusPerCpu, MemoryBytes = 1000 },
            Containers = [Container("c-" + id.Length, name: container)],
        };
        ledger.ApplyChange(new EngineTransition(none, there, []));
        return there;
    }

    [Test]
    public void A_released_reservation_gives_everything_back()
    {
        var world = new World();
        var reservation = world.Reserve(Request(memory: 60, name: "web"));

        reservation.Release();

        world.Node.Used.Should().Be(default(ResourceVector));
        world.Ledger.FindNameHolder("web").Should().BeNull();
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void What_a_former_speaker_showed_stays_counted_and_gets_no_work_until_the_new_one_has_shown_it()
    {
        var (former, next) = (new FollowedEngine(), new FollowedEngine());
        var world = new World();
        world.Ledger.SetSpeaker("engine-1", former);
        world.Apply(new EngineSignal.ContainerRead(Container("c1", memory: 60), ++world.Position), former);
        var chosen = world.Node;

        world.Ledger.SetSpeaker("engine-1", next);

        world.Node.HealthIndicator.Should().Be(0);
        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.Find("c1").Should().ContainSingle();
        world.Ledger.TryReserve(Request(memory: 10), chosen, "op").Hold.Should().BeNull();
        world.Apply(new EngineSignal.ContainerGone("c1", ++world.Position), former);
        world.Node.Used.MemoryBytes.Should().Be(60, "the former is not heard any more");

        world.Ledger.ApplyChange(new EngineTransition(new EngineState { Address = EngineAddress.Parse("10.0.0.9:2375") }, world.State with { Address = EngineAddress.Parse("10.0.0.9:2375") }, []), next);

        world.Node.HealthIndicator.Should().Be(100);
        world.Node.Used.MemoryBytes.Should().Be(0);
        world.Ledger.Find("c1").Should().BeEmpty();
    }

    [Test]
    public void A_speaker_that_is_named_again_changes_nothing()
    {
        var speaker = new FollowedEngine();
        var world = new World();
        world.Ledger.SetSpeaker("engine-1", speaker);
        world.Apply(new EngineSignal.ContainerRead(Container("c1", memory: 60), ++world.Position), speaker);

        world.Ledger.SetSpeaker("engine-1", speaker);

        world.Node.HealthIndicator.Should().Be(100);
    }

    [Test]
    public void A_settled_reservation_is_held_until_the_engine_shows_the_container()
    {
        var world = new World();
        var reservation = world.Reserve(Request(memory: 60));

        reservation.Settle("c1");

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(1);
    }

    [Test]
    public void Once_the_engine_shows_the_container_its_room_counts_once()
    {
        var world = new World();
        var reservation = world.Reserve(Request(memory: 60, name: "web"));
        reservation.Settle("c1");

        world.Show(Container("c1", memory: 60, name: "web"));

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(0);
        world.Ledger.FindNameHolder("web").Should().Contain("c1", "the container itself holds the name now");
    }

    [Test]
    public void A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation()
    {
        var world = new World();
        var reservation = world.Reserve(Request(memory: 60), operation: "op-1");

        world.Show(Container("c1", memory: 60, operation: "op-1"));
        world.Node.Used.MemoryBytes.Should().Be(60, "it counts once from then on");
        reservation.Settle("c1");

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_reservation_that_is_disposed_of_before_anybody_knows_is_still_held()
    {
        var world = new World();

        world.Reserve(Request(memory: 60)).Dispose();

        world.Node.Used.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void An_unknown_reservation_is_held_by_a_list_that_began_too_early()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).MarkUnknown();
        world.Time.Advance(_unknownHoldTime - TimeSpan.FromTicks(1));

        world.ReadWhole();

        world.Node.Used.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void An_unknown_reservation_ends_by_a_list_that_began_late_enough_and_does_not_show_it()
    {
        var world = new World();
        world.Reserve(Request(memory: 60, name: "web")).MarkUnknown();
        world.Time.Advance(_unknownHoldTime);

        world.ReadWhole();

        world.Node.Used.MemoryBytes.Should().Be(0);
        world.Ledger.FindNameHolder("web").Should().BeNull();
    }

    [Test]
    public void An_unknown_reservation_ends_when_its_container_shows()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").MarkUnknown();

        world.Show(Container("c1", memory: 60, operation: "op-1"));

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_container_whose_create_was_reported_as_failed_is_handed_out_for_removal_when_it_shows()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Abandon();

        var orphans = world.Show(Container("c1", memory: 60, operation: "op-1"));

        orphans.Select(container => container.Id).Should().Equal("c1");
    }

    [Test]
    public void A_container_that_shows_long_after_its_room_was_given_back_is_handed_out_for_removal_and_counts_until_then()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Abandon();
        world.Time.Advance(_unknownHoldTime);
        world.ReadWhole();
        world.Ledger.OpenHolds.Should().Be(0);
        world.Time.Advance(TimeSpan.FromHours(20));

        var orphans = world.Show(Container("c1", memory: 60, operation: "op-1"));

        orphans.Select(container => container.Id).Should().Equal("c1");
        world.Node.Used.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void What_nobody_has_begun_to_remove_is_handed_out_again_by_the_next_whole_list()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Abandon();
        world.Show(Container("c1", memory: 60, operation: "op-1"));

        world.ReadWhole().Select(container => container.Id).Should().Equal("c1");
    }

    [Test]
    public void A_container_that_shows_under_another_ID_of_its_daemon_ends_what_was_held_under_the_former_one()
    {
        var world = new World();
        world.Reserve(Request(memory: 60, name: "web"), operation: "op-1").Abandon();
        world.Apply(new EngineSignal.Left());

        world.Apply(new EngineSignal.Admitted("engine-1|10.0.0.2:2375"));
        world.Apply(new EngineSignal.Recovered());
        var orphans = world.Show(Container("c1", memory: 60, operation: "op-1"));

        orphans.Select(container => container.Id).Should().Equal("c1");
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void The_room_of_what_an_engine_may_still_be_at_is_held_as_much_longer()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).Abandon(atWork: TimeSpan.FromSeconds(90));
        world.Time.Advance(_unknownHoldTime + TimeSpan.FromSeconds(90) - TimeSpan.FromTicks(1));
        world.ReadWhole();
        var early = world.Node.Used.MemoryBytes;

        world.Time.Advance(TimeSpan.FromTicks(1));
        world.ReadWhole();

        (early, world.Node.Used.MemoryBytes).Should().Be((60, 0));
    }

    [Test]
    public void Time_in_which_the_engine_does_not_answer_does_not_count()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).Abandon();
        world.Time.Advance(TimeSpan.FromSeconds(10));
        world.Apply(new EngineSignal.Failed("frozen"));
        world.Time.Advance(TimeSpan.FromMinutes(10));
        world.ReadWhole();
        var whileLost = world.Node.Used.MemoryBytes;
        world.Apply(new EngineSignal.Recovered());
        world.ReadWhole();
        world.Time.Advance(TimeSpan.FromSeconds(19));
        world.ReadWhole();
        var tooEarly = world.Node.Used.MemoryBytes;

        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.ReadWhole();

        (whileLost, tooEarly, world.Node.Used.MemoryBytes).Should().Be((60, 60, 0));
    }

    [Test]
    public void An_engine_that_is_taken_for_lost_and_is_read_nevertheless_has_answered_as_long_as_that_took()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).Abandon();
        world.Apply(new EngineSignal.Failed("its events are lost again and again"));
        for (var reading = 0; reading < 3; reading++)
        {
            var started = world.Time.GetTimestamp();
            world.Time.Advance(_unknownHoldTime / 3);
            world.Ledger.ReadWhole("engine-1", started);
        }

        var early = world.Node.Used.MemoryBytes;
        world.ReadWhole();

        (early, world.Node.Used.MemoryBytes).Should().Be((60, 0));
    }

    [Test]
    public void A_reading_that_leaves_containers_of_the_cluster_out_ends_nothing()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Abandon();
        world.Reserve(Request(memory: 30), operation: "op-2").Settle("c2");
        world.Time.Advance(_unknownHoldTime);

        world.ReadWhole(isComplete: false);
        var incomplete = world.Node.Used.MemoryBytes;
        world.ReadWhole();

        (incomplete, world.Node.Used.MemoryBytes).Should().Be((90, 0));
    }

    [Test]
    public void The_room_of_a_container_that_shows_but_could_not_be_read_stays_held_until_it_is()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").MarkUnknown();
        world.Reserve(Request(memory: 30), operation: "op-2").Settle("c2");
        world.Show(Container("c1", operation: "op-1") with { IsUnread = true });
        world.Show(Container("c2", operation: "op-2") with { IsUnread = true });
        world.Time.Advance(_unknownHoldTime);

        world.ReadWhole();
        var unread = world.Node.Used.MemoryBytes;
        world.Show(Container("c1", memory: 60, operation: "op-1"));
        world.Show(Container("c2", memory: 30, operation: "op-2"));

        (unread, world.Node.Used.MemoryBytes).Should().Be((90, 90));
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void Giving_up_what_its_engine_shows_already_tells_the_container()
    {
        var world = new World();
        var reservation = world.Reserve(Request(memory: 60), operation: "op-1");
        world.Show(Container("c1", memory: 60, operation: "op-1"));

        reservation.Abandon().Should().Be("c1");
    }

    [Test]
    public void Giving_up_what_was_not_seen_tells_nothing()
    {
        var world = new World();

        world.Reserve(Request(memory: 60), operation: "op-1").Abandon().Should().BeNull();
    }

    [TestCase("c1")]
    [TestCase("web")]
    [TestCase("host-1/web")]
    public void What_was_made_is_found_before_its_engine_shows_it(string reference)
    {
        var world = new World();

        world.Reserve(Request(name: "web")).Settle("c1");

        var found = world.Ledger.Find(reference).Should().ContainSingle().Which;
        found.Id.Should().Be("c1");
        found.EngineId.Should().Be("engine-1");
        found.State.Should().Be(ContainerState.Created);
    }

    [Test]
    public void What_was_made_is_found_once_when_its_engine_shows_it()
    {
        var world = new World();
        world.Reserve(Request(name: "web")).Settle("c1");

        world.Show(Container("c1", memory: 60, name: "web"));

        world.Ledger.Find("web").Should().ContainSingle().Which.View.Resources.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void What_was_made_and_is_gone_is_not_found_any_more()
    {
        var world = new World();
        world.Reserve(Request(name: "web")).Settle("c1");

        world.ReadWhole();

        world.Ledger.Find("web").Should().BeEmpty();
    }

    [Test]
    public void What_was_left_open_on_an_engine_that_is_gone_is_remembered_for_a_day()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Abandon();
        world.Apply(new EngineSignal.Left());
        world.Time.Advance(TimeSpan.FromHours(23));

        world.Apply(new EngineSignal.Recovered());
        var orphans = world.Show(Container("c1", memory: 60, operation: "op-1"));

        orphans.Select(container => container.Id).Should().Equal("c1");
    }

    [Test]
    public void What_was_left_open_on_an_engine_that_never_came_back_is_forgotten_with_the_next_that_leaves()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).MarkUnknown();
        world.Apply(new EngineSignal.Left());
        world.Time.Advance(TimeSpan.FromHours(24));

        world.Apply(new EngineSignal.Recovered());
        world.Apply(new EngineSignal.Left());

        world.Ledger.OpenHolds.Should().Be(0);
        world.Ledger.ListReservations().Should().BeEmpty();
    }

    [Test]
    public void A_settled_container_that_went_before_it_was_seen_ends_with_the_next_whole_list()
    {
        var world = new World();
        world.Reserve(Request(memory: 60)).Settle("c1");
        world.Time.Advance(TimeSpan.FromSeconds(1));

        world.ReadWhole();

        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_settled_container_that_its_engine_says_is_gone_before_it_was_seen_holds_neither_room_nor_name()
    {
        var world = new World();
        world.Reserve(Request(memory: 60, name: "web")).Settle("c1");

        world.Gone("c1");

        world.Node.Used.MemoryBytes.Should().Be(0);
        world.Ledger.FindNameHolder("web").Should().BeNull();
        world.Ledger.Find("web").Should().BeEmpty();
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void The_end_of_a_container_ends_no_create_of_another()
    {
        var world = new World();
        world.Reserve(Request(memory: 60), operation: "op-1").Settle("c1");
        world.Reserve(Request(memory: 30), operation: "op-2").MarkUnknown();
        world.Reserve(Request(memory: 7), operation: "op-3");

        world.Gone("c2");

        world.Node.Used.MemoryBytes.Should().Be(97);
        world.Ledger.OpenHolds.Should().Be(3);
    }

    [Test]
    public void An_end_that_was_told_of_a_moment_before_a_later_reading_ends_nothing()
    {
        var world = new World();
        world.Apply(new EngineSignal.ContainersRead([], 7));
        world.Reserve(Request(memory: 60)).Settle("c1");

        world.Apply(new EngineSignal.ContainerGone("c1", 6));

        world.Ledger.OpenHolds.Should().Be(1);
    }

    [Test]
    public void What_was_never_read_and_is_gone_ends_the_create_of_which_nobody_knew()
    {
        var resolved = new List<bool>();
        var world = new World(resolved: (_, exists) => resolved.Add(exists));
        world.Reserve(Request(memory: 60), operation: "op-1").MarkUnknown();
        world.Show(Container("c1", operation: "op-1") with { IsUnread = true });

        world.Gone("c1");

        world.Node.Used.MemoryBytes.Should().Be(0);
        world.Ledger.OpenHolds.Should().Be(0);
        resolved.Should().Equal([true], "it was made, and is gone since");
    }

    [Test]
    public void What_was_never_read_and_is_gone_before_its_create_is_answered_is_held_until_it_is()
    {
        var world = new World();
        var reserved = world.Reserve(Request(memory: 60), operation: "op-1");
        world.Show(Container("c1", operation: "op-1") with { IsUnread = true });

        world.Gone("c1");
        var held = world.Ledger.OpenHolds;
        reserved.Settle("c1");
        world.Gone("c1");

        (held, world.Ledger.OpenHolds).Should().Be((1, 0));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_change_of_what_is_gone_before_it_was_seen_ends(bool isKnown)
    {
        var world = new World();
        world.Reserve(Request(memory: 60, name: "web")).Settle("c1");
        var rename = world.Ledger.TryHoldName("engine-1", "c1", "other").Hold!;
        var growth = world.Ledger.TryHoldRoom("engine-1", "c1", new ContainerUpdateSpec { MemoryBytes = 90 }, new ResourceVector { MemoryBytes = 90 }).Hold!;
        if (isKnown)
        {
            rename.Settle();
            growth.Settle();
        }
        else
        {
            rename.MarkUnknown();
            growth.MarkUnknown();
        }

        world.Gone("c1");

        world.Node.Used.MemoryBytes.Should().Be(0);
        world.Ledger.FindNameHolder("other").Should().BeNull();
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_change_that_is_under_way_is_not_ended_by_the_end_of_its_container()
    {
        var world = new World();
        world.Reserve(Request(name: "web")).Settle("c1");
        var rename = world.Ledger.TryHoldName("engine-1", "c1", "other").Hold!;

        world.Gone("c1");
        var held = world.Ledger.OpenHolds;
        rename.Release();

        (held, world.Ledger.OpenHolds).Should().Be((1, 0));
    }

    [Test]
    public void An_engine_that_stops_answering_keeps_its_containers_and_their_names()
    {
        var world = new World();
        world.Show(Container("c1", memory: 60, name: "web"));

        world.Apply(new EngineSignal.Failed("gone"));

        world.Node.HealthIndicator.Should().Be(0);
        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.FindNameHolder("web").Should().NotBeNull();
    }

    [Test]
    public void An_engine_that_left_takes_its_containers_and_names_along()
    {
        var world = new World();
        world.Show(Container("c1", name: "web"));

        world.Apply(new EngineSignal.Left());

        world.Ledger.Snapshot.Nodes.Should().BeEmpty();
        world.Ledger.FindNameHolder("web").Should().BeNull();
        world.Ledger.Find("c1").Should().BeEmpty();
    }

    [Test]
    public void What_was_promised_on_an_engine_that_left_is_there_when_it_comes_back()
    {
        var world = new World();
        world.Reserve(Request(memory: 60));
        world.Apply(new EngineSignal.Left());

        world.Apply(new EngineSignal.Recovered());

        world.Node.Used.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void A_create_of_which_nobody_knows_holds_its_name_again_when_its_engine_comes_back()
    {
        var world = new World();
        world.Reserve(Request(name: "web")).MarkUnknown();
        world.Apply(new EngineSignal.Left());
        var meanwhile = world.Ledger.FindNameHolder("web");

        world.Apply(new EngineSignal.Recovered());

        meanwhile.Should().BeNull();
        world.Ledger.FindNameHolder("web").Should().Contain("create under way");
    }

    [Test]
    public void Nothing_is_reserved_on_an_engine_that_became_unhealthy_after_it_was_chosen()
    {
        var world = new World();
        var chosen = world.Node;
        world.Apply(new EngineSignal.Failed("gone"));

        world.Ledger.TryReserve(Request(), chosen, "op").Rejection!.Value.Code.Should().Be(RejectionCodes.Unhealthy);
    }

    [Test]
    public void Nothing_is_reserved_on_an_engine_that_takes_no_new_work()
    {
        var world = new World();
        var chosen = world.Node;
        world.Apply(new EngineSignal.Discovery(false));

        world.Ledger.TryReserve(Request(), chosen, "op").Rejection!.Value.Code.Should().Be(RejectionCodes.Ineligible);
    }

    [TestCase("label")]
    [TestCase("taint")]
    public void Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints(string what)
    {
        var world = new World();
        var chosen = world.Node;
        world.Apply(new EngineSignal.Overlaid(what == "label" ? EngineOverlay.Empty.WithLabel("region", "us") : EngineOverlay.Empty.WithTaint(new Taint("dedicated"))));

        world.Ledger.TryReserve(Request(), chosen, "op").Hold.Should().BeNull();
        world.Ledger.TryReserve(Request(), world.Node, "op").Hold.Should().NotBeNull();
    }

    [Test]
    public void An_overlay_that_says_the_same_of_labels_and_taints_overtakes_no_decision()
    {
        var world = new World();
        var chosen = world.Node;
        world.Apply(new EngineSignal.Overlaid(EngineOverlay.Empty.WithLabel("absent", null)));

        world.Ledger.TryReserve(Request(), chosen, "op").Hold.Should().NotBeNull();
    }

    [Test]
    public void A_label_of_the_overlay_changes_the_slots_of_the_node()
    {
        var world = new World();

        world.Apply(new EngineSignal.Overlaid(EngineOverlay.Empty.WithLabel("containerslots", "2")));

        world.Node.Total.Slots.Should().Be(2);
    }

    [Test]
    public void Overcommit_widens_the_node_exactly()
    {
        var world = new World(memory: 1000, overcommit: 0.29m);

        world.Node.Total.MemoryBytes.Should().Be(1290);
    }

    [Test]
    public void Whatever_happens_used_is_what_the_engine_shows_plus_what_is_open_and_never_above_the_total()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Long[1, 60]);

        step.Array[0, 60].Sample(steps =>
        {
            var world = new World(memory: 100);
            var open = new List<(Reservation Reservation, string Id, long Memory)>();
            var number = 0;
            foreach (var (kind, pick, memory) in steps)
            {
                switch (kind)
                {
                    case 0 or 1:
                        var operation = $"op-{number++}";
                        if (world.Ledger.TryReserve(Request(memory: memory, name: $"name-{pick}"), world.Node, operation).Hold is { } made)
                        {
                            open.Add((made, $"id-{operation}", memory));
                        }

                        break;
                    case 2 when open.Count > 0:
                        open[pick % open.Count].Reservation.Release();
                        open.RemoveAt(pick % open.Count);
                        break;
                    case 3 when open.Count > 0:
                        var (settled, id, size) = open[pick % open.Count];
                        settled.Settle(id);
                        world.Show(Container(id, memory: size, name: settled.Name, operation: settled.Operation));
                        open.RemoveAt(pick % open.Count);
                        break;
                    case 4 when open.Count > 0:
                        open[pick % open.Count].Reservation.MarkUnknown();
                        break;
                    case 5 when world.State.Containers.Length > 0:
                        world.Apply(new EngineSignal.ContainerGone(world.State.Containers[pick % world.State.Containers.Length].Id, ++world.Position));
                        break;
                    default:
                        break;
                }

                world.Node.Used.MemoryBytes.Should().Be(world.State.Used.MemoryBytes + open.Sum(each => each.Memory)).And.BeLessThanOrEqualTo(100);
                world.Ledger.OpenHolds.Should().Be(open.Count);
                world.Node.Containers.Select(container => container.Name).Should().OnlyHaveUniqueItems();
            }
        });
    }

    private static PlacementRequest Request(long memory = 0, string? name = null) => new()
    {
        Name = name,
        Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
    };

    private static ContainerView Container(string id, long memory = 0, string? name = null, string? operation = null) => new()
    {
        Id = id,
        Names = name is null ? [] : ["/" + name],
        Labels = operation is null ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Operation, operation)]),
        Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
    };

    /// <summary>A ledger and one admitted engine.</summary>
    private sealed class World
    {
        public World(long memory = 1000, LabelSet? labels = null, NamedResources? named = null, decimal overcommit = 0, Action<Reservation, bool>? resolved = null)
        {
            Ledger = new ReservationLedger(overcommit, _unknownHoldTime, Time, resolved: resolved);
            Apply(new EngineSignal.Described(new EngineSpecs
            {
                DaemonId = "engine-1",
                Name = "host-1",
                MemoryBytes = memory,
                NanoCpus = ResourceVector.NanoCpusPerCpu,
                Labels = labels ?? LabelSet.Empty,
                NamedResources = named ?? NamedResources.Empty,
            }));
            Apply(new EngineSignal.Admitted("engine-1"));
            Apply(new EngineSignal.Recovered());
        }

        public FakeTimeProvider Time { get; } = new();

        public ReservationLedger Ledger { get; }

        public EngineState State { get; private set; } = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };

        public long Position { get; set; }

        public NodeView Node => Ledger.Snapshot.Nodes.Single();

        public Reservation Reserve(PlacementRequest request, NodeView? chosen = null, string operation = "op") =>
            Ledger.TryReserve(request, chosen ?? Node, operation).Hold!;

        public IReadOnlyList<ContainerView> Show(ContainerView container) => Apply(new EngineSignal.ContainerRead(container, ++Position));

        public void Gone(string id) => Apply(new EngineSignal.ContainerGone(id, ++Position));

        public IReadOnlyList<ContainerView> ReadWhole(bool isComplete = true) => Ledger.ReadWhole("engine-1", Time.GetTimestamp(), isComplete: isComplete);

        public IReadOnlyList<ContainerView> Apply(EngineSignal signal, IFollowedEngine? speaker = null)
        {
            var transition = State.Apply(signal);
            State = transition.After;
            return Ledger.ApplyChange(transition, speaker);
        }
    }
}
