using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class PluginTests
{
    private static readonly InvalidOperationException _failure = new("broken");
    private static readonly Dictionary<string, IFilter> _filters = BuiltInFilters.All.ToDictionary(filter => filter.Name);

    [Test]
    public void A_filter_that_throws_while_it_prepares_fails_the_placement_under_its_name() =>
        Failing(new TestFilter("mine", (PlacementContext _) => throw _failure));

    [Test]
    public void A_filter_that_throws_at_a_node_fails_the_placement_under_its_name() =>
        Failing(new TestFilter("mine", _ => _ => throw _failure));

    [Test]
    public void A_filter_that_throws_while_it_describes_fails_the_placement_under_its_name() =>
        Failing(new TestFilter("mine", _ => _ => new Rejection("mine", "no"), _ => throw _failure));

    [Test]
    public void A_strategy_that_throws_while_it_prepares_fails_the_placement_under_its_name() =>
        Failing(new TestStrategy("mine", (PlacementContext _) => throw _failure));

    [Test]
    public void A_strategy_that_throws_at_a_node_fails_the_placement_under_its_name() =>
        Failing(new TestStrategy("mine", (PlacementContext _) => _ => throw _failure));

    [Test]
    public void A_strategy_that_throws_later_fails_the_reading_of_the_ranking()
    {
        var calls = 0;
        var strategy = new TestStrategy("mine", (PlacementContext _) => _ => calls++ == 0 ? default : throw _failure);
        var result = new Scheduler([], [strategy], "mine").Place(A.Request(), A.Nodes(A.Node("n1")));

        var read = () => result.Ranking;

        result.IsPlaced.Should().BeTrue();
        read.Should().Throw<PlacementPluginException>();
    }

    [Test]
    public void A_filter_that_changes_its_mind_does_no_further_harm()
    {
        var calls = 0;
        var filter = new TestFilter("mine", _ => calls++ == 0);

        var result = new Scheduler([filter], BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(A.Node("n1")));

        result.Node!.Id.Should().Be("n1");
        result.Ranking.Should().BeEmpty();
        result.Explain().Should().NotBeEmpty();
    }

    [Test]
    public void A_filter_that_throws_while_a_refusal_is_explained_leaves_a_message_that_says_so()
    {
        var isBroken = false;
        TestFilter[] filters = [new("other", _ => _ => new Rejection("other", "no")), new("mine", (PlacementContext _) => isBroken ? throw _failure : _ => null)];
        var error = new PlacementException(new Scheduler(filters, BuiltInStrategies.All, "spread").Place(A.Request(), A.Nodes(A.Node("n1"))));

        isBroken = true;

        error.Message.Should().EndWith("1 of 1 nodes: no\nWhat would make it fit cannot be said: The filter 'mine' threw InvalidOperationException: broken");
    }

    [Test]
    public void Filters_are_selected_by_name_in_the_order_given()
    {
        var selected = PluginSelection.Filters(_filters, ["port", "health", "port"], out var unknown);

        selected.Select(filter => filter.Name).Should().Equal("port", "health", "port");
        unknown.Should().BeEmpty();
    }

    [Test]
    public void Names_that_no_filter_has_are_all_returned()
    {
        PluginSelection.Filters(_filters, ["Port", "health", null, "gpu"], out var unknown);

        unknown.Should().Equal("Port", null, "gpu");
    }

    [Test]
    public void A_strategy_is_found_by_name()
    {
        var strategies = BuiltInStrategies.All.ToDictionary(strategy => strategy.Name);

        PluginSelection.Strategy(strategies, "binpacking").Should().Be(new NamedPlugin<IPlacementStrategy>("binpack", strategies["binpack"]));
        PluginSelection.Strategy(strategies, "Spread").Should().BeNull();
    }

    private static void Failing(IFilter filter) => Failing("filter", new Scheduler([filter], BuiltInStrategies.All, "spread"));

    private static void Failing(IPlacementStrategy strategy) => Failing("strategy", new Scheduler(BuiltInFilters.All, [strategy], "mine"));

    private static void Failing(string kind, Scheduler scheduler)
    {
        var place = () => scheduler.Place(A.Request(), A.Nodes(A.Node("n1")));

        var error = place.Should().Throw<PlacementPluginException>().WithMessage($"The {kind} 'mine' threw InvalidOperationException: broken").Which;
        error.PluginKind.Should().Be(kind);
        error.PluginName.Should().Be("mine");
        error.InnerException.Should().BeSameAs(_failure);
    }
}
