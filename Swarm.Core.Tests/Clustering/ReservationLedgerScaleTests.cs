using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

public sealed class ReservationLedgerScaleTests
{
    // A page of nodes, the list of pages, and what one engine's own state takes.
    private const long MostBytesPerChange = 16_384;

    [TestCase(100)]
    [TestCase(10_000)]
    public void An_engine_that_goes_or_comes_costs_the_ledger_no_walk_over_the_others(int engines)
    {
        var world = new World(engines);

        AllocatedBy(() =>
        {
            world.Leave(engines / 2);
            world.Return(engines / 2);
        }).Should().BeLessThan(2 * MostBytesPerChange);
        world.Ledger.Snapshot.Nodes.Should().HaveCount(engines);
    }

    [TestCase(100)]
    [TestCase(5_000)]
    public void What_is_open_on_engines_that_are_gone_is_not_looked_through_each_time_one_goes(int engines)
    {
        var world = new World(engines + 1);
        for (var number = 0; number < engines; number++)
        {
            world.Reserve(number).MarkUnknown();
            world.Leave(number);
        }

        AllocatedBy(() =>
        {
            world.Leave(engines);
            world.Return(engines);
        }).Should().BeLessThan(2 * MostBytesPerChange);
        world.Ledger.OpenHolds.Should().Be(engines);
    }

    [Test]
    public void Counting_reservations_walks_over_none()
    {
        var world = new World(1_000);
        for (var number = 0; number < 1_000; number++)
        {
            var reservation = world.Reserve(number);
            if (number % 2 == 0)
            {
                reservation.MarkUnknown();
            }
        }

        AllocatedBy(() => world.Ledger.CountHolds()).Should().Be(0);
        world.Ledger.CountHolds().Should().Be((500, 0, 500));
    }

    [TestCase("a/")]
    [TestCase("host-/")]
    public void What_begins_with_no_engine_is_no_look_for_each_of_its_slashes(string part)
    {
        var world = new World(1);
        var reference = string.Concat(Enumerable.Repeat(part, 1_000 / part.Length));

        // A look allocates several of its lengths.
        AllocatedBy(() => world.Ledger.Find(reference)).Should().BeLessThan(40 * 1_000);
    }

    [Test]
    public void What_begins_with_no_engine_is_not_looked_for_among_all_containers()
    {
        var world = new World(1);
        for (var number = 0; number < 1_000; number++)
        {
            world.Reserve(0).Settle($"a{number:x8}");
        }

        AllocatedBy(() => world.Ledger.Find("x/a").Should().BeEmpty()).Should().BeLessThan(MostBytesPerChange);
    }

    private static long AllocatedBy(Action work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class World
    {
        private readonly EngineState[] _states;

        public World(int engines)
        {
            _states = new EngineState[engines];
            for (var number = 0; number < engines; number++)
            {
                _states[number] = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") };
                Apply(number, new EngineSignal.Described(new EngineSpecs { DaemonId = IdOf(number), Name = "host", MemoryBytes = 1000, NanoCpus = ResourceVector.NanoCpusPerCpu }));
                Apply(number, new EngineSignal.Admitted(IdOf(number)));
                Apply(number, new EngineSignal.Recovered());
            }
        }

        public ReservationLedger Ledger { get; } = new(0, TimeSpan.FromSeconds(30), new FakeTimeProvider());

        public void Leave(int number) => Apply(number, new EngineSignal.Left());

        public void Return(int number) => Apply(number, new EngineSignal.Recovered());

        public Reservation Reserve(int number)
        {
            Ledger.Snapshot.Nodes.TryGet(IdOf(number), out var chosen).Should().BeTrue();
            return Ledger.TryReserve(new PlacementRequest { Resources = new ResourceVector { Slots = 1 } }, chosen!, IdOf(number)).Hold!;
        }

        private static string IdOf(int number) => number.ToString("ID-00000", CultureInfo.InvariantCulture);

        private void Apply(int number, EngineSignal signal)
        {
            var transition = _states[number].Apply(signal);
            _states[number] = transition.After;
            Ledger.ApplyChange(transition);
        }
    }
}
