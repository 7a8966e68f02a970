using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Hosting;

public class SwarmCoreDiscoveryExtensionsTests
{
    [Test]
    public async Task Static_discovery_gives_the_engines_it_was_registered_with()
    {
        var builder = new Builder();
        builder.AddStaticDiscovery("10.0.0.[1:2]:2375", "host:80");

        var addresses = await FirstSetAsync(builder);

        addresses.Should().Equal("10.0.0.1:2375", "10.0.0.2:2375", "host:80");
    }

    [Test]
    public void A_malformed_static_address_is_refused_at_registration()
    {
        var register = () => new Builder().AddStaticDiscovery("10.0.0.1");

        register.Should().Throw<InvalidAddressException>().Which.Address.Should().Be("10.0.0.1");
    }

    [Test]
    public async Task File_discovery_reads_the_file_it_was_registered_with()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes", "10.0.0.7:2375");
        var builder = new Builder();
        builder.AddFileDiscovery(folder.File("nodes"));

        var addresses = await FirstSetAsync(builder);

        addresses.Should().Equal("10.0.0.7:2375");
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(90_000)]
    public void An_interval_out_of_range_is_refused_at_registration(int seconds)
    {
        var register = () => new Builder().AddFileDiscovery("nodes", TimeSpan.FromSeconds(seconds));

        register.Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("interval");
    }

    [Test]
    public async Task Each_cluster_has_its_own_discovery()
    {
        var services = new ServiceCollection();
        var builder = new Builder(services, "eu");
        new Builder(services, "us").AddStaticDiscovery("us:1");
        builder.AddStaticDiscovery("eu:1");

        var addresses = await FirstSetAsync(builder);

        addresses.Should().Equal("eu:1");
    }

    private static async Task<IEnumerable<string>> FirstSetAsync(Builder builder)
    {
        await using var services = builder.Services.BuildServiceProvider();
        using var end = new CancellationTokenSource();
        var discovery = services.GetRequiredKeyedService<IDiscoveryBackend>(builder.ClusterKey ?? "");
        await using var watch = discovery.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        await watch.MoveNextAsync();
        return watch.Current.Addresses.Select(address => address.ToString());
    }

    private sealed class Builder(IServiceCollection services, string? clusterKey) : ISwarmCoreBuilder
    {
        public Builder()
            : this(new ServiceCollection(), null)
        {
        }

        public IServiceCollection Services { get; } = services;

        public string? ClusterKey { get; } = clusterKey;
    }
}
