using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class TieBreakTests
{
    private static readonly NodeSet _equals = NodeSet.Create(Enumerable.Range(0, 20).Select(number => new NodeView { Id = $"id-{number:d2}", Name = $"node-{number}" }));

    [Test]
    public void The_lowest_ID_wins_by_default() => Place(new PlacementRequest(), seed: 5).Node!.Id.Should().Be("id-00");

    [Test]
    public void A_seeded_draw_chooses_the_same_node_for_the_same_seed() =>
        Place(Seeded, seed: 5).Node!.Id.Should().Be(Place(Seeded, seed: 5).Node!.Id);

    [Test]
    public void Seeded_draws_spread_over_the_nodes() =>
        Enumerable.Range(0, 200).Select(seed => Place(Seeded, seed).Node!.Id).Distinct().Should().HaveCountGreaterThan(15);

    [Test]
    public void The_chosen_node_leads_the_ranking()
    {
        var result = Place(Seeded, seed: 9);

        result.Ranking[0].Node.Should().BeSameAs(result.Node);
        result.Ranking.Should().HaveCount(20);
    }

    [Test]
    public void A_better_score_beats_any_draw()
    {
        var better = new NodeView { Id = "id-99", Name = "better" };
        var worse = Enumerable.Range(0, 20).Select(number => new NodeView { Id = $"id-{number:d2}", Name = $"node-{number}", ContainerCount = 1 });

        var chosen = Enumerable.Range(0, 50).Select(seed => Place(Seeded, seed, NodeSet.Create([.. worse, better])).Node!.Id);

        chosen.Should().OnlyContain(id => id == "id-99");
    }

    [Test]
    public void The_cluster_s_own_way_applies_to_requests_that_do_not_say()
    {
        var scheduler = new Scheduler([], BuiltInStrategies.All, StrategyNames.Spread, tieBreak: TieBreak.Seeded);

        var chosen = Enumerable.Range(0, 200).Select(seed => scheduler.Place(new PlacementRequest(), _equals, seed).Node!.Id).Distinct();

        chosen.Should().HaveCountGreaterThan(15);
    }

    [Test]
    public async Task A_caller_asks_for_it_with_the_options_of_a_placement()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 8);
        var chosen = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            var created = await cluster.Containers.CreateAsync(TestCluster.Spec(), new PlacementOptions { TieBreak = TieBreak.Seeded });
            chosen.Add(created.EngineId);
            await cluster.Containers.RemoveAsync(created.Id);
        }

        chosen.Should().HaveCountGreaterThan(3);
    }

    private static PlacementRequest Seeded => new() { TieBreak = TieBreak.Seeded };

    private static PlacementResult Place(PlacementRequest request, long seed, NodeSet? nodes = null) =>
        new Scheduler([], BuiltInStrategies.All, StrategyNames.Spread).Place(request, nodes ?? _equals, seed);
}
