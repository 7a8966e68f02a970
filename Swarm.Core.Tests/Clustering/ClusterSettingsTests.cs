using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

public sealed class ClusterSettingsTests
{
    private static readonly SwarmPlugins _plugins = new() { Discovery = new InMemoryDiscovery(), Connector = new InMemoryEngines() };

    [Test]
    public void The_defaults_are_right()
    {
        var (settings, mistakes) = ClusterSettings.Read(new SwarmOptions(), _plugins);

        mistakes.Should().BeNull();
        settings!.Connector.Should().BeSameAs(_plugins.Connector);
        settings.Timings.Should().Be(new EngineTimings { ConnectTimeout = TimeSpan.FromSeconds(5.5) });
    }

    [Test]
    public void Every_time_reaches_the_engines()
    {
        var options = new SwarmOptions
        {
            Connection = new EngineConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(1) },
            CallTimeout = TimeSpan.FromSeconds(2),
            PingInterval = TimeSpan.FromSeconds(3),
            ShortestRetryDelay = TimeSpan.FromSeconds(4),
            LongestRetryDelay = TimeSpan.FromSeconds(5),
            RefreshInterval = TimeSpan.FromSeconds(6),
        };

        ClusterSettings.Read(options, _plugins).Settings!.Timings.Should().Be(new EngineTimings
        {
            ConnectTimeout = TimeSpan.FromSeconds(1.5), // the connector's own limit, which says more, comes first
            CallTimeout = TimeSpan.FromSeconds(2),
            PingInterval = TimeSpan.FromSeconds(3),
            PingTimeout = TimeSpan.FromSeconds(3),
            ShortestRetryDelay = TimeSpan.FromSeconds(4),
            LongestRetryDelay = TimeSpan.FromSeconds(5),
            RefreshInterval = TimeSpan.FromSeconds(6),
        });
    }

    [Test]
    public void What_a_run_works_with_is_what_was_checked()
    {
        var options = new SwarmOptions
        {
            Strategy = "random",
            Overcommit = 2,
            UnknownHoldTime = TimeSpan.FromSeconds(3),
            PullMissingImages = false,
            EngineRemovalGrace = TimeSpan.FromSeconds(4),
            MaxDiscoveredEngines = 5,
        };

        ClusterSettings.Read(options, _plugins).Settings.Should().BeEquivalentTo(new
        {
            options.Strategy,
            options.Overcommit,
            options.UnknownHoldTime,
            options.PullMissingImages,
            options.EngineRemovalGrace,
            options.MaxDiscoveredEngines,
        });
    }

    [Test]
    public void All_mistakes_are_listed_at_once_and_each_names_its_option()
    {
        var options = new SwarmOptions
        {
            Name = " ",
            Strategy = "best",
            Filters = ["health", "helth", null!],
            TieBreak = (TieBreak)7,
            SoftRules = (SoftRuleMode)7,
            Overcommit = -1,
            StartupTimeout = TimeSpan.Zero,
            Connection = new EngineConnectionOptions { ConnectTimeout = TimeSpan.FromTicks(-1) },
            CallTimeout = Timeout.InfiniteTimeSpan,
            CreateTimeout = TimeSpan.FromDays(2),
            PingInterval = TimeSpan.MaxValue,
            ShortestRetryDelay = TimeSpan.FromSeconds(2),
            LongestRetryDelay = TimeSpan.FromSeconds(1),
            RefreshInterval = TimeSpan.MinValue,
            UnknownHoldTime = TimeSpan.Zero,
            EngineRemovalGrace = TimeSpan.FromTicks(-1),
            MaxDiscoveredEngines = 0,
            EventBufferCapacity = 0,
        };

        var (settings, mistakes) = ClusterSettings.Read(options, new SwarmPlugins());

        settings.Should().BeNull();
        mistakes!.Errors.Should().SatisfyRespectively(
            error => error.Should().StartWith("Name "),
            error => error.Should().StartWith("Filters: no filter is named 'helth'").And.Contain("'health'"),
            error => error.Should().StartWith("Filters: no filter is named ''"),
            error => error.Should().StartWith("Strategy: no strategy is named 'best'").And.Contain("'spread'"),
            error => error.Should().StartWith("TieBreak is 7"),
            error => error.Should().StartWith("SoftRules is 7"),
            error => error.Should().StartWith("Overcommit is -1"),
            error => error.Should().StartWith("StartupTimeout "),
            error => error.Should().StartWith("CallTimeout "),
            error => error.Should().StartWith("CreateTimeout "),
            error => error.Should().StartWith("PingInterval "),
            error => error.Should().StartWith("RefreshInterval "),
            error => error.Should().StartWith("UnknownHoldTime "),
            error => error.Should().StartWith("EngineRemovalGrace "),
            error => error.Should().StartWith("LongestRetryDelay is shorter than ShortestRetryDelay"),
            error => error.Should().StartWith("MaxDiscoveredEngines is 0"),
            error => error.Should().StartWith("EventBufferCapacity is 0"),
            error => error.Should().Contain("discovery"),
            error => error.Should().StartWith("Connection.ConnectTimeout "));
        mistakes.Message.Should().ContainAll(mistakes.Errors);
    }

    [Test]
    public void What_is_just_allowed_is_allowed()
    {
        var options = new SwarmOptions
        {
            Overcommit = 100,
            StartupTimeout = TimeSpan.FromDays(1),
            UnknownHoldTime = TimeSpan.FromTicks(1),
            EngineRemovalGrace = TimeSpan.Zero,
            ShortestRetryDelay = TimeSpan.FromSeconds(1),
            LongestRetryDelay = TimeSpan.FromSeconds(1),
            MaxDiscoveredEngines = 1,
            EventBufferCapacity = 1,
            Filters = [],
        };

        ClusterSettings.Read(options, _plugins).Mistakes.Should().BeNull();
    }

    [TestCase(-1.0, false)]
    [TestCase(-0.999, true)]
    [TestCase(100.001, false)]
    public void Overcommit_is_bounded(decimal ratio, bool allowed) =>
        (ClusterSettings.Read(new SwarmOptions { Overcommit = ratio }, _plugins).Mistakes is null).Should().Be(allowed);

    [TestCase("spread")]
    [TestCase("binpack")]
    [TestCase("binpacking")]
    [TestCase("random")]
    [TestCase("acme")]
    public void A_strategy_of_the_library_or_the_host_can_be_chosen(string name) =>
        ClusterSettings.Read(new SwarmOptions { Strategy = name }, _plugins with { Strategies = [new NamedStrategy("acme")] }).Mistakes.Should().BeNull();

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Spread")]
    public void A_strategy_that_does_not_exist_is_a_mistake(string? name) =>
        ErrorsOf(new SwarmOptions { Strategy = name! }, _plugins).Should().ContainSingle().Which.Should().StartWith($"Strategy: no strategy is named '{name}'");

    [Test]
    public void Two_filters_with_one_name_are_a_mistake() =>
        ErrorsOf(new SwarmOptions(), _plugins with { Filters = [new RecordingFilter("acme"), new RecordingFilter("acme")] })
            .Should().ContainSingle().Which.Should().StartWith("Two filters are named 'acme'").And.Contain(nameof(RecordingFilter));

    [Test]
    public void A_filter_with_the_name_of_a_built_in_one_is_a_mistake() =>
        ErrorsOf(new SwarmOptions(), _plugins with { Filters = [new RecordingFilter("health")] })
            .Should().ContainSingle().Which.Should().StartWith("Two filters are named 'health'").And.ContainAll("HealthFilter", nameof(RecordingFilter));

    [Test]
    public void Two_strategies_with_one_name_are_a_mistake() =>
        ErrorsOf(new SwarmOptions(), _plugins with { Strategies = [new NamedStrategy("spread")] })
            .Should().ContainSingle().Which.Should().StartWith("Two strategies are named 'spread'");

    [Test]
    public void A_strategy_with_a_name_that_means_another_one_is_a_mistake() =>
        ErrorsOf(new SwarmOptions(), _plugins with { Strategies = [new NamedStrategy("binpacking")] })
            .Should().ContainSingle().Which.Should().Contain("'binpacking'").And.Contain("'binpack'");

    [TestCase("")]
    [TestCase(" ")]
    [TestCase(null)]
    public void A_plug_in_without_name_is_one_mistake_and_says_which(string? name)
    {
        ErrorsOf(new SwarmOptions(), _plugins with { Filters = [new RecordingFilter(name!)] }).Should().ContainSingle().Which.Should().Contain(nameof(RecordingFilter));
        ErrorsOf(new SwarmOptions(), _plugins with { Strategies = [new NamedStrategy(name!)] }).Should().ContainSingle().Which.Should().Contain(nameof(NamedStrategy));
    }

    [Test]
    public void A_plug_in_that_is_null_is_a_mistake()
    {
        ErrorsOf(new SwarmOptions(), _plugins with { Filters = [null!] }).Should().Equal("A filter is null.");
        ErrorsOf(new SwarmOptions(), _plugins with { Strategies = [null!] }).Should().Equal("A strategy is null.");
    }

    [Test]
    public void Filters_of_the_host_run_after_the_librarys_in_the_order_they_were_added()
    {
        var ran = new List<string>();

        FiltersRun(new SwarmOptions(), ran, "b", "a").Should().Equal("b", "a");
        ErrorsOf(new SwarmOptions { Filters = ["?"] }, _plugins).Single().Should().EndWith(
            "there are 'affinity', 'constraint', 'containerslots', 'dependency', 'health', 'port', 'taint', 'whitelist'.");
    }

    [Test]
    public void An_explicit_order_is_the_order_they_run_in_and_what_it_leaves_out_does_not_run() =>
        FiltersRun(new SwarmOptions { Filters = ["c", "health", "a"] }, [], "a", "b", "c").Should().Equal("c", "a");

    [Test]
    public void Limits_and_overlays_are_checked_with_everything_else()
    {
        var options = new SwarmOptions { EngineLimits = new EngineLimits { MaxContainers = 0 } };
        options.EngineOverlays[" "] = EngineOverlay.Empty;
        options.EngineOverlays["gpu-1"] = null!;
        options.EngineOverlays["HOST:2375"] = EngineOverlay.Empty;
        options.EngineOverlays["host:2375"] = EngineOverlay.Empty;

        ErrorsOf(options, _plugins).Should().Equal(
            "EngineLimits.MaxContainers is 0; it must be between 1 and 100000.",
            "EngineOverlays: one has no ID, name or address.",
            "EngineOverlays: that of 'gpu-1' is null.",
            "EngineOverlays: 'HOST:2375' and 'host:2375' are one address.");
        ErrorsOf(new SwarmOptions { EngineLimits = null! }, _plugins).Should().Equal("EngineLimits is missing.");
    }

    [Test]
    public void A_seed_makes_the_plan_repeatable()
    {
        var first = ClusterSettings.Read(new SwarmOptions { Seed = 7 }, _plugins).Settings!;
        var second = ClusterSettings.Read(new SwarmOptions { Seed = 7 }, _plugins).Settings!;

        second.PlanSeed.Should().Be(first.PlanSeed);
        second.Identity.Next(second.Identifiers).Should().Be(first.Identity.Next(first.Identifiers));
    }

    private static IEnumerable<string> ErrorsOf(SwarmOptions options, SwarmPlugins plugins) => ClusterSettings.Read(options, plugins).Mistakes!.Errors;

    private static List<string> FiltersRun(SwarmOptions options, List<string> ran, params string[] names)
    {
        var plugins = _plugins with { Filters = [.. names.Select(name => new RecordingFilter(name, ran))] };

        var placed = ClusterSettings.Read(options, plugins).Settings!.Scheduler.Place(new PlacementRequest(), NodeSet.Create(new NodeView { Id = "n", Name = "n" }));

        placed.Node.Should().NotBeNull();
        return ran;
    }

    private sealed class RecordingFilter(string name, List<string>? ran = null) : IFilter
    {
        public string Name => name;

        public NodeTest? Prepare(PlacementContext context)
        {
            ran?.Add(name);
            return null;
        }

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }

    private sealed class NamedStrategy(string name) : IPlacementStrategy
    {
        public string Name => name;

        public NodeScore Prepare(PlacementContext context) => _ => default;
    }
}
