using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

public sealed class ReservationLedgerMergeTests
{
    private const string Goes = "ID|second";
    private const string Stays = "ID";

    [Test]
    public void What_is_promised_on_the_one_is_promised_on_the_other()
    {
        var world = new World();
        var reservation = world.Reserve(Goes, memory: 60, name: "web", operation: "op-1");

        world.Merge();

        world.Node.Id.Should().Be(Stays);
        world.Node.Used.MemoryBytes.Should().Be(60);
        reservation.EngineId.Should().Be(Stays);
        world.Ledger.FindNameHolder("web").Should().NotBeNull();
    }

    [Test]
    public void Readers_never_see_less_than_is_promised()
    {
        var world = new World();
        world.Reserve(Goes, memory: 60);
        world.Reserve(Stays, memory: 30);
        var before = world.Ledger.Snapshot;

        world.Merge();

        before.Nodes.Sum(node => node.Used.MemoryBytes).Should().Be(90);
        world.Ledger.Snapshot.Nodes.Sum(node => node.Used.MemoryBytes).Should().Be(90);
    }

    [Test]
    public void A_container_that_both_have_shown_counts_once_and_is_found_once()
    {
        var world = new World();
        world.Show(Goes, Container("c1", memory: 60, name: "web"));
        world.Show(Stays, Container("c1", memory: 60, name: "web"));

        world.Merge();

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.Find("web").Should().ContainSingle().Which.EngineId.Should().Be(Stays);
    }

    [Test]
    public void What_becomes_of_a_create_later_counts_on_the_engine_that_stays()
    {
        var world = new World();
        var reservation = world.Reserve(Goes, memory: 60, name: "web", operation: "op-1");
        world.Merge();

        reservation.Settle("c1");
        world.Ledger.Find("web").Should().ContainSingle().Which.EngineId.Should().Be(Stays);
        world.Show(Stays, Container("c1", memory: 60, name: "web", operation: "op-1"));

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void What_was_made_there_and_is_not_shown_yet_is_found_on_the_engine_that_stays()
    {
        var world = new World();
        world.Reserve(Goes, memory: 60, name: "web", operation: "op-1").Settle("c1");

        world.Merge();

        world.Ledger.Find("web").Should().ContainSingle().Which.EngineId.Should().Be(Stays);
        world.Ledger.CountHolds().Should().Be((0, 1, 0));
    }

    [Test]
    public void A_container_nobody_wants_that_the_engine_that_stays_shows_is_handed_out()
    {
        var world = new World();
        world.Reserve(Goes, memory: 60, operation: "op-1").Abandon();
        world.Show(Stays, Container("c1", memory: 60, operation: "op-1"));

        var orphans = world.Merge();

        orphans.Select(container => container.Id).Should().Equal("c1");
        world.Ledger.OpenHolds.Should().Be(0);
        world.Resolved.Should().Equal(("op-1", true));
    }

    [Test]
    public void A_create_under_way_that_the_engine_that_stays_shows_already_counts_once()
    {
        var world = new World();
        world.Reserve(Goes, memory: 60, operation: "op-1");
        world.Show(Stays, Container("c1", memory: 60, operation: "op-1"));

        world.Merge();

        world.Node.Used.MemoryBytes.Should().Be(60);
        world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void Room_that_a_container_was_promised_to_grow_into_moves_too()
    {
        var world = new World();
        world.Show(Goes, Container("c1", memory: 60));
        world.Show(Stays, Container("c1", memory: 60));
        world.Ledger.TryHoldRoom(Goes, "c1", new ContainerUpdateSpec { MemoryBytes = 100 }, new ResourceVector { MemoryBytes = 100 }).Hold!.MarkUnknown();

        world.Merge();

        world.Node.Used.MemoryBytes.Should().Be(100);
    }

    [Test]
    public void Of_two_things_that_a_container_was_told_the_more_counts()
    {
        var world = new World();
        world.Show(Goes, Container("c1") with { ShowsNoMemory = true });
        world.Show(Stays, Container("c1") with { ShowsNoMemory = true });
        world.Tell(Stays, "c1", memory: 100);
        world.Tell(Goes, "c1", memory: 300);

        world.Merge();

        world.Node.Used.MemoryBytes.Should().Be(300);
    }

    [Test]
    public void What_may_come_late_on_an_engine_that_was_away_holds_its_name_again()
    {
        var world = new World();
        world.Show(Goes, Container("c1"));
        world.Show(Stays, Container("c1"));
        world.Show(Stays, Container("c2"));
        world.Reserve(Goes, name: "web", operation: "op-1").MarkUnknown();
        world.Ledger.TryHoldName(Goes, "c1", "www").Hold!.MarkUnknown();
        world.Leave(Goes);
        world.Ledger.FindNameHolder("web").Should().BeNull("nobody may wait for an engine that is gone");

        world.Merge();

        world.Ledger.FindNameHolder("web").Should().Contain("create under way");
        world.Ledger.TryHoldName(Stays, "c2", "www").NameHolder.Should().Contain("rename under way");
    }

    [Test]
    public void A_rename_of_a_container_does_not_let_its_copy_on_another_machine_have_the_name()
    {
        // The disk of a machine was copied: both have the container, and each may be asked for the name.
        var world = new World();
        world.Show(Goes, Container("c1", name: "old"));
        world.Show(Stays, Container("c1", name: "older"));
        world.Ledger.TryHoldName(Goes, "c1", "web").Hold!.MarkUnknown();

        world.Ledger.TryHoldName(Stays, "c1", "web").NameHolder.Should().Contain("rename under way");
    }

    [Test]
    public void The_engine_that_goes_is_not_heard_any_more()
    {
        var world = new World();
        world.Merge();

        world.Show(Goes, Container("c1", memory: 60));

        world.Node.Id.Should().Be(Stays);
        world.Ledger.Find("c1").Should().BeEmpty();
    }

    [Test]
    public void Once_it_has_said_its_last_its_ID_may_be_taken_again()
    {
        var world = new World();
        world.Merge();
        world.Ledger.EndSpeaker(Goes, world.Speakers[Goes]);

        world.Show(Goes, Container("c1", memory: 60), speaker: null);

        world.Ledger.Snapshot.Nodes.Should().HaveCount(2);
    }

    [Test]
    public void Whatever_happens_on_engines_that_come_go_and_turn_out_to_be_one_nothing_is_left_open_or_counted_wrong()
    {
        var step = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 1], Gen.Int[0, 9]);

        step.Array[0, 120].Sample(steps =>
        {
            var storm = new Storm(new World());
            foreach (var (kind, engine, pick) in steps)
            {
                storm.Do(kind, engine == 0 ? Goes : Stays, pick);

                storm.CheckCounts();
            }

            storm.Calm();
        }, iter: 200);
    }

    private static ContainerView Container(string id, long memory = 0, string? name = null, string? operation = null) => new()
    {
        Id = id,
        Names = name is null ? [] : ["/" + name],
        Labels = operation is null ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Operation, operation)]),
        Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
    };

    /// <summary>Everything that may happen to two engines, in any order.</summary>
    private sealed class Storm(World world)
    {
        private static readonly string[] _names = ["a", "b", "c"];
        private readonly List<Reservation> _creates = [];
        private readonly List<ContainerHold> _changes = [];
        private readonly HashSet<string> _merged = [];
        private int _number;

        public void Do(int kind, string engine, int pick)
        {
            switch (kind)
            {
                case 0 or 1 when world.Ledger.Snapshot.Nodes.TryGet(engine, out var node):
                    var request = new PlacementRequest { Name = pick < 6 ? _names[pick % 3] : null, Resources = new ResourceVector { MemoryBytes = 1 + pick, Slots = 1 } };
                    if (world.Ledger.TryReserve(request, node, $"op-{++_number}").Hold is { } made)
                    {
                        _creates.Add(made);
                    }

                    break;
                case 2 when Pick(_creates, pick) is { } create:
                    create.Settle($"c-{create.Operation}");
                    break;
                case 3 when Pick(_creates, pick) is { } create:
                    create.Release();
                    break;
                case 4 when Pick(_creates, pick) is { } create:
                    create.MarkUnknown();
                    break;
                case 5 when Pick(_creates, pick) is { } create:
                    create.Abandon();
                    break;
                case 6 when Pick(_creates, pick) is { } create && !_merged.Contains(engine):
                    world.Show(engine, Container($"c-{create.Operation}", memory: 1, operation: create.Operation) with { IsUnread = pick == 9 });
                    break;
                case 7 when Pick(_creates, pick) is { } create:
                    if (world.Ledger.TryHoldName(engine, $"c-{create.Operation}", _names[pick % 3]).Hold is { } rename)
                    {
                        _changes.Add(rename);
                    }

                    break;
                case 8 when Pick(_creates, pick) is { } create:
                    if (world.Ledger.TryHoldRoom(engine, $"c-{create.Operation}", new ContainerUpdateSpec { MemoryBytes = 20 }, new ResourceVector { MemoryBytes = 20 }).Hold is { } update)
                    {
                        _changes.Add(update);
                    }

                    break;
                case 9 when Pick(_changes, pick) is { } change:
                    change.Settle();
                    change.EndRead();
                    break;
                case 10 when Pick(_changes, pick) is { } change:
                    change.MarkUnknown();
                    break;
                case 11 when Pick(_changes, pick) is { } change:
                    change.Release();
                    break;
                case 12 when !_merged.Contains(engine):
                    world.Leave(engine);
                    break;
                case 13 when !_merged.Contains(engine):
                    world.Return(engine);
                    break;
                case 14 when pick < 3 && _merged.Add(Goes):
                    world.Merge();
                    break;
                case 14 when _merged.Remove(Goes):
                    world.ComeBack(Goes);
                    break;
                case 15:
                    world.Time.Advance(TimeSpan.FromSeconds(pick * pick));
                    world.Read(engine);
                    break;
                default:
                    break; // there is nothing to do it with
            }
        }

        public void CheckCounts()
        {
            var (reserved, settled, unknown) = world.Ledger.CountHolds();
            (reserved + settled + unknown).Should().Be(world.Ledger.OpenHolds);
            _creates.Count(each => each.Stage is not HoldStage.Ended).Should().Be(world.Ledger.ListReservations().Length);
            world.Ledger.Snapshot.Nodes.Should().NotContain(node => node.Used.MemoryBytes < 0);
        }

        /// <summary>Everything is decided, and both engines say twice that they have nothing.</summary>
        public void Calm()
        {
            _creates.ForEach(each => each.Dispose());
            _changes.ForEach(each => each.Dispose());
            if (_merged.Remove(Goes))
            {
                world.ComeBack(Goes);
            }

            world.Return(Goes);
            world.Return(Stays);
            world.Time.Advance(TimeSpan.FromSeconds(60));
            world.Clear(Goes);
            world.Clear(Stays);

            world.Ledger.OpenHolds.Should().Be(0);
            world.Ledger.CountHolds().Should().Be((0, 0, 0));
            _names.Should().OnlyContain(name => world.Ledger.FindNameHolder(name) == null);
            world.Ledger.Snapshot.Nodes.Should().HaveCount(2).And.OnlyContain(node => node.Used.MemoryBytes == 0);
        }

        private static T? Pick<T>(List<T> all, int pick)
            where T : class => all.Count == 0 ? null : all[^(1 + (pick % all.Count))];
    }

    /// <summary>A ledger and one daemon that was admitted as two engines.</summary>
    private sealed class World
    {
        private readonly Dictionary<string, EngineState> _states = [];
        private long _position;

        public World()
        {
            Ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), Time, resolved: (reservation, exists) => Resolved.Add((reservation.Operation, exists)));
            foreach (var id in new[] { Stays, Goes })
            {
                Speakers[id] = new FollowedEngine();
                _states[id] = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") };
                Admit(id);
            }
        }

        public FakeTimeProvider Time { get; } = new();

        public ReservationLedger Ledger { get; }

        public Dictionary<string, IFollowedEngine> Speakers { get; } = [];

        public List<(string Operation, bool Exists)> Resolved { get; } = [];

        public NodeView Node => Ledger.Snapshot.Nodes.Single();

        public Reservation Reserve(string engineId, long memory = 0, string? name = null, string operation = "op")
        {
            Ledger.Snapshot.Nodes.TryGet(engineId, out var chosen).Should().BeTrue();
            var request = new PlacementRequest { Name = name, Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 } };
            return Ledger.TryReserve(request, chosen!, operation).Hold!;
        }

        public IReadOnlyList<ContainerView> Merge() => Ledger.Merge(Goes, Speakers[Goes], Stays);

        public void Show(string engineId, ContainerView container) => Show(engineId, container, Speakers[engineId]);

        public void Show(string engineId, ContainerView container, IFollowedEngine? speaker) => Apply(engineId, new EngineSignal.ContainerRead(container, ++_position), speaker);

        /// <summary>An update was made and its container read since, on an engine that shows no limits.</summary>
        public void Tell(string engineId, string containerId, long memory)
        {
            var hold = Ledger.TryHoldRoom(engineId, containerId, new ContainerUpdateSpec { MemoryBytes = memory }, new ResourceVector { MemoryBytes = memory }).Hold!;
            hold.Settle();
            hold.EndRead();
        }

        public void Leave(string engineId) => Apply(engineId, new EngineSignal.Left(), Speakers[engineId]);

        public void Return(string engineId) => Apply(engineId, new EngineSignal.Recovered(), Speakers[engineId]);

        /// <summary>The address of an engine that was merged away takes part again, as a new engine.</summary>
        public void ComeBack(string engineId)
        {
            var former = Speakers[engineId];
            Speakers[engineId] = new FollowedEngine();
            _states[engineId] = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") };
            if (_position % 2 == 0)
            {
                Ledger.EndSpeaker(engineId, former);
            }

            Admit(engineId);
            Ledger.EndSpeaker(engineId, former);
        }

        public void Read(string engineId) => Ledger.ReadWhole(engineId, Time.GetTimestamp(), Speakers[engineId]);

        public void Clear(string engineId)
        {
            Apply(engineId, new EngineSignal.ContainersRead([], ++_position, 0), Speakers[engineId]);
            Read(engineId);
        }

        private void Admit(string engineId)
        {
            Ledger.SetSpeaker(engineId, Speakers[engineId]);
            Apply(engineId, new EngineSignal.Described(new EngineSpecs { DaemonId = "ID", Name = "host", MemoryBytes = 1000, NanoCpus = ResourceVector.NanoCpusPerCpu }), Speakers[engineId]);
            Apply(engineId, new EngineSignal.Admitted(engineId), Speakers[engineId]);
            Apply(engineId, new EngineSignal.Recovered(), Speakers[engineId]);
        }

        private void Apply(string engineId, EngineSignal signal, IFollowedEngine? speaker)
        {
            var transition = _states[engineId].Apply(signal);
            _states[engineId] = transition.After;
            Ledger.ApplyChange(transition, speaker);
        }
    }
}
