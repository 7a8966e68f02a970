using System.Globalization;
using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class RememberedDecisionTests
{
    private const int DecisionsPerWorld = 400;

    // In continuous integration some tens of thousands; a million by hand.
    private static int Worlds => int.TryParse(Environment.GetEnvironmentVariable("SWARM_ORACLE_WORLDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var worlds) ? worlds : 100;

    private static readonly Scheduler _scheduler = new(
        [.. BuiltInFilters.All, new LongNames()],
        [.. BuiltInStrategies.All, new Mine("mine"), new Remembered()],
        StrategyNames.Spread);

    [TestCase(3)]
    [TestCase(30)]
    [TestCase(200, Description = "several pages, that are split and joined")]
    public void What_is_remembered_never_changes_a_decision(int nodes)
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var (world, book) = (new RandomWorld(seed), new VerdictBook(capacity: 20_000));
            world.Populate(nodes);
            for (var i = 0; i < DecisionsPerWorld; i++)
            {
                world.Step();
                var (request, number) = (world.Request(), world.Seed());
                var made = _scheduler.Place(request, world.Nodes, number, book);
                ShadowOracle.FindDifference(_scheduler, request, world.Nodes, number, made, readsReasons: i % 16 == 0).Should().BeNull("world {0}, decision {1}", seed, i);
            }
        }
    }

    private sealed class LongNames : IFilter
    {
        public string Name => "long-names";

        public NodeTest? Prepare(PlacementContext context) => context.Request.Resources.MemoryBytes == A.GiB
            ? node => node.Id.Length > 5 ? new Rejection(Name, "long") : null
            : null;

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }

    private sealed class Mine(string name) : IPlacementStrategy
    {
        public string Name => name;

        public NodeScore Prepare(PlacementContext context) => node => new PlacementScore(node.Id.Length, long.MaxValue - node.ContainerCount);
    }

    private sealed class Remembered : IRememberedStrategy
    {
        public string Name => "remembered";

        public string? KeyOf(PlacementRequest request) => "";

        public NodeScore Prepare(PlacementContext context) => node => new PlacementScore(node.Id.Length, node.ContainerCount);
    }
}
