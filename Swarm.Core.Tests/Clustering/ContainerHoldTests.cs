using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

public sealed class ContainerHoldTests
{
    private const long Capacity = 100;
    private static readonly TimeSpan _unknownHoldTime = TimeSpan.FromSeconds(30);

    [Test]
    public void A_container_counts_for_the_most_of_what_it_shows_and_what_it_is_promised()
    {
        var world = new World(("c1", 40));

        using var hold = world.Grow("c1", 70).Hold!;

        world.Used.Should().Be(70);
        world.Show("c1", 90);
        world.Used.Should().Be(90);
        world.Show("c1", 10);
        world.Used.Should().Be(70);
        hold.Release();
        world.Used.Should().Be(10);
    }

    [Test]
    public void Only_what_a_container_grows_by_is_asked_for()
    {
        var world = new World(("c1", 40), ("c2", 50));

        var tooMuch = world.Grow("c1", 51);
        var enough = world.Grow("c1", 50);

        tooMuch.Hold.Should().BeNull();
        tooMuch.Rejection.Should().Be(new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Resources, ResourceNames.Memory, 11, 10));
        enough.Hold.Should().NotBeNull();
    }

    [Test]
    public void Two_promises_to_one_container_count_once()
    {
        var world = new World(("c1", 40), ("c2", 20));

        using var first = world.Grow("c1", 70).Hold!;
        using var second = world.Grow("c1", 80).Hold!;

        world.Used.Should().Be(100);
        second.Release();
        world.Used.Should().Be(90);
        first.Release();
        world.Used.Should().Be(60);
    }

    [Test]
    public void A_container_that_its_engine_does_not_show_yet_grows_from_what_its_create_was_promised()
    {
        var world = new World(("c1", 20));
        world.Create(30, "op").Hold!.Settle("c2");

        var tooMuch = world.Grow("c2", 81);
        using var enough = world.Grow("c2", 80).Hold!;
        var before = world.Used;
        world.Show("c2", 30, operation: "op");

        tooMuch.Rejection.Should().Be(new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Resources, ResourceNames.Memory, 51, 50));
        (before, world.Used).Should().Be((100, 100));
        world.Create(1, "next").Hold.Should().BeNull();
        enough.Release();
        world.Used.Should().Be(50);
    }

    [Test]
    public void A_container_that_shrinks_before_its_engine_shows_it_counts_for_what_it_was_promised_until_then()
    {
        var world = new World();
        world.Create(80, "op").Hold!.Settle("c1");

        world.Grow("c1", 10).Hold!.Settle();
        var before = world.Used;
        world.Show("c1", 10, operation: "op");

        (before, world.Used).Should().Be((80, 10));
    }

    [Test]
    public void A_container_that_nothing_is_known_of_is_promised_nothing()
    {
        var world = new World(("c1", 20));

        var outcome = world.Grow("c9", 1);

        outcome.Hold.Should().BeNull();
        outcome.IsContainerUnknown.Should().BeTrue();
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void Room_that_is_promised_to_a_container_is_not_given_to_another()
    {
        var world = new World(("c1", 40));
        using var hold = world.Grow("c1", 80).Hold!;

        world.Create(30, "op").Rejection!.Value.Free.Should().Be(20);
        world.Create(20, "op").Hold.Should().NotBeNull();
    }

    [Test]
    public void A_settled_promise_lasts_until_the_container_was_read_after_it()
    {
        var world = new World(("c1", 40));
        var earlier = world.Time.GetTimestamp();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Grow("c1", 80).Hold!.Settle();

        world.Ledger.ReadWhole("engine-1", earlier);
        var afterEarlier = world.Used;
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp(), unread: ["c1"]);
        var afterUnread = world.Used;
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());

        (afterEarlier, afterUnread, world.Used).Should().Be((80, 80, 40));
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void While_something_is_promised_to_a_container_readings_are_to_look_at_it()
    {
        var world = new World(("c1", 40), ("c2", 10));
        world.Ledger.AwaitedContainers("engine-1").Should().BeEmpty();

        world.Grow("c1", 50).Hold!.Settle();
        world.Rename("c2", "other").Hold!.MarkUnknown();

        world.Ledger.AwaitedContainers("engine-1").Should().BeEquivalentTo("c1", "c2");
        world.Ledger.AwaitedContainers("engine-2").Should().BeEmpty();
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());
        world.Ledger.AwaitedContainers("engine-1").Should().BeEquivalentTo("c2");
    }

    [Test]
    public void What_is_promised_and_does_not_show_is_to_be_looked_at_where_a_list_was_cut_later()
    {
        var world = new World(("c1", 40), ("c2", 10));
        world.Create(5, "made").Hold!.Settle("c3");
        world.Create(5, "under way").Hold.Should().NotBeNull();
        world.Create(5, "given up").Hold!.MarkUnknown();
        world.Grow("c1", 50).Hold!.Settle();
        var read = world.Time.GetTimestamp();
        world.Time.Advance(TimeSpan.FromTicks(1));
        world.Create(5, "made later").Hold!.Settle("c4");

        world.Ledger.UnshownContainers("engine-1", read).Should().Equal(["c3"], "c1 shows, c4 was made after the list, and of the others it is not known what they are");
        world.Ledger.UnshownContainers("engine-1", world.Time.GetTimestamp()).Should().BeEquivalentTo("c3", "c4");
        world.Ledger.UnshownContainers("engine-2", read).Should().BeEmpty();
    }

    [Test]
    public void A_promise_of_which_nobody_knows_lasts_as_long_as_that_of_a_create()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.Dispose();
        world.Time.Advance(_unknownHoldTime - TimeSpan.FromTicks(1));
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());
        var early = world.Used;

        world.Time.Advance(TimeSpan.FromTicks(1));
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());

        (early, world.Used).Should().Be((80, 40));
    }

    [Test]
    public void The_clock_of_a_promise_of_which_nobody_knows_stands_while_the_engine_does_not_answer()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.MarkUnknown();
        world.Apply(new EngineSignal.Failed("frozen"));
        world.Time.Advance(10 * _unknownHoldTime);
        world.Apply(new EngineSignal.Recovered());
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());
        var back = world.Used;

        world.Time.Advance(_unknownHoldTime);
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());

        (back, world.Used).Should().Be((80, 40));
    }

    [Test]
    public void A_promise_to_a_container_that_a_reading_left_out_is_kept()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.Settle();
        world.Time.Advance(TimeSpan.FromSeconds(1));

        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp(), unread: ["c1"], isComplete: false);
        var unread = world.Used;
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp(), isComplete: false);

        (unread, world.Used).Should().Be((80, 40), "the second reading shows it, whatever else that left out");
    }

    [Test]
    public void A_promise_goes_with_its_container()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.MarkUnknown();

        world.Remove("c1");

        world.Used.Should().Be(0);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_promise_outlives_an_engine_that_leaves_and_comes_back()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.MarkUnknown();

        world.Apply(new EngineSignal.Left());
        world.Apply(new EngineSignal.Recovered());

        world.Used.Should().Be(80);
    }

    [Test]
    public void A_promise_of_which_nobody_knows_is_remembered_for_a_day_once_its_engine_is_gone()
    {
        var world = new World(("c1", 40));
        world.Grow("c1", 80).Hold!.MarkUnknown();
        world.Apply(new EngineSignal.Left());
        world.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        world.Apply(new EngineSignal.Recovered());
        var within = world.Used;

        world.Apply(new EngineSignal.Left());
        world.Time.Advance(TimeSpan.FromTicks(1));
        world.Apply(new EngineSignal.Recovered());
        world.Apply(new EngineSignal.Left());

        within.Should().Be(80);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_promise_that_was_kept_after_its_engine_had_gone_is_over()
    {
        var world = new World(("c1", 40));
        var (grown, renamed) = (world.Grow("c1", 80).Hold!, world.Rename("c1", "web").Hold!);
        world.Apply(new EngineSignal.Left());

        grown.Settle();
        renamed.Settle();

        world.Ledger.OpenHolds.Should().Be(0);
        world.Ledger.FindNameHolder("web").Should().BeNull();
    }

    [Test]
    public void A_name_is_held_once()
    {
        var world = new World(("c1", 0), ("c2", 0));
        using var first = world.Rename("c1", "web").Hold!;

        world.Rename("c2", "web").NameHolder.Should().Contain("rename under way");
        world.Ledger.FindNameHolder("web").Should().Contain("rename under way");
        first.Release();
        world.Rename("c2", "web").Hold.Should().NotBeNull();
    }

    [Test]
    public void A_rename_of_unknown_outcome_can_be_tried_again_and_the_name_is_held_until_both_are_over()
    {
        var world = new World(("c1", 0), ("c2", 0));
        var first = world.Rename("c1", "web").Hold!;
        first.MarkUnknown();

        var second = world.Rename("c1", "web").Hold!;
        second.Release();
        var afterOne = world.Rename("c2", "web").NameHolder;
        first.Release();

        afterOne.Should().Contain("rename under way");
        world.Rename("c2", "web").Hold.Should().NotBeNull();
    }

    [Test]
    public void A_name_that_shows_is_held_by_its_container()
    {
        var world = new World(("c1", 0));
        world.Rename("c1", "web").Hold!.Settle();

        world.Show("c1", 0, "web");

        world.Ledger.OpenHolds.Should().Be(0);
        world.Ledger.FindNameHolder("web").Should().Contain("c1");
    }

    [Test]
    public void A_name_that_shows_does_not_end_a_rename_of_which_nobody_knows()
    {
        var world = new World(("c1", 0), ("c2", 0));
        world.Rename("c1", "web").Hold!.MarkUnknown();

        world.Show("c1", 0, "web");
        world.Show("c1", 0, "www");
        var early = world.Rename("c2", "web").NameHolder;
        world.Time.Advance(_unknownHoldTime);
        world.Ledger.ReadWhole("engine-1", world.Time.GetTimestamp());

        early.Should().Contain("rename under way", "the engine may carry it out still");
        world.Rename("c2", "web").Hold.Should().NotBeNull();
    }

    [Test]
    public void Of_two_renames_to_one_name_the_one_of_which_nobody_knows_holds_it_after_the_other_is_over()
    {
        var world = new World(("c1", 0), ("c2", 0));
        world.Rename("c1", "web").Hold!.MarkUnknown();
        world.Rename("c1", "web").Hold!.Settle();

        world.Show("c1", 0, "web");
        world.Rename("c1", "www").Hold!.Settle();
        world.Show("c1", 0, "www");

        world.Rename("c2", "web").NameHolder.Should().Contain("rename under way");
    }

    [Test]
    public void A_rename_of_which_nobody_knows_holds_its_name_again_when_its_engine_comes_back()
    {
        var world = new World(("c1", 0), ("c2", 0));
        world.Rename("c1", "web").Hold!.MarkUnknown();
        world.Apply(new EngineSignal.Left());

        world.Apply(new EngineSignal.Recovered());

        world.Rename("c2", "web").NameHolder.Should().Contain("rename under way");
    }

    [Test]
    public void Reading_a_container_does_not_end_a_rename_of_which_nobody_knows()
    {
        var world = new World(("c1", 0));
        var hold = world.Rename("c1", "web").Hold!;
        hold.MarkUnknown();

        hold.EndRead();

        world.Ledger.FindNameHolder("web").Should().Contain("rename under way");
    }

    [Test]
    public void However_renames_overlap_get_lost_and_come_late_no_two_containers_have_one_name()
    {
        var step = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 1], Gen.Int[0, 2]);

        step.Array[100, 200].Sample(steps =>
        {
            var world = new World();
            var names = new Names(world);
            world.ShowAll(names.Truth);
            foreach (var (kind, container, name) in steps)
            {
                names.Do(kind, container, name);

                names.Truth.Distinct().Should().HaveCount(names.Truth.Length);
            }
        }, iter: 1_000);
    }

    [Test]
    public void The_name_of_a_rename_of_unknown_outcome_is_free_when_its_engine_leaves()
    {
        var world = new World(("c1", 0));
        world.Rename("c1", "web").Hold!.MarkUnknown();

        world.Apply(new EngineSignal.Left());

        world.Ledger.FindNameHolder("web").Should().BeNull();
    }

    [Test]
    public void Whatever_is_created_grown_shrunk_lost_or_removed_what_the_engine_really_has_never_exceeds_it()
    {
        var step = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 5], Gen.Long[1, 60]);

        step.Array[0, 80].Sample(steps =>
        {
            var world = new World();
            var engine = new Engine();
            foreach (var (kind, pick, memory) in steps)
            {
                engine.Do(world, kind, pick, memory);

                engine.Truth.Values.Sum().Should().BeLessThanOrEqualTo(Capacity, "the engine has no more");
                world.Used.Should().BeInRange(engine.Truth.Values.Sum(), Capacity);
            }
        });
    }

    [Test]
    public async Task Many_threads_that_create_and_grow_never_get_the_same_room()
    {
        var world = new World([.. Enumerable.Range(0, 4).Select(number => ($"c{number}", 10L))]);
        var over = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var round = 0; round < 500; round++)
            {
                if (thread % 2 == 0)
                {
                    using var hold = world.Grow($"c{(thread + round) % 4}", 10 + ((thread * 31) + round) % 60).Hold;
                    Check();
                    hold?.Release();
                }
                else
                {
                    using var made = world.Create(1 + (((thread * 17) + round) % 40), $"op-{thread}-{round}").Hold;
                    Check();
                    made?.Release();
                }
            }
        })));

        over.Should().Be(0);
        world.Used.Should().Be(40);
        world.Ledger.OpenHolds.Should().Be(0);

        void Check()
        {
            if (world.Used > Capacity)
            {
                Interlocked.Increment(ref over);
            }
        }
    }

    /// <summary>What really is on the engine, whether or not the ledger has heard of it, and what was asked of it and is still on its way.</summary>
    private sealed class Engine
    {
        private readonly List<(ContainerHold Hold, string Id, long Memory)> _updates = [];
        private int _number;

        public SortedDictionary<string, long> Truth { get; } = new(StringComparer.Ordinal);

        public void Do(World world, int kind, int pick, long memory)
        {
            var id = Truth.Count == 0 ? null : Truth.Keys.ElementAt(pick % Truth.Count);
            switch (kind)
            {
                case 0 or 1:
                    var name = $"c{_number++}";
                    if (world.Create(memory, name).Hold is { } made)
                    {
                        Truth[name] = memory;
                        made.Settle(name);
                        if (kind == 0)
                        {
                            world.Show(name, memory, operation: name);
                        }
                    }

                    break;
                case 2 or 3 when id is not null && !_updates.Exists(each => each.Id == id && each.Hold.Stage == HoldStage.Reserved):
                    if (world.Grow(id, memory).Hold is { } hold)
                    {
                        _updates.Add((hold, id, memory));
                    }

                    break;
                case 4 or 5 when _updates.Count > 0:
                    // The engine does what it was asked, sometimes after nobody waits for it any more.
                    var (asked, target, to) = _updates[pick % _updates.Count];
                    _updates.RemoveAt(pick % _updates.Count);
                    if (Truth.ContainsKey(target))
                    {
                        Truth[target] = to;
                    }

                    if (asked.Stage == HoldStage.Reserved)
                    {
                        asked.Settle();
                    }

                    break;
                case 6 when _updates.Count > 0:
                    _updates[pick % _updates.Count].Hold.MarkUnknown();
                    break;
                case 7 when id is not null:
                    world.Show(id, Truth[id], operation: id);
                    break;
                case 8 when id is not null:
                    // Everything is read, late enough for what is not known to be settled: nothing asked for is on its way then.
                    _updates.RemoveAll(each => each.Hold.Stage == HoldStage.Unknown);
                    world.Time.Advance(_unknownHoldTime);
                    world.ShowAll(Truth);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What containers really are called, and which renames are on their way to engines that do not know of one another.</summary>
    private sealed class Names(World world)
    {
        private readonly List<(ContainerHold Hold, int Container, string Name)> _renames = [];

        public string[] Truth { get; } = ["a", "b"];

        public void Do(int kind, int container, int pick)
        {
            switch (kind)
            {
                case < 7:
                    var name = ((string[])["a", "b", "x"])[pick];
                    if (world.Rename($"c{container}", name).Hold is { } hold)
                    {
                        _renames.Add((hold, container, name));
                    }

                    break;
                case < 12 when _renames.Count > 0:
                    var (made, target, to) = _renames[pick % _renames.Count];
                    _renames.RemoveAt(pick % _renames.Count);
                    Truth[target] = to;
                    if (made.Stage == HoldStage.Reserved)
                    {
                        made.Settle();
                    }

                    break;
                case < 15 when _renames.Count > 0:
                    _renames[pick % _renames.Count].Hold.MarkUnknown();
                    break;
                case < 19:
                    world.Show($"c{container}", 0, Truth[container]);
                    break;
                case 19:
                    // Everything is read, late enough for nothing that is not known to be on its way.
                    _renames.RemoveAll(each => each.Hold.Stage == HoldStage.Unknown);
                    world.Time.Advance(_unknownHoldTime);
                    world.ShowAll(Truth);
                    break;
            }
        }
    }

    /// <summary>A ledger and one admitted engine.</summary>
    private sealed class World
    {
        private readonly Lock _gate = new();
        private EngineState _state = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };
        private long _position;

        public World(params (string Id, long Memory)[] containers)
        {
            Ledger = new ReservationLedger(0, _unknownHoldTime, Time);
            Apply(new EngineSignal.Described(new EngineSpecs { DaemonId = "engine-1", Name = "host-1", MemoryBytes = Capacity, NanoCpus = ResourceVector.NanoCpusPerCpu }));
            Apply(new EngineSignal.Admitted("engine-1"));
            Apply(new EngineSignal.Recovered());
            foreach (var (id, memory) in containers)
            {
                Show(id, memory);
            }
        }

        public FakeTimeProvider Time { get; } = new();

        public ReservationLedger Ledger { get; }

        public long Used => Ledger.Snapshot.Nodes.Single().Used.MemoryBytes;

        public HoldOutcome<ContainerHold> Grow(string id, long memory) =>
            Ledger.TryHoldRoom("engine-1", id, new ContainerUpdateSpec { MemoryBytes = memory }, new ResourceVector { MemoryBytes = memory });

        public HoldOutcome<ContainerHold> Rename(string id, string name) => Ledger.TryHoldName("engine-1", id, name);

        public HoldOutcome<Reservation> Create(long memory, string operation) =>
            Ledger.TryReserve(new PlacementRequest { Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 } }, Ledger.Snapshot.Nodes.Single(), operation);

        public void Show(string id, long memory, string? name = null, string? operation = null) =>
            Apply(new EngineSignal.ContainerRead(Container(id, memory, name, operation), ++_position));

        public void ShowAll(IReadOnlyDictionary<string, long> truth)
        {
            var started = Time.GetTimestamp();
            Apply(new EngineSignal.ContainersRead([.. truth.Select(each => Container(each.Key, each.Value, null, each.Key))], ++_position));
            Ledger.ReadWhole("engine-1", started);
        }

        public void ShowAll(IReadOnlyList<string> names)
        {
            var started = Time.GetTimestamp();
            Apply(new EngineSignal.ContainersRead([.. names.Select((name, number) => Container($"c{number}", 0, name, null))], ++_position));
            Ledger.ReadWhole("engine-1", started);
        }

        public void Remove(string id) => Apply(new EngineSignal.ContainerGone(id, ++_position));

        public void Apply(EngineSignal signal)
        {
            lock (_gate)
            {
                var transition = _state.Apply(signal);
                _state = transition.After;
                Ledger.ApplyChange(transition);
            }
        }

        private static ContainerView Container(string id, long memory, string? name, string? operation) => new()
        {
            Id = id,
            Names = name is null ? [] : ["/" + name],
            Labels = operation is null ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Operation, operation)]),
            Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
        };
    }
}
