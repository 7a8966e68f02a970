using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What a change of a container holds in each of its stages, and when it lets go.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerHoldOrderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReservationLedger _ledger;
    private EngineState _state = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };
    private long _position;

    public ContainerHoldOrderTests()
    {
        _ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), _time);
        Apply(new EngineSignal.Described(new EngineSpecs { DaemonId = "engine-1", Name = "host-1", MemoryBytes = 100, NanoCpus = 100 }));
        Apply(new EngineSignal.Admitted("engine-1"));
        Apply(new EngineSignal.Recovered());
        Show("c1", "one");
    }

    [Test]
    public void CPUs_that_a_container_is_to_grow_to_are_used()
    {
        Grow(cpus: 40).Should().NotBeNull();
        Grow(cpus: 60).Should().NotBeNull();
        Grow(cpus: 50).Should().NotBeNull();

        _ledger.Snapshot.Nodes[0].Used.NanoCpus.Should().Be(60, "the most of them counts");
        Grow(cpus: 101).Should().BeNull("there are 100");
    }

    [Test]
    public void The_order_of_promises_does_not_matter()
    {
        Grow(memory: 60);
        Grow(memory: 30);

        _ledger.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(60);
    }

    [Test]
    public void A_rename_under_way_is_not_ended_by_what_its_engine_shows()
    {
        using var hold = _ledger.TryHoldName("engine-1", "c1", "two").Hold!;

        Show("c1", "one");
        Show("c1", "two");
        Show("c1", "one");

        _ledger.CountHolds().Should().Be((1, 0, 0));
        _ledger.FindNameHolder("two").Should().Contain("rename under way");
    }

    [Test]
    public void A_rename_under_way_holds_its_name_although_its_container_seems_to_have_gone()
    {
        using var hold = _ledger.TryHoldName("engine-1", "c1", "two").Hold!;

        Apply(new EngineSignal.ContainerGone("c1", ++_position));

        _ledger.FindNameHolder("two").Should().Contain("rename under way");
    }

    [Test]
    public void Only_updates_of_which_nobody_knows_may_or_may_not_have_been_made()
    {
        Grow(memory: 10)!.Settle();
        Grow(memory: 20)!.MarkUnknown();
        Grow(memory: 30);

        _ledger.UnknownUpdates("engine-1", "c1").Select(update => update.MemoryBytes).Should().Equal(20);
    }

    [Test]
    public void What_is_known_of_a_change_is_not_forgotten_by_disposing_of_it()
    {
        var hold = _ledger.TryHoldName("engine-1", "c1", "two").Hold!;
        hold.Settle();

        hold.Dispose();

        _ledger.CountHolds().Should().Be((0, 1, 0));
    }

    [Test]
    public void A_rename_that_is_left_open_after_its_engine_left_frees_its_name()
    {
        var hold = _ledger.TryHoldName("engine-1", "c1", "two").Hold!;
        Apply(new EngineSignal.Left());

        hold.MarkUnknown();

        _ledger.FindNameHolder("two").Should().BeNull();
    }

    [Test]
    public void A_rename_that_was_made_after_its_engine_left_is_over()
    {
        var hold = _ledger.TryHoldName("engine-1", "c1", "two").Hold!;
        Apply(new EngineSignal.Left());

        hold.Settle();

        _ledger.FindNameHolder("two").Should().BeNull();
        _ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void Changes_end_with_their_container()
    {
        var (rename, update) = (_ledger.TryHoldName("engine-1", "c1", "two").Hold!, Grow(memory: 30)!);
        rename.MarkUnknown();
        update.Settle();

        Apply(new EngineSignal.ContainerGone("c1", ++_position));

        _ledger.OpenHolds.Should().Be(0);
        _ledger.FindNameHolder("two").Should().BeNull();
        _ledger.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(0);
    }

    [Test]
    public void Changes_end_when_a_reading_does_not_show_their_container()
    {
        _ledger.TryHoldName("engine-1", "c1", "two").Hold!.MarkUnknown();

        Apply(new EngineSignal.ContainersRead([], ++_position));

        _ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public void A_container_that_gives_back_does_not_free_it_for_others_before_it_shows()
    {
        Show("c1", "one", memory: 80);

        Grow(memory: 10);

        _ledger.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(80);
    }

    private ContainerHold? Grow(long memory = 0, long cpus = 0) =>
        _ledger.TryHoldRoom("engine-1", "c1", new ContainerUpdateSpec { MemoryBytes = memory, NanoCpus = cpus }, new ResourceVector { MemoryBytes = memory, NanoCpus = cpus }).Hold;

    private void Show(string id, string name, long memory = 0) => Apply(new EngineSignal.ContainerRead(
        new ContainerView { Id = id, Names = ["/" + name], Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 } }, ++_position));

    private void Apply(EngineSignal signal)
    {
        var transition = _state.Apply(signal);
        _state = transition.After;
        _ledger.ApplyChange(transition);
    }
}
