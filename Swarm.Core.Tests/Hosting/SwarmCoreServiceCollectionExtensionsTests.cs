using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Fakes;
using Swarm.Core.Filters;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Hosting;

public class SwarmCoreServiceCollectionExtensionsTests
{
    [Test]
    public async Task A_cluster_added_twice_is_one_with_the_options_and_plug_ins_of_both()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore(options => options.Name = "first").WithEngines().AddFilter(new TestFilter("never", _ => false));
        services.AddSwarmCore(options => options.Strategy = "mine").AddStrategy(new TestStrategy("mine", _ => 0));
        await using var provider = services.BuildServiceProvider();

        var cluster = provider.GetServices<ICluster>().Should().ContainSingle().Subject;

        cluster.Name.Should().Be("first");
        cluster.Plan(TestHost.Spec, TestHost.Nodes).RejectionCounts.Should().ContainSingle().Which.Filter.Should().Be("never");
    }

    [Test]
    public async Task Options_configured_elsewhere_apply_too()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore().WithEngines();
        services.Configure<SwarmOptions>(options => options.Name = "configured");
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<ICluster>().Name.Should().Be("configured");
    }

    [Test]
    public async Task A_keyed_cluster_is_named_after_its_key_and_is_not_the_one_without()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore().WithEngines();
        services.AddSwarmCore("eu").WithEngines();
        services.AddSwarmCore("us", options => options.Name = "America").WithEngines();
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<ICluster>().Name.Should().Be("swarm");
        provider.GetRequiredKeyedService<ICluster>("eu").Name.Should().Be("eu");
        provider.GetRequiredKeyedService<ICluster>("us").Name.Should().Be("America");
    }

    [Test]
    public void A_key_must_not_be_empty()
    {
        var add = () => new ServiceCollection().AddSwarmCore("");

        add.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("key");
    }

    [Test]
    public async Task Clusters_of_one_host_do_not_share_filters()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore().WithEngines();
        services.AddSwarmCore("eu").WithEngines().AddFilter<NeverFilter>();
        services.AddSwarmCore("us").WithEngines();
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<ICluster>().Plan(TestHost.Spec, TestHost.Nodes).IsPlaced.Should().BeTrue();
        provider.GetRequiredKeyedService<ICluster>("eu").Plan(TestHost.Spec, TestHost.Nodes).IsPlaced.Should().BeFalse();
        provider.GetRequiredKeyedService<ICluster>("us").Plan(TestHost.Spec, TestHost.Nodes).IsPlaced.Should().BeTrue();
    }

    [Test]
    public async Task Clusters_of_one_host_do_not_share_strategies()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore("eu", options => options.Strategy = "mine").WithEngines().AddStrategy(new TestStrategy("mine", _ => 0));
        services.AddSwarmCore("us", options => options.Strategy = "mine").WithEngines();
        await using var provider = services.BuildServiceProvider();

        var start = () => provider.GetRequiredKeyedService<ICluster>("us").StartAsync();

        provider.GetRequiredKeyedService<ICluster>("eu").Plan(TestHost.Spec, TestHost.Nodes).IsPlaced.Should().BeTrue();
        (await start.Should().ThrowAsync<InvalidOptionsException>()).Which.Errors.Should().ContainSingle().Which.Should().StartWith("Strategy: no strategy is named 'mine'");
    }

    [Test]
    public async Task Clusters_of_one_host_do_not_share_engines()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore().WithEngines(TestHost.Engines("here"));
        services.AddSwarmCore("eu").WithEngines(TestHost.Engines("dublin", "paris"));
        await using var provider = services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();
        var europe = provider.GetRequiredKeyedService<ICluster>("eu");

        await cluster.StartAsync();
        await europe.StartAsync();

        cluster.Engines.List().Select(engine => engine.Name).Should().Equal("here");
        europe.Engines.List().Select(engine => engine.Name).Should().Equal("dublin", "paris");
    }

    [Test]
    public async Task The_clock_is_the_one_of_the_host()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSwarmCore(options => options.StartupTimeout = TimeSpan.FromHours(1)).WithEngines().UseDiscovery(new SilentDiscovery());
        await using var provider = services.BuildServiceProvider();

        var start = provider.GetRequiredService<ICluster>().StartAsync();
        var before = start.IsCompleted;
        await Eventually.IsTrueAsync(() => start.IsCompleted, "the start gives up waiting after an hour of the host's clock", () => time.Advance(TimeSpan.FromMinutes(1)));

        before.Should().BeFalse();
        await start;
    }

    [Test]
    public async Task Logs_go_where_those_of_the_host_go()
    {
        using var log = new RecordingLoggerFactory();
        var outage = new InvalidOperationException("out of order");
        var discovery = new InMemoryDiscovery();
        discovery.Fail(outage);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(log);
        services.AddSwarmCore().WithEngines().UseDiscovery(discovery);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ICluster>().StartAsync();

        await Eventually.IsTrueAsync(() => log.Entries.Contains(("Swarm.Core.Clustering.SwarmCluster", "DiscoveryFailed", outage)), "the outage is in the log of the host");
    }

    [Test]
    public async Task Every_mistake_in_the_options_and_plug_ins_is_told_at_the_start()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore(options =>
        {
            options.Name = " ";
            options.Strategy = "best";
            options.Filters = ["health", "heatlh"];
            options.Overcommit = -1;
            options.PingInterval = TimeSpan.Zero;
            options.EventBufferCapacity = 0;
            options.Connection.ConnectTimeout = TimeSpan.Zero;
        }).AddFilter(new TestFilter("health", _ => true)).AddStrategy(new TestStrategy("", _ => 0));
        await using var provider = services.BuildServiceProvider();
        var cluster = provider.GetRequiredService<ICluster>();

        var start = () => cluster.StartAsync();

        var errors = (await start.Should().ThrowAsync<InvalidOptionsException>()).Which.Errors;
        string[] mistakes =
        [
            "Name is empty.",
            "Strategy: no strategy is named 'best'",
            "Filters: no filter is named 'heatlh'",
            "Overcommit is -1",
            "PingInterval is 00:00:00",
            "EventBufferCapacity is 0",
            "Connection.ConnectTimeout is 00:00:00",
            "No discovery is set",
            "Two filters are named 'health'",
            $"The strategy {typeof(TestStrategy).FullName} has no name.",
        ];
        errors.Should().HaveCount(mistakes.Length);
        mistakes.Should().OnlyContain(mistake => errors.Any(error => error.StartsWith(mistake, StringComparison.Ordinal)));
    }

    [Test]
    public async Task To_dispose_of_the_provider_stops_the_cluster_and_waits_for_it()
    {
        var discovery = new InMemoryDiscovery();
        var provider = Provider(discovery);
        var cluster = provider.GetRequiredService<ICluster>();
        await cluster.StartAsync();

        await provider.DisposeAsync();

        discovery.WatchCount.Should().Be(0);
        await cluster.Invoking(each => each.StartAsync()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Test]
    public async Task To_dispose_of_the_provider_synchronously_begins_to_stop_the_cluster()
    {
        var discovery = new InMemoryDiscovery();
        var provider = Provider(discovery);
        var cluster = provider.GetRequiredService<ICluster>();
        await cluster.StartAsync();

        provider.Dispose();

        await cluster.Invoking(each => each.StartAsync()).Should().ThrowAsync<ObjectDisposedException>();
        await Eventually.IsTrueAsync(() => discovery.WatchCount == 0, "the cluster no longer watches discovery");
    }

    [Test]
    public async Task A_stop_begun_synchronously_can_be_waited_for()
    {
        var discovery = new InMemoryDiscovery();
        var provider = Provider(discovery);
        var cluster = provider.GetRequiredService<ICluster>();
        await cluster.StartAsync();

        provider.Dispose();
        await cluster.DisposeAsync();

        discovery.WatchCount.Should().Be(0);
    }

    [Test]
    public async Task What_a_host_throws_in_a_stop_that_nobody_waits_for_is_logged()
    {
        using var log = new RecordingLoggerFactory();
        var provider = Provider(new UnstoppableDiscovery(), log);
        await provider.GetRequiredService<ICluster>().StartAsync();

        provider.Dispose();

        await Eventually.IsTrueAsync(() => log.Entries.Any(entry => entry.Event == "HostFailed" && entry.Exception is not null), "the failure is logged");
    }

    [Test]
    public void A_cluster_that_was_never_started_can_be_disposed_of_synchronously()
    {
        var provider = Provider(new InMemoryDiscovery());
        _ = provider.GetRequiredService<ICluster>();

        provider.Invoking(each => each.Dispose()).Should().NotThrow();
    }

    private static ServiceProvider Provider(IDiscoveryBackend discovery, ILoggerFactory? log = null)
    {
        var services = new ServiceCollection();
        if (log is not null)
        {
            services.AddSingleton(log);
        }

        services.AddSwarmCore().WithEngines().UseDiscovery(discovery);
        return services.BuildServiceProvider();
    }

    private sealed class NeverFilter : IFilter
    {
        public string Name => "never";

        public NodeTest? Prepare(PlacementContext context) => _ => new Rejection(Name, "never");

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }

    private sealed class SilentDiscovery : IDiscoveryBackend
    {
        public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield break;
        }
    }

    // Its end is disturbed by what it does itself when it is cancelled.
    private sealed class UnstoppableDiscovery : IDiscoveryBackend
    {
        public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var registration = cancellationToken.Register(() => throw new InvalidOperationException("It will not end."));
            yield return new DiscoverySnapshot([]);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
