using System.Net.Sockets;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Docker;

namespace Swarm.Core.Clustering;

/// <summary>Where a cluster lets itself be led to by whoever writes its addresses.</summary>
public class ClusterAddressesTests
{
    [Test]
    public async Task A_discovery_file_leads_neither_to_loopback_nor_to_a_unix_socket_unless_the_host_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("s")));
        socket.Listen();
        folder.Write("engines", $"{proxy.Address}\nunix://{folder.File("s")}");

        await using var cluster = await StartAsync(new FileDiscovery(folder.File("engines")), _ => { });
        await Eventually.IsTrueAsync(() => cluster.Engines.List().Count == 2 && cluster.Engines.List().All(engine => engine.Reason is not null), "both are refused");

        cluster.Engines.List().Select(engine => engine.Reason).Should().SatisfyRespectively(
            tcp => tcp.Should().Contain("AllowLoopback"),
            unix => unix.Should().Contain("AllowUnix"));
        proxy.Connections.Should().Be(0);
        socket.Poll(0, SelectMode.SelectRead).Should().BeFalse("nobody has come");
    }

    [Test]
    public async Task A_discovery_file_leads_to_loopback_where_the_host_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);
        folder.Write("engines", $"{proxy.Address}");

        await using var cluster = await StartAsync(new FileDiscovery(folder.File("engines")), options => options.Connection.AllowLoopback = true);

        await Eventually.IsTrueAsync(() => proxy.Connections > 0, "it is connected to");
    }

    [Test]
    public async Task A_static_discovery_leads_to_loopback_as_it_is()
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Silence);

        await using var cluster = await StartAsync(new StaticDiscovery(proxy.Address.ToString()), _ => { });

        await Eventually.IsTrueAsync(() => proxy.Connections > 0, "it is connected to");
    }

    [Test]
    public async Task A_network_that_is_none_fails_the_start_and_is_quoted()
    {
        var start = () => StartAsync(new StaticDiscovery("10.0.0.1:2376"), options => options.Connection.AllowedNetworks.Add("10.0.0.0/8/9"));

        (await start.Should().ThrowAsync<InvalidOptionsException>()).Which.Errors.Should().ContainSingle().Which.Should().StartWith("Connection.AllowedNetworks[0] is '10.0.0.0/8/9'; ");
    }

    private static async Task<SwarmCluster> StartAsync(IDiscoveryBackend discovery, Action<SwarmOptions> configure)
    {
        var options = new SwarmOptions { StartupTimeout = TimeSpan.FromSeconds(5), CallTimeout = TimeSpan.FromMilliseconds(500) };
        configure(options);
        var cluster = SwarmCluster.Create(options, new SwarmPlugins { Discovery = discovery });
        await cluster.StartAsync();
        return cluster;
    }
}
