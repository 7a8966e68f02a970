using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>How real daemons come into a cluster and leave it.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterDiscoveryTests
{
    [Test]
    public async Task A_line_in_the_file_brings_an_engine_and_its_removal_lets_it_go_after_the_grace_time()
    {
        var first = await DockerDaemons.SharedAsync();
        var second = await DockerDaemons.SharedAsync(1);
        using var folder = new TemporaryFolder();
        void Write(params EngineAddress[] engines) => folder.Replace("engines", string.Join('\n', engines.Select(engine => engine.ToString())));

        Write(first.Tcp);
        var plugins = new SwarmPlugins { Discovery = new FileDiscovery(folder.File("engines"), TimeSpan.FromMilliseconds(50)) };
        await using var cluster = await ClusterUnderTest.StartAsync(plugins, options =>
        {
            options.EngineRemovalGrace = TimeSpan.FromSeconds(1);
            options.Connection.AllowLoopback = true;
        });
        cluster.Cluster.Engines.List().Should().ContainSingle().Which.Status.Should().Be(EngineStatus.Healthy);

        Write(first.Tcp, second.Tcp);
        await cluster.UntilAsync(second.Tcp, EngineStatus.Healthy);
        var created = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("kept") with { Constraints = [$"node=={second.HostName}"] });

        Write(first.Tcp);
        var leaving = await cluster.UntilAsync(second.Tcp, engine => !engine.IsEligible);
        leaving.Containers.Should().ContainSingle("it is followed until the grace time is over").Which.Id.Should().Be(created.Id);
        (await cluster.Containers.TryCreateAsync(ClusterUnderTest.Sleeper() with { Constraints = [$"node=={second.HostName}"] })).IsCreated.Should().BeFalse();
        await cluster.EventsUntilAsync(each => each is EngineChanged { Kind: EngineEventKind.Removed });
        await Eventually.IsTrueAsync(() => cluster.Cluster.Engines.List().Count == 1, "the engine is let go");
        cluster.Containers.List().Should().BeEmpty();

        Write(first.Tcp, second.Tcp);
        await cluster.UntilAsync(second.Tcp, EngineStatus.Healthy);
        cluster.Containers.Get("kept").Id.Should().Be(created.Id, "leaving discovery is no death");
        await cluster.ShouldShowWhatIsOnAsync(first, second);
    }

    [Test]
    public async Task Engines_over_tcp_TLS_and_a_unix_socket_form_one_cluster()
    {
        using var certificates = new TestCertificates();
        await using var secure = await DockerDaemons.StartAsync(new DockerDaemonOptions { Tls = certificates });
        var tcp = await DockerDaemons.SharedAsync();
        var unix = await DockerDaemons.SharedAsync(1);
        var plain = new DockerEngineConnector(new EngineConnectionOptions());
        var encrypted = new DockerEngineConnector(new EngineConnectionOptions
        {
            Tls = new EngineTlsOptions { ClientCertificate = certificates.Client, CertificateAuthorities = { certificates.Authority } },
        });
        var connector = new ByAddress(address => address == tcp.Tcp ? plain : encrypted);
        var plugins = new SwarmPlugins { Discovery = new InMemoryDiscovery(tcp.Tcp, unix.Unix, secure.Tcp), Connector = connector };
        await using var cluster = await ClusterUnderTest.StartAsync(plugins);

        var created = new List<ClusterContainer>();
        for (var i = 0; i < 6; i++)
        {
            created.Add(await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper()));
        }

        cluster.Cluster.Engines.List().Should().HaveCount(3).And.OnlyContain(engine => engine.Status == EngineStatus.Healthy);
        created.GroupBy(each => each.EngineName).Select(group => (group.Key, group.Count())).Should().BeEquivalentTo([(tcp.HostName, 2), (unix.HostName, 2), (secure.HostName, 2)]);
        var certificate = cluster.Cluster.Engines.Get(secure.HostName).Certificate!;
        await cluster.Cluster.Engines.SetOverlayAsync(secure.HostName, EngineOverlay.Empty.WithLabel("trusted", "yes") with { Binding = EngineBinding.ToCertificate(certificate.Fingerprint) });
        await cluster.Cluster.Engines.SetOverlayAsync(tcp.HostName, EngineOverlay.Empty.WithLabel("trusted", "yes") with { Binding = EngineBinding.ToCertificate(certificate.Fingerprint) });
        (await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper() with { Constraints = ["trusted==yes"] })).EngineName.Should().Be(secure.HostName);
        await cluster.ShouldShowWhatIsOnAsync(tcp, unix, secure);
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("safe") with { Constraints = [$"node=={secure.HostName}"] });
        await cluster.Containers.KillAsync("safe");
        await Eventually.IsTrueAsync(() => cluster.Containers.Get("safe").State == ContainerState.Exited, "events come over TLS");
    }

    [Test]
    public async Task One_daemon_under_two_addresses_takes_part_once()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp, daemon.Unix);

        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("one"));

        cluster.Cluster.Engines.List().Select(engine => engine.Status).Should().BeEquivalentTo([EngineStatus.Healthy, EngineStatus.Pending]);
        cluster.Cluster.Engines.List().Single(engine => engine.Status == EngineStatus.Pending).Reason.Should().Contain("two addresses");
        cluster.Containers.List().Should().ContainSingle();
        await cluster.ShouldShowWhatIsOnAsync(daemon);
    }

    private sealed class ByAddress(Func<EngineAddress, IEngineConnector> connectorFor) : IEngineConnector
    {
        public Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken) => connectorFor(address).ConnectAsync(address, cancellationToken);
    }
}
