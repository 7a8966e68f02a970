using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Hosting;

public class SwarmCorePluginExtensionsTests
{
    private ServiceCollection _services = null!;

    [SetUp]
    public void SetUp() => _services = new ServiceCollection();

    [Test]
    public async Task A_filter_gets_services_of_the_host()
    {
        _services.AddSingleton(new Wishes("n2"));
        _services.AddSwarmCore().WithEngines().AddFilter<WishedNodeFilter>();
        await using var provider = _services.BuildServiceProvider();

        var plan = provider.GetRequiredService<ICluster>().Plan(TestHost.Spec, TestHost.Nodes);

        plan.Ranking.Select(ranked => ranked.Node.Name).Should().Equal("n2");
    }

    [Test]
    public async Task A_strategy_gets_services_of_the_host()
    {
        _services.AddSingleton(new Wishes("n2"));
        _services.AddSwarmCore(options => options.Strategy = "wished").WithEngines().AddStrategy<WishedNodeStrategy>();
        await using var provider = _services.BuildServiceProvider();

        var plan = provider.GetRequiredService<ICluster>().Plan(TestHost.Spec, TestHost.Nodes);

        plan.Ranking.Select(ranked => ranked.Node.Name).Should().Equal("n2", "n1");
    }

    [Test]
    public async Task A_type_of_filter_or_strategy_added_twice_counts_once_per_cluster()
    {
        _services.AddSingleton(new Wishes("n2"));
        foreach (var builder in new[] { _services.AddSwarmCore(), _services.AddSwarmCore("eu") })
        {
            builder.WithEngines().AddFilter<WishedNodeFilter>().AddFilter<WishedNodeFilter>().AddStrategy<WishedNodeStrategy>().AddStrategy<WishedNodeStrategy>();
        }

        await using var provider = _services.BuildServiceProvider();

        // Two of one name would be a mistake in the options.
        foreach (var cluster in new[] { provider.GetRequiredService<ICluster>(), provider.GetRequiredKeyedService<ICluster>("eu") })
        {
            cluster.Plan(TestHost.Spec, TestHost.Nodes).Node!.Name.Should().Be("n2");
        }
    }

    [Test]
    public async Task Filters_that_were_made_already_may_be_of_one_type()
    {
        _services.AddSwarmCore().WithEngines()
            .AddFilter(new TestFilter("not-n1", node => node.Name != "n1"))
            .AddFilter(new TestFilter("not-n2", node => node.Name != "n2"));
        await using var provider = _services.BuildServiceProvider();

        var plan = provider.GetRequiredService<ICluster>().Plan(TestHost.Spec, TestHost.Nodes);

        plan.Rejections.Select(refused => refused.Rejection.Filter).Should().Equal("not-n1", "not-n2");
    }

    [Test]
    public async Task A_strategy_that_was_made_already_is_selected_by_its_name()
    {
        _services.AddSwarmCore().WithEngines()
            .AddStrategy(new TestStrategy("n1-first", node => node.Name == "n1" ? 0 : 1))
            .AddStrategy(new TestStrategy("n2-first", node => node.Name == "n2" ? 0 : 1));
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();

        cluster.Plan(TestHost.Spec, TestHost.Nodes, new PlacementOptions { Strategy = "n1-first" }).Node!.Name.Should().Be("n1");
        cluster.Plan(TestHost.Spec, TestHost.Nodes, new PlacementOptions { Strategy = "n2-first" }).Node!.Name.Should().Be("n2");
    }

    [Test]
    public async Task Of_several_discoveries_the_last_one_counts(
        [Values("type", "instance", "factory")] string first, [Values("type", "instance", "factory")] string last)
    {
        var builder = _services.AddSwarmCore().UseConnector(TestHost.Engines("wrong", "right"));
        Use<WrongDiscovery>(first);
        Use<RightDiscovery>(last);
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();

        await cluster.StartAsync();

        cluster.Engines.List().Select(engine => engine.Name).Should().Equal("right");

        ISwarmCoreBuilder Use<TDiscovery>(string overload)
            where TDiscovery : class, IDiscoveryBackend, new() => overload switch
            {
                "type" => builder.UseDiscovery<TDiscovery>(),
                "instance" => builder.UseDiscovery(new TDiscovery()),
                _ => builder.UseDiscovery(_ => new TDiscovery()),
            };
    }

    [Test]
    public async Task A_discovery_of_another_cluster_does_not_count()
    {
        var engines = TestHost.Engines("here", "there");
        _services.AddSwarmCore().UseConnector(engines).AddStaticDiscovery("here:2375");
        _services.AddSwarmCore("other").UseConnector(engines).AddStaticDiscovery("there:2375");
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();

        await cluster.StartAsync();

        cluster.Engines.List().Select(engine => engine.Name).Should().Equal("here");
    }

    [Test]
    public async Task File_discovery_reads_the_file_again_by_the_clock_of_the_host()
    {
        using var folder = new TemporaryFolder();
        folder.Write("engines", "one:2375\n");
        var time = new FakeTimeProvider();
        _services.AddSingleton<TimeProvider>(time);
        _services.AddSwarmCore().UseConnector(TestHost.Engines("one", "two")).AddFileDiscovery(folder.File("engines"), TimeSpan.FromHours(1));
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();
        await cluster.StartAsync();

        folder.Replace("engines", "one:2375\ntwo:2375\n");
        await Eventually.IsTrueAsync(
            () => cluster.Engines.List().Count(engine => engine.Status == EngineStatus.Healthy) == 2,
            "the second engine is found after an hour of the host's clock",
            () => time.Advance(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task The_connector_set_last_counts()
    {
        _services.AddSwarmCore().UseConnector(new InMemoryEngines()).UseConnector(TestHost.Engines("here")).AddStaticDiscovery("here:2375");
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();

        await cluster.StartAsync();

        cluster.Engines.List().Should().ContainSingle().Which.Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public async Task Of_several_registry_credentials_the_last_ones_count(
        [Values("type", "instance", "factory")] string first, [Values("type", "instance", "factory")] string last)
    {
        var engines = TestHost.Engines("here");
        engines[EngineAddress.Parse("here:2375")].AddToRegistry(new InMemoryImage("app:1"));
        var builder = _services.AddSwarmCore().WithEngines(engines);
        Use<WrongCredentials>(first);
        Use<RightCredentials>(last);
        await using var provider = _services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();
        await cluster.StartAsync();

        await cluster.Containers.CreateAsync(new ContainerSpec { Image = "app:1" });

        engines[EngineAddress.Parse("here:2375")].Pulls.Should().ContainSingle().Which.Login!.UserName.Should().Be("right");

        ISwarmCoreBuilder Use<TCredentials>(string overload)
            where TCredentials : class, IRegistryCredentials, new() => overload switch
            {
                "type" => builder.UseRegistryCredentials<TCredentials>(),
                "instance" => builder.UseRegistryCredentials(new TCredentials()),
                _ => builder.UseRegistryCredentials(_ => new TCredentials()),
            };
    }

    private sealed record Wishes(string Node);

    private sealed class WrongCredentials : IRegistryCredentials
    {
        public ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken) =>
            new(RegistryLogin.FromPassword("wrong", new Secret("secret")));
    }

    private sealed class RightCredentials : IRegistryCredentials
    {
        public ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken) =>
            new(RegistryLogin.FromPassword("right", new Secret("secret")));
    }

    private sealed class WishedNodeFilter(Wishes wishes) : IFilter
    {
        public string Name => "wished";

        public NodeTest? Prepare(PlacementContext context) => node => node.Name == wishes.Node ? null : new Rejection(Name, "not wished");

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }

    private sealed class WishedNodeStrategy(Wishes wishes) : IPlacementStrategy
    {
        public string Name => "wished";

        public NodeScore Prepare(PlacementContext context) => node => new PlacementScore(node.Name == wishes.Node ? 0 : 1);
    }

    private sealed class WrongDiscovery : IDiscoveryBackend
    {
        public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken cancellationToken) =>
            new StaticDiscovery("wrong:2375").WatchAsync(cancellationToken);
    }

    private sealed class RightDiscovery : IDiscoveryBackend
    {
        public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken cancellationToken) =>
            new StaticDiscovery("right:2375").WatchAsync(cancellationToken);
    }
}
