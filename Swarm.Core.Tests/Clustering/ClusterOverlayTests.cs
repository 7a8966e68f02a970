using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterOverlayTests
{
    private static readonly EngineOverlay _cordoned = new() { IsEligible = false, Reason = "repair" };
    private static readonly EngineOverlay _gpu = EngineOverlay.Empty.WithTaint(new Taint("dedicated", "gpu"));

    [TestCase("ID-0")]
    [TestCase("engine-0")]
    [TestCase("ENGINE-0:2375")]
    public async Task What_is_said_of_an_engine_by_ID_name_or_address_shows_at_once_in_its_state_and_its_node(string engine, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, _) => host with { Labels = LabelSet.Create(KeyValuePair.Create("region", "eu")) });
        var before = cluster.Engine(0);

        await cluster.Cluster.Engines.SetOverlayAsync(engine, _gpu.WithLabel("region", "us").WithLabel("ostype", null), cancellationToken);

        var after = cluster.Engine(0);
        after.Version.Should().Be(before.Version + 1, "it changes as one");
        after.Labels["region"].Should().Be("us");
        after.Specs!.Labels["region"].Should().Be("eu");
        cluster.Cluster.Snapshot.Nodes[0].Should().Match<NodeView>(node => node.Labels["region"] == "us" && !node.Labels.ContainsKey("ostype") && node.Taints.Single().Key == "dedicated");
        cluster.Engine(1).Overlay.Should().Be(EngineOverlay.Empty);
        cluster.Cluster.Engines.Overlays.Keys.Should().Equal("ID-0");
    }

    [Test]
    public async Task Constraints_see_the_labels_that_count(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-1", EngineOverlay.Empty.WithLabel("region", "us"), cancellationToken);

        (await cluster.Containers.CreateAsync(TestCluster.Spec() with { Constraints = ["region==us"] }, cancellationToken)).EngineId.Should().Be("ID-1");
    }

    [Test]
    public async Task A_label_of_the_overlay_limits_the_slots(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", EngineOverlay.Empty.WithLabel("containerslots", "1"), cancellationToken);

        await cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken);

        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeFalse();
    }

    [Test]
    public async Task A_tainted_engine_takes_only_what_tolerates_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineOverlays["engine-0"] = _gpu);

        var refused = await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken);
        var taken = await cluster.Containers.CreateAsync(TestCluster.Spec() with { Tolerations = [Toleration.Of("dedicated", "gpu")] }, cancellationToken);

        refused.Placement.RejectionCounts.Should().Equal(new RejectionCount("taint", RejectionCodes.Taint, "dedicated=gpu", 1));
        taken.EngineId.Should().Be("ID-0");
    }

    [Test]
    public async Task An_engine_the_host_program_keeps_back_gets_no_work_until_it_is_given_free_and_runs_what_it_runs(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned, cancellationToken);
        var refused = await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken);

        refused.Placement.RejectionCounts.Should().Equal(new RejectionCount("admission", RejectionCodes.Ineligible, "repair", 1));
        cluster.Containers.Get(web.Id).State.Should().Be(ContainerState.Running);
        (await cluster.Containers.KillAsync(web.Id, cancellationToken: cancellationToken)).State.Should().Be(ContainerState.Exited);

        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", EngineOverlay.Empty, cancellationToken);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(), cancellationToken)).IsCreated.Should().BeTrue();
        cluster.Cluster.Engines.Overlays.Should().BeEmpty();
    }

    [Test]
    public async Task Discovery_that_names_an_engine_again_does_not_give_free_what_the_host_program_keeps_back(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned, cancellationToken);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsDiscovered, "the engine is known to leave");

        cluster.Discovery.Add(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => cluster.Engine(0).IsDiscovered, "the engine is back");

        cluster.Engine(0).IneligibleReason.Should().Be("repair");
    }

    [TestCase("ID-1")]
    [TestCase("engine-1")]
    [TestCase("engine-1:2375")]
    public async Task What_is_said_of_an_engine_that_is_not_there_yet_waits_for_it(string engine, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Cluster.Engines.SetOverlayAsync(engine, _gpu, cancellationToken);
        cluster.Cluster.Engines.Overlays.Keys.Should().Equal(engine);
        var seen = new List<int>();
        using var watching = new CancellationTokenSource();
        var watch = cluster.Cluster.Engines.WaitUntilAsync(
            _ =>
            {
                if (cluster.Cluster.Snapshot.Nodes.TryGet("ID-1", out var node))
                {
                    seen.Add(node.Taints.Length);
                }

                return false;
            },
            watching.Token);

        cluster.Join(1);
        await cluster.UntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it is admitted");
        await watching.CancelAsync();
        await watch.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

        cluster.Engine(1).Overlay.Should().Be(_gpu);
        seen.Should().OnlyContain(taints => taints == 1, "it never was a node without");
    }

    [Test]
    public async Task What_is_said_outlives_a_broken_connection(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned, cancellationToken);

        cluster.Host(0).PowerOff();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the cut is noticed");
        cluster.Host(0).PowerOn();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "it is back");

        cluster.Engine(0).Overlay.Should().Be(_cordoned);
    }

    [Test]
    public async Task It_may_be_said_while_the_engine_is_out_of_reach(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        cluster.Host(0).PowerOff();
        await cluster.UntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the cut is noticed");

        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned, cancellationToken);

        cluster.Engine(0).Overlay.Should().Be(_cordoned);
    }

    [Test]
    public async Task What_is_said_by_host_name_of_an_engine_that_is_there_is_not_said_of_the_owner_of_the_ID_that_it_claims(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned.WithLabel("trusted", "yes"), cancellationToken);

        cluster.Engine(0).Overlay.IsEligible.Should().BeFalse();
        cluster.Engine(0).Labels["trusted"].Should().Be("yes");
        var overlays = cluster.Overlays;
        overlays.Find(TestCluster.AddressOf(9), "ID-0", "owner").Should().Be(EngineOverlay.Empty);
        overlays.Find(TestCluster.AddressOf(9), "ID-0", "engine-0").Should().Match<EngineOverlay>(given => !given.IsEligible && given.Labels.Count == 0, "whoever is called so and moved stays away from work");
        overlays.Find(TestCluster.AddressOf(0), "ID-0", "renamed").Should().Be(_cordoned.WithLabel("trusted", "yes"), "it counts where it was said");
    }

    [Test]
    public async Task What_is_said_by_ID_of_an_engine_that_is_there_is_said_of_whoever_gives_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Cluster.Engines.SetOverlayAsync("ID-0", _cordoned, cancellationToken);

        cluster.Overlays.Find(TestCluster.AddressOf(9), "ID-0", "owner").Should().Be(_cordoned);
    }

    [TestCase("engine-0:2375")]
    [TestCase("engine-0")]
    public async Task What_was_said_by_address_or_name_goes_with_the_engine_and_its_certificate_to_another_address(string engine, CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Certificate = new EngineCertificate(new string('a', 64), "CN=engine-0") }, options: options => options.EngineOverlays[engine] = _cordoned);
        cluster.Hosts.Add(cluster.Host(0), TestCluster.AddressOf(9));

        cluster.Discovery.Set(TestCluster.AddressOf(9));
        await cluster.UntilAsync(() => cluster.Is(9, EngineStatus.Healthy) && cluster.Cluster.Engines.List().Count == 1, "it is taken over");

        cluster.Engine(9).Overlay.Should().Be(_cordoned);
        await cluster.Cluster.Engines.SetOverlayAsync("ID-0", EngineOverlay.Empty, cancellationToken);
        cluster.Engine(9).Overlay.Should().Be(EngineOverlay.Empty, "what is said of the engine itself counts more than what waits for its name or address");
    }

    [Test]
    public async Task What_was_said_of_an_engine_is_not_said_of_another_one_that_comes_to_its_address(CancellationToken cancellationToken)
    {
        var time = new CountingTimeProvider();
        var newcomer = new InMemoryEngine(TestCluster.Host(0, time) with { DaemonId = "ID-new", Name = "newcomer" });
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts), time: time);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0:2375", _cordoned, cancellationToken);

        var before = cluster.Host(0);
        cluster.Hosts.Remove(before.Address);
        cluster.Hosts.Add(newcomer);
        connector!.Engines[0].Inner = await cluster.Hosts.ConnectAsync(newcomer.Address, cancellationToken);
        before.PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes is [{ Id: "ID-new", HealthIndicator: 100 }], "the newcomer is the only node");

        cluster.Engine(0).Overlay.Should().Be(EngineOverlay.Empty);
        cluster.Cluster.Engines.Overlays.Keys.Should().Equal("ID-0");
    }

    [Test]
    public async Task What_is_said_outlives_a_stop_and_may_be_said_before_the_start(CancellationToken cancellationToken)
    {
        await using var cluster = TestCluster.Create(options: options => options.EngineOverlays["engine-0"] = _gpu);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _cordoned, cancellationToken);
        await cluster.StartAsync();
        cluster.Engine(0).Overlay.Should().Be(_cordoned, "it was said after the options");

        await cluster.Cluster.StopAsync(cancellationToken);
        await cluster.StartAsync();

        cluster.Engine(0).Overlay.Should().Be(_cordoned);
    }

    [Test]
    public async Task Changes_made_at_the_same_time_are_all_made(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(
            () => cluster.Cluster.Engines.UpdateOverlayAsync(number % 2 == 0 ? "engine-0" : "ID-0", overlay => overlay.WithTaint(new Taint($"t{number}")), cancellationToken),
            cancellationToken)));

        cluster.Engine(0).Overlay.Taints.Should().HaveCount(20);
    }

    [Test]
    public async Task A_change_starts_from_what_waits_for_the_engine(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineOverlays["engine-0"] = _gpu);

        var overlay = await cluster.Cluster.Engines.UpdateOverlayAsync("ID-0", now => now with { IsEligible = false }, cancellationToken);

        overlay.Should().Be(_gpu with { IsEligible = false });
        cluster.Engine(0).Overlay.Should().Be(overlay);
    }

    [Test]
    public async Task A_name_that_two_engines_have_is_ambiguous(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, _) => host with { Name = "same" });

        await cluster.Awaiting(each => each.Cluster.Engines.SetOverlayAsync("same", _gpu, cancellationToken)).Should().ThrowAsync<AmbiguousNameException>();
    }

    [Test]
    public async Task A_change_is_announced_once_and_saying_the_same_again_is_none(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _gpu.WithLabel("region", "us") with { IsEligible = false }, cancellationToken);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", _gpu.WithLabel("region", "us") with { IsEligible = false }, cancellationToken);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-0", EngineOverlay.Empty, cancellationToken);
        await cluster.UntilAsync(() => log.EngineKinds(0).Count >= 2, "both changes are announced");

        log.Events.OfType<EngineChanged>().Select(change => (change.Kind, change.Reason)).Should().Equal(
            (EngineEventKind.Updated, "What changed: its labels, its taints, whether the host program lets it get new work."),
            (EngineEventKind.Updated, "What changed: its labels, its taints, whether the host program lets it get new work."));
    }

    [Test]
    public async Task Labels_that_an_engine_reads_anew_show_at_its_reload_event(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var log = new EventLog(cluster.Cluster);

        cluster.Host(0).Reload(LabelSet.Create(KeyValuePair.Create("region", "eu")));
        await cluster.UntilAsync(() => cluster.Engine(0).Labels.ValueOrEmpty("region") == "eu", "the event is heeded, without time passing");

        (await cluster.Containers.TryCreateAsync(TestCluster.Spec() with { Constraints = ["region==eu"] }, cancellationToken)).IsCreated.Should().BeTrue();
        await cluster.UntilAsync(() => log.EngineKinds(0).Contains(EngineEventKind.Updated), "it is announced");
    }

    [Test]
    public async Task Labels_that_an_engine_reads_anew_show_at_the_next_refresh_when_the_event_is_lost()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).DropEvents(1, "reload");

        cluster.Host(0).Reload(LabelSet.Create(KeyValuePair.Create("containerslots", "0")));

        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes[0].Total.Slots == 0, "the refresh tells", TimeSpan.FromSeconds(1));
    }
}
