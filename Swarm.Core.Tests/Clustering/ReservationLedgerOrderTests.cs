using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Whom the ledger listens to, and what a reading means that was begun before or after a decision.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReservationLedgerOrderTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Operation, bool Exists)> _resolved = [];
    private readonly ReservationLedger _ledger;
    private EngineState _state = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };
    private long _position;

    public ReservationLedgerOrderTests()
    {
        _ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), _time, resolved: (reservation, exists) => _resolved.Add((reservation.Operation, exists)));
        Apply(new EngineSignal.Described(new EngineSpecs { DaemonId = "engine-1", Name = "host-1", MemoryBytes = 1000, NanoCpus = ResourceVector.NanoCpusPerCpu }));
        Apply(new EngineSignal.Admitted("engine-1"));
        Apply(new EngineSignal.Recovered());
    }

    [Test]
    public void Nothing_is_reserved_on_an_engine_that_is_gone()
    {
        var chosen = _ledger.Snapshot.Nodes[0];
        Apply(new EngineSignal.Left());

        var outcome = _ledger.TryReserve(Request(), chosen, "op");

        outcome.Hold.Should().BeNull();
        outcome.Rejection!.Value.Code.Should().Be(RejectionCodes.Unhealthy);
    }

    [Test]
    public void Who_does_not_speak_for_an_engine_any_more_is_not_heard()
    {
        IFollowedEngine former = new FollowedEngine(), now = new FollowedEngine();
        _ledger.SetSpeaker("engine-1", former);
        Publish(new EngineSignal.ContainerRead(Container("a", memory: 10), ++_position), former);
        _ledger.SetSpeaker("engine-1", now);
        var reservation = Reserve();
        reservation.Settle("b");
        _time.Advance(_second);

        Publish(new EngineSignal.ContainerRead(Container("c", memory: 500), ++_position), former);
        _ledger.ReadWhole("engine-1", _time.GetTimestamp(), former);

        _ledger.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(110, "only what was heard counts");
        _ledger.OpenHolds.Should().Be(1);
        _ledger.ReadWhole("engine-1", _time.GetTimestamp(), now);
        _ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void Who_has_handed_an_engine_over_does_not_take_it_along()
    {
        IFollowedEngine former = new FollowedEngine(), now = new FollowedEngine();
        _ledger.SetSpeaker("engine-1", former);
        _ledger.SetSpeaker("engine-1", now);

        _ledger.EndSpeaker("engine-1", former);

        _ledger.Snapshot.Nodes.Count.Should().Be(1);
        _ledger.EndSpeaker("engine-1", now);
        _ledger.Snapshot.Nodes.Count.Should().Be(0);
    }

    [Test]
    public void What_a_handed_over_engine_holds_is_found_once()
    {
        IFollowedEngine former = new FollowedEngine(), now = new FollowedEngine();
        _ledger.SetSpeaker("engine-1", former);
        Publish(new EngineSignal.ContainerRead(Container("a", name: "web"), ++_position), former);
        _ledger.SetSpeaker("engine-1", now);
        var other = new EngineState { Address = EngineAddress.Parse("10.0.0.2:2375") };
        foreach (var signal in new EngineSignal[] { new EngineSignal.Described(_state.Specs!), new EngineSignal.ContainerRead(Container("a", name: "www"), 1), new EngineSignal.Admitted("engine-1"), new EngineSignal.Recovered() })
        {
            var transition = other.Apply(signal);
            other = transition.After;
            _ledger.ApplyChange(transition, now);
        }

        _ledger.Find("a").Should().ContainSingle();
        _ledger.Find("web").Should().BeEmpty();
        _ledger.Find("www").Should().ContainSingle();
    }

    [Test]
    public void A_create_under_way_is_ended_by_no_list()
    {
        Reserve();
        _time.Advance(TimeSpan.FromHours(1));

        ReadWhole();

        _ledger.CountHolds().Should().Be((1, 0, 0));
    }

    [Test]
    public void A_list_that_began_before_the_answer_of_a_create_does_not_end_it()
    {
        var begun = _time.GetTimestamp();
        _time.Advance(_second);
        Reserve().Settle("a");

        _ledger.ReadWhole("engine-1", begun);

        _ledger.CountHolds().Should().Be((0, 1, 0));
        ReadWhole();
        _ledger.CountHolds().Should().Be((0, 0, 0));
    }

    [Test]
    public void What_was_made_on_an_engine_that_left_frees_its_name_and_its_reservation()
    {
        Reserve("web").Settle("a");

        Apply(new EngineSignal.Left());

        _ledger.FindNameHolder("web").Should().BeNull();
        _ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_create_that_is_left_open_after_its_engine_left_frees_its_name()
    {
        var reservation = Reserve("web");
        Apply(new EngineSignal.Left());
        _ledger.FindNameHolder("web").Should().NotBeNull("it is under way");

        reservation.MarkUnknown();

        _ledger.FindNameHolder("web").Should().BeNull();
        _ledger.OpenHolds.Should().Be(1, "it may still be made there");
    }

    [Test]
    public void The_size_of_a_node_follows_its_engine()
    {
        Apply(new EngineSignal.Described(_state.Specs! with { MemoryBytes = 2000 }));

        _ledger.Snapshot.Nodes[0].Total.MemoryBytes.Should().Be(2000);
    }

    [Test]
    public void A_name_that_another_has_by_now_is_not_freed_by_its_former_holder()
    {
        var first = Reserve("web");
        Apply(new EngineSignal.Left());
        first.MarkUnknown();
        Apply(new EngineSignal.Recovered());
        var second = Reserve("www", "second");

        first.Release();
        second.Release();

        _ledger.FindNameHolder("web").Should().BeNull();
        _ledger.FindNameHolder("www").Should().BeNull();
        _ledger.CountHolds().Should().Be((0, 0, 0));
    }

    [Test]
    public void Whoever_asks_hears_what_became_of_what_nobody_knew()
    {
        Reserve(operation: "made").MarkUnknown();
        Reserve(operation: "lost").MarkUnknown();

        Apply(new EngineSignal.ContainerRead(Container("a", operation: "made"), ++_position));
        _time.Advance(TimeSpan.FromMinutes(1));
        ReadWhole();

        _resolved.Should().Equal(("made", true), ("lost", false));
    }

    private Reservation Reserve(string? name = null, string operation = "op") =>
        _ledger.TryReserve(Request(name), _ledger.Snapshot.Nodes[0], operation).Hold!;

    private void ReadWhole() => _ledger.ReadWhole("engine-1", _time.GetTimestamp());

    private void Apply(EngineSignal signal) => Publish(signal, null);

    private void Publish(EngineSignal signal, IFollowedEngine? speaker)
    {
        var transition = _state.Apply(signal);
        _state = transition.After;
        _ledger.ApplyChange(transition, speaker);
    }

    private static PlacementRequest Request(string? name = null) => new() { Name = name, Resources = new ResourceVector { MemoryBytes = 100, Slots = 1 } };

    private static ContainerView Container(string id, long memory = 0, string? name = null, string? operation = null) => new()
    {
        Id = id,
        Names = name is null ? [] : ["/" + name],
        Labels = operation is null ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Operation, operation)]),
        Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
    };
}
