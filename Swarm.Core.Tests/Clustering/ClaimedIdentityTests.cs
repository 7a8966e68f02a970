using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Engines that claim to be others.</summary>
[CancelAfter(60_000)]
public sealed class ClaimedIdentityTests
{
    private static readonly EngineCertificate _real = new(new string('a', 64), "CN=engine-0");
    private static readonly EngineCertificate _fake = new(new string('c', 64), "CN=engine-1");
    private static readonly EngineOverlay _trusted = EngineOverlay.Empty.WithLabel("trusted", "yes");

    [Test]
    public async Task A_fake_that_comes_first_gets_nothing_that_is_bound_to_a_certificate_and_the_real_one_takes_part_with_it(CancellationToken cancellationToken)
    {
        await using var cluster = await StartWithFakeAsync(_fake, EngineBinding.ToCertificate(_real.Fingerprint));
        cluster.Engine(1).Should().Match<EngineState>(fake => fake.Id == "ID-0" && !fake.Labels.ContainsKey("trusted"));
        (await cluster.Containers.TryCreateAsync(Trusting, cancellationToken)).IsCreated.Should().BeFalse();

        cluster.Join(0, host => host with { Certificate = _real });
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy) && cluster.Cluster.Snapshot.Nodes.Count == 2, "its certificate tells that it is another one");

        cluster.Engine(0).Should().Match<EngineState>(real => real.Labels["trusted"] == "yes" && real.Certificate == _real);
        cluster.Engine(1).Labels.Should().NotContainKey("trusted");
        (await cluster.Containers.CreateAsync(Trusting, cancellationToken)).EngineId.Should().Be(cluster.Engine(0).Id);
    }

    [Test]
    public async Task Without_TLS_the_one_at_the_address_that_is_meant_takes_the_place_of_a_fake_that_came_first(CancellationToken cancellationToken)
    {
        await using var cluster = await StartWithFakeAsync(certificate: null, EngineBinding.ToAddress(TestCluster.AddressOf(0)));
        cluster.Engine(1).Should().Match<EngineState>(fake => fake.Id == "ID-0" && !fake.Labels.ContainsKey("trusted"));

        cluster.Join(0);
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy) && cluster.Is(1, EngineStatus.Pending) && cluster.Engine(1).Reason is not null, "the fake waits");

        cluster.Engine(0).Should().Match<EngineState>(real => real.Id == "ID-0" && real.Labels["trusted"] == "yes");
        await cluster.UntilAsync(() => cluster.Cluster.Snapshot.Nodes is [{ HealthIndicator: 100 }], "it is the only node");
        (await cluster.Containers.CreateAsync(Trusting, cancellationToken)).EngineId.Should().Be("ID-0");
        await PassAsync(cluster, TimeSpan.FromSeconds(200));
        cluster.Engine(0).Id.Should().Be("ID-0", "it stays so");
        cluster.Engine(1).Labels.Should().NotContainKey("trusted", "also when its containers have told that it is another machine");
    }

    [Test]
    public async Task A_fake_gets_no_labels_of_an_engine_that_has_left_and_what_keeps_work_away_and_is_said_by_ID_stays_with_that(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options =>
        {
            options.EngineOverlays["ID-0"] = _trusted.WithTaint(new Taint("dedicated", "gpu")) with { Binding = EngineBinding.ToAddress(TestCluster.AddressOf(0)) };
            options.EngineRemovalGrace = TimeSpan.FromMinutes(10);
        });
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it takes part");
        cluster.Engine(0).Labels.Should().ContainKey("trusted");
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it is known to leave");

        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0" });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it takes part");

        cluster.Engine(1).Labels.Should().NotContainKey("trusted");
        cluster.Engine(1).Overlay.Taints.Should().ContainSingle();
    }

    [Test]
    public async Task The_same_certificate_at_another_address_is_the_same_engine_with_all_that_is_said_of_it()
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Certificate = _real }, options: options => options.EngineOverlays["engine-0:2375"] = _trusted);
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));

        cluster.Discovery.Set(TestCluster.AddressOf(9));
        await cluster.UntilAsync(() => cluster.Is(9, EngineStatus.Healthy) && cluster.Cluster.Engines.List().Count == 1, "it is taken over");

        cluster.Engine(9).Should().Match<EngineState>(moved => moved.Id == "ID-0" && moved.Labels["trusted"] == "yes");
    }

    [Test]
    public async Task Another_certificate_does_not_inherit_an_engine_in_its_grace_time()
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Certificate = _real }, options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it takes part");
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it is known to leave");

        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0", Certificate = _fake });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it takes part");

        cluster.Engine(1).Id.Should().Be($"ID-0|{TestCluster.AddressOf(1)}");
        cluster.Engine(0).Id.Should().Be("ID-0");
    }

    [Test]
    public async Task One_that_shows_a_certificate_takes_the_place_of_one_that_shows_none_and_came_first()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 0);
        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0" });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "the fake came first");

        cluster.Join(0, host => host with { Certificate = _real });
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy) && cluster.Is(1, EngineStatus.Pending) && cluster.Engine(1).Reason is not null, "the fake waits");

        cluster.Engine(0).Id.Should().Be("ID-0");
    }

    [Test]
    public async Task One_that_shows_no_certificate_does_not_inherit_one_that_showed_one_in_its_grace_time(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Certificate = _real }, options: options => options.EngineRemovalGrace = TimeSpan.FromMinutes(10));
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it takes part");
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it is known to leave");

        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0" });
        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().FirstOrDefault(engine => engine.Address == TestCluster.AddressOf(1)) is { Reason: not null } or { Status: EngineStatus.Healthy }, "it is judged");

        cluster.Engine(1).Status.Should().Be(EngineStatus.Pending);
        cluster.Engine(0).Id.Should().Be("ID-0");
    }

    [Test]
    public async Task An_engine_that_says_two_IDs_in_turn_is_told_of_once()
    {
        var logs = new RecordingLoggerFactory();
        var calls = 0;
        await using var cluster = await TestCluster.StartAsync(logs: logs, connector: hosts => new TappedConnector(hosts)
        {
            OnConnected = tapped =>
            {
                if (tapped.Address == TestCluster.AddressOf(1))
                {
                    tapped.OnSpecs = specs => specs with { Name = "engine-0", DaemonId = (Interlocked.Increment(ref calls) / 7) % 2 == 0 ? "ID-1" : "ID-0" };
                }
            },
        });
        await using var log = new EventLog(cluster.Cluster);
        cluster.Join(1);

        await cluster.PassTimeUntilAsync(() => Volatile.Read(ref calls) >= 45, "it has said both several times", TimeSpan.FromSeconds(1));

        foreach (var told in (string[])["DaemonReplaced", "IdentityClaimed", "DuplicateEngine"])
        {
            logs.Entries.Count(entry => entry.Event == told).Should().BeLessThanOrEqualTo(1, "{0}", told);
        }

        log.EngineKinds(1).Count(kind => kind == EngineEventKind.IdentityClaimed).Should().BeLessThanOrEqualTo(1);
        logs.Entries.Should().Contain(entry => entry.Event == "DaemonReplaced");
    }

    [Test]
    public async Task An_engine_that_says_a_new_ID_each_time_takes_part_by_its_host_name()
    {
        var logs = new RecordingLoggerFactory();
        var calls = 0;
        await using var cluster = await TestCluster.StartAsync(engines: 0, logs: logs, connector: hosts => new TappedConnector(hosts)
        {
            OnConnected = tapped => tapped.OnSpecs = specs => specs with { DaemonId = $"ID-{Interlocked.Increment(ref calls)}" },
        });
        await using var log = new EventLog(cluster.Cluster);
        cluster.Join(1);

        await cluster.PassTimeUntilAsync(() => Volatile.Read(ref calls) >= 40, "it has said many", TimeSpan.FromSeconds(1));

        cluster.Engine(1).Should().Match<EngineState>(engine => engine.Id == "host~engine-1" && engine.Status == EngineStatus.Healthy);
        logs.Entries.Select(entry => entry.Event).Should().ContainSingle(each => each == "IdMadeUp").And.NotContain("DaemonReplaced");
        log.EngineKinds(1).Should().NotContain(EngineEventKind.Removed);
    }

    [Test]
    public async Task An_engine_whose_ID_alternates_gets_no_work_and_says_why()
    {
        var calls = 0;
        await using var cluster = await TestCluster.StartAsync(engines: 0, connector: hosts => new TappedConnector(hosts)
        {
            OnConnected = tapped => tapped.OnSpecs = specs => specs with { DaemonId = $"ID-{Interlocked.Increment(ref calls) % 2}" },
        });
        cluster.Join(1);

        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List() is [{ Reason: not null }], "it is held back", TimeSpan.FromSeconds(1));

        cluster.Engine(1).Status.Should().NotBe(EngineStatus.Healthy);
        cluster.Engine(1).Reason.Should().Contain("several daemons answer there by turns (ID-0 on engine-1, ID-1 on engine-1)");
    }

    [Test]
    public async Task An_engine_that_takes_part_and_then_alternates_with_another_gets_no_work_from_then_on()
    {
        var (calls, alternates) = (0, false);
        await using var cluster = await TestCluster.StartAsync(connector: hosts => new TappedConnector(hosts)
        {
            OnConnected = tapped => tapped.OnSpecs = specs => Volatile.Read(ref alternates) && Interlocked.Increment(ref calls) % 2 == 1 ? specs with { DaemonId = "ID-7" } : specs,
        });
        var made = await cluster.Containers.RunAsync(TestCluster.Spec("web"));

        Volatile.Write(ref alternates, true);
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "it is noticed", TimeSpan.FromSeconds(1));

        cluster.Engine(0).Reason.Should().Contain("several daemons answer there by turns");
        cluster.Cluster.Containers.List().Select(container => container.Id).Should().Equal(made.Id);
    }

    [Test]
    public async Task Machines_of_one_template_take_part_by_their_addresses_where_the_host_says_so()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3, engine: (host, _) => host with { DaemonId = "CLONE", Name = "runner" }, options: options => options.EngineIdentity = EngineIdentity.Address);

        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().All(engine => engine.Status == EngineStatus.Healthy), "all of them take part");

        cluster.Cluster.Engines.List().Select(engine => engine.Id).Should().BeEquivalentTo("engine-0:2375", "engine-1:2375", "engine-2:2375");
    }

    [Test]
    public async Task An_engine_whose_daemon_is_another_all_the_time_is_told_of_a_few_times()
    {
        var logs = new RecordingLoggerFactory();
        var calls = 0;
        await using var cluster = await TestCluster.StartAsync(engines: 0, logs: logs, connector: hosts => new TappedConnector(hosts)
        {
            OnConnected = tapped => tapped.OnSpecs = specs => specs with { DaemonId = $"ID-{Interlocked.Increment(ref calls) / 8}" },
        });
        cluster.Join(1);

        await cluster.PassTimeUntilAsync(() => Volatile.Read(ref calls) >= 100, "it has said many", TimeSpan.FromSeconds(1));

        logs.Entries.Count(entry => entry.Event == "DaemonReplaced").Should().BeInRange(1, 8);
    }

    [Test]
    public async Task A_second_one_that_claims_an_identity_is_told_of_once(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(logs: logs);
        await using var log = new EventLog(cluster.Cluster);

        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0" });
        await cluster.UntilAsync(() => cluster.Is(1, EngineStatus.Pending) && cluster.Engine(1).Reason is not null, "it waits");
        await PassAsync(cluster, TimeSpan.FromSeconds(200));

        await cluster.UntilAsync(() => log.EngineKinds(1).Contains(EngineEventKind.IdentityClaimed), "subscribers hear of it");
        log.Events.OfType<EngineChanged>().Should().ContainSingle(change => change.Kind == EngineEventKind.IdentityClaimed)
            .Which.Should().Match<EngineChanged>(change => change.EngineId == "ID-0" && change.EngineName == "engine-0" && change.Reason!.Contains("engine-0:2375"));
        await cluster.UntilAsync(() => logs.Entries.Any(entry => entry.Event == "IdentityClaimed"), "and people");
        logs.Entries.Count(entry => entry.Event == "IdentityClaimed").Should().Be(1);
    }

    [Test]
    public async Task An_engine_that_takes_the_place_of_one_that_has_left_is_told_of(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));

        cluster.Discovery.Set(TestCluster.AddressOf(9));

        await cluster.UntilAsync(() => log.EngineKinds(9).Contains(EngineEventKind.IdentityClaimed), "it may be an impostor");
    }

    [Test]
    public async Task Clones_with_host_names_of_their_own_claim_nobodys_identity(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Join(1, host => host with { DaemonId = "ID-0" });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it takes part");
        await cluster.UntilAsync(() => log.EngineKinds(1).Contains(EngineEventKind.Admitted), "it is told of");

        log.EngineKinds(1).Should().NotContain(EngineEventKind.IdentityClaimed);
    }

    private static ContainerSpec Trusting => TestCluster.Spec() with { Constraints = ["trusted==yes"] };

    private static async Task<TestCluster> StartWithFakeAsync(EngineCertificate? certificate, EngineBinding binding)
    {
        var cluster = await TestCluster.StartAsync(engines: 0, options: options => options.EngineOverlays["ID-0"] = _trusted with { Binding = binding });
        cluster.Join(1, host => host with { DaemonId = "ID-0", Name = "engine-0", Certificate = certificate });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "the fake came first");
        return cluster;
    }

    private static async Task PassAsync(TestCluster cluster, TimeSpan time)
    {
        var end = cluster.Time.GetUtcNow() + time;
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() >= end, "time passes", TimeSpan.FromSeconds(1));
    }
}
