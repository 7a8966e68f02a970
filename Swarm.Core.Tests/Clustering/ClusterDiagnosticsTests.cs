using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Architecture;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Hosting;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>What a cluster tells of itself: metrics, activities, logs.</summary>
[CancelAfter(60_000)]
public sealed class ClusterDiagnosticsTests
{
    private const long GiB = 1L << 30;

    private string Name => TestContext.CurrentContext.Test.ID;

    [Test]
    public async Task A_create_is_counted_with_its_decision_and_its_calls(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync(engines: 2);

        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var placement = recording.Of(SwarmDiagnostics.Placements).Should().ContainSingle().Which;
        (placement[SwarmDiagnostics.OutcomeTag], placement[SwarmDiagnostics.StrategyTag]).Should().Be(("placed", "spread"));
        recording.Of(SwarmDiagnostics.PlacementDuration).Should().ContainSingle();
        recording.Of(SwarmDiagnostics.OperationDuration).Should().ContainSingle().Which.Tags.Should()
            .Contain(SwarmDiagnostics.OperationTag, "create container").And.NotContainKey(SwarmDiagnostics.ErrorTypeTag);
        recording.Of(SwarmDiagnostics.EngineCallDuration).Select(each => each[SwarmDiagnostics.OperationTag]).Should()
            .Contain(["connect", "subscribe to", "describe engine", "list containers", "create container"]);
    }

    [Test]
    public async Task A_request_that_fits_nowhere_is_counted_by_reason(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync(engines: 3, filters: [new TestFilter("own", _ => node => node.Name == "engine-0" ? new Rejection("own", "because of x7") : null)]);

        (await cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: 100 * GiB), cancellationToken)).IsCreated.Should().BeFalse();

        recording.Of(SwarmDiagnostics.PlacementRejections).Select(each => (each[SwarmDiagnostics.FilterTag], each[SwarmDiagnostics.ReasonTag], each.Value)).Should()
            .BeEquivalentTo([("admission", "resources", 2.0), ("own", "custom", 1.0)]);
        recording.Of(SwarmDiagnostics.Placements).Single()[SwarmDiagnostics.OutcomeTag].Should().Be("refused");
        recording.Of(SwarmDiagnostics.OperationDuration).Single()[SwarmDiagnostics.ErrorTypeTag].Should().Be("refused");
    }

    [Test]
    public async Task A_dry_run_is_counted_nowhere()
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();

        cluster.Cluster.Plan(TestCluster.Spec()).IsPlaced.Should().BeTrue();

        recording.Of(SwarmDiagnostics.Placements).Should().BeEmpty();
    }

    [TestCase("timeout")]
    [TestCase("unreachable")]
    [TestCase("500")]
    [TestCase("cancelled")]
    [TestCase("Swarm.Core.Clustering.NameConflictException")]
    public async Task What_fails_is_counted_by_the_kind_of_error(string errorType)
    {
        using var recording = new Recording(Name);
        using var given = new CancellationTokenSource();
        await using var cluster = await StartAsync();
        switch (errorType)
        {
            case "timeout":
                cluster.Host(0).Hang();
                break;
            case "unreachable":
                cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "create container", "the link broke", notSent: true));
                break;
            case "500":
                cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineApiException(TestCluster.AddressOf(0), "create container", System.Net.HttpStatusCode.InternalServerError, "no"));
                break;
            case "cancelled":
                await given.CancelAsync();
                break;
            default:
                await cluster.Containers.CreateAsync(TestCluster.Spec("web"), CancellationToken.None);
                break;
        }

        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web"), given.Token);
        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the create ends", TimeSpan.FromSeconds(30));

        await FluentActions.Awaiting(() => create).Should().ThrowAsync<Exception>();
        recording.Of(SwarmDiagnostics.OperationDuration)[^1][SwarmDiagnostics.ErrorTypeTag].Should().Be(errorType);
    }

    [Test]
    public async Task A_call_that_fails_is_measured_with_the_kind_of_its_error(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineApiException(TestCluster.AddressOf(0), "create container", System.Net.HttpStatusCode.InternalServerError, "no"));

        await cluster.Containers.Awaiting(containers => containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Should().ThrowAsync<EngineApiException>();

        recording.Of(SwarmDiagnostics.EngineCallDuration).Single(each => (string?)each[SwarmDiagnostics.OperationTag] == "create container")[SwarmDiagnostics.ErrorTypeTag].Should().Be("500");
    }

    [Test]
    public async Task Engines_are_counted_by_status_and_promises_by_stage(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync(engines: 3);
        cluster.Host(1).PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Unhealthy), "it is lost");
        cluster.Host(0).Hang();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Constraints = ["node==engine-0"] }, cancellationToken);

        var engines = recording.Observe(SwarmDiagnostics.Engines).ToDictionary(each => each[SwarmDiagnostics.EngineStatusTag]!, each => each.Value);
        var promises = recording.Observe(SwarmDiagnostics.Reservations).ToDictionary(each => each[SwarmDiagnostics.ReservationStageTag]!, each => each.Value);

        engines.Should().Equal(new Dictionary<string, double> { ["pending"] = 0, ["healthy"] = 2, ["unhealthy"] = 1 });
        promises.Should().Equal(new Dictionary<string, double> { ["reserved"] = 1, ["settled"] = 0, ["unknown"] = 0 });
        cluster.Host(0).Resume();
        await create;
    }

    [Test]
    public async Task A_stopped_cluster_has_no_engines_to_count()
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();
        recording.Observe(SwarmDiagnostics.Engines).Should().NotBeEmpty();

        await cluster.Cluster.StopAsync();

        recording.Observe(SwarmDiagnostics.Engines).Should().BeEmpty();
    }

    [Test]
    public async Task An_outage_is_logged_and_counted_once_with_its_duration()
    {
        using var recording = new Recording(Name);
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs);

        cluster.Host(0).PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "it is lost");
        cluster.Time.Advance(TimeSpan.FromSeconds(60));
        await cluster.PassTimeUntilAsync(() => cluster.Hosts.CallCount(EngineOperation.OpenEvents) > 0 && cluster.Engine(0).FailureCount > 3, "it is tried again and again");
        cluster.Host(0).PowerOn();
        await cluster.PassTimeUntilAsync(() => Names(logs).Contains("EngineRecovered"), "it is said to be back");

        Names(logs).Where(name => name is "EngineLost" or "EngineRecovered").Should().Equal("EngineLost", "EngineRecovered");
        logs.Lines.Should().Contain(line => line.StartsWith("Engine engine-0 (ID-0) at engine-0:2375 is lost: Cannot ", StringComparison.Ordinal));
        (recording.Sum(SwarmDiagnostics.EngineDisconnects), recording.Sum(SwarmDiagnostics.EngineReconnects)).Should().Be((1, 1));
        recording.Of(SwarmDiagnostics.EngineReconnects)[0][SwarmDiagnostics.EngineAddressTag].Should().Be("engine-0:2375");
        recording.Of(SwarmDiagnostics.EngineOutageDuration).Should().ContainSingle().Which.Value.Should().BeGreaterThanOrEqualTo(60);
    }

    [Test]
    public async Task An_engine_is_logged_when_it_comes_and_when_it_goes()
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs);
        cluster.Join(1);
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it takes part");

        cluster.Discovery.Remove(TestCluster.AddressOf(1));
        await cluster.PassTimeUntilAsync(() => Names(logs).Contains("EngineRemoved"), "it is let go", TimeSpan.FromSeconds(5));

        logs.Lines.Where(line => line.Contains("engine-1", StringComparison.Ordinal)).Should().Equal(
            "Discovery names engine-1:2375. ",
            "Engine engine-1 (ID-1) at engine-1:2375 takes part, with 0 containers. ",
            "Engine engine-1 (ID-1) at engine-1:2375 takes no new work. ",
            "Engine engine-1 (ID-1) at engine-1:2375 has left the cluster. ");
    }

    [Test]
    public async Task A_stop_lets_engines_go_without_a_word_each()
    {
        var logs = new RecordingLoggerFactory();
        var cluster = await StartAsync(engines: 3, logs: logs);

        await cluster.DisposeAsync();

        Names(logs).Should().NotContain("EngineRemoved");
        Names(logs).Where(name => name is "Started" or "Stopped").Should().Equal("Started", "Stopped");
    }

    [Test]
    public async Task An_engine_that_was_never_there_is_logged_once()
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = TestCluster.Create(engines: 1, logs: logs);
        cluster.Host(0).PowerOff();

        await cluster.StartAsync();
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).FailureCount > 5, "it is tried again and again");

        Names(logs).Where(name => name == "EngineNotReached").Should().ContainSingle();
    }

    [Test]
    public async Task A_daemon_under_two_addresses_is_logged_once()
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(engines: 2, logs: logs, engine: (options, _) => options with { DaemonId = "same", Name = "same" });
        var lists = cluster.Hosts.CallCount(EngineOperation.GetSpecs);

        await cluster.PassTimeUntilAsync(() => cluster.Hosts.CallCount(EngineOperation.GetSpecs) > lists + 6, "both are read again and again", TimeSpan.FromSeconds(5));

        Names(logs).Where(name => name == "DuplicateEngine").Should().ContainSingle();
    }

    [Test]
    public async Task Discovery_that_fails_is_logged_when_it_begins_and_when_it_ends()
    {
        using var recording = new Recording(Name);
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs);

        cluster.Discovery.Fail(new IOException("the store is down"));
        await cluster.PassTimeUntilAsync(() => recording.Sum(SwarmDiagnostics.DiscoveryFailures) >= 4, "it fails again and again");
        cluster.Discovery.Recover();
        await cluster.PassTimeUntilAsync(() => Names(logs).Contains("DiscoveryRecovered"), "it works again");

        Names(logs).Where(name => name is "DiscoveryFailed" or "DiscoveryRecovered").Should().Equal("DiscoveryFailed", "DiscoveryRecovered");
        Names(logs).Should().Contain("DiscoveryStillFailing");
    }

    [Test]
    public async Task A_slow_subscriber_is_logged_once_and_each_event_it_misses_is_counted(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs, options: options => options.EventBufferCapacity = 2);
        using var subscription = cluster.Cluster.Events.Subscribe();

        for (var i = 0; i < 5; i++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{i}"), cancellationToken);
        }

        recording.Sum(SwarmDiagnostics.SubscriberEventsDropped).Should().Be(3);
        await Eventually.IsTrueAsync(() => Names(logs).Contains("SubscriberLagged"), "the log is told beside the loops");
        Names(logs).Where(name => name == "SubscriberLagged").Should().ContainSingle();
    }

    [Test]
    public async Task An_unknown_outcome_is_logged_when_it_is_known(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs);
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "create container", "the link broke"));
        cluster.Host(0).FailNext(EngineOperation.ListContainers, new EngineUnreachableException(TestCluster.AddressOf(0), "list containers", "the link broke"));

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await create.Should().ThrowAsync<EngineUnreachableException>();
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is known", TimeSpan.FromSeconds(5));

        Names(logs).Where(name => name is "AnswerLost" or "OutcomeUnknown" or "OutcomeNotMade").Should().Equal("AnswerLost", "OutcomeUnknown", "OutcomeNotMade");
    }

    [Test]
    public async Task A_pull_is_logged_and_counted_with_its_end(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(logs: logs);
        cluster.Host(0).AddToRegistry(new InMemoryImage("web:1"));

        await cluster.Containers.CreateAsync(TestCluster.Spec() with { Image = "web:1" }, cancellationToken);
        var missing = () => cluster.Containers.CreateAsync(TestCluster.Spec() with { Image = "none:1" }, cancellationToken);
        await missing.Should().ThrowAsync<ImageNotFoundException>();

        recording.Of(SwarmDiagnostics.ImagePulls).Select(each => each[SwarmDiagnostics.ErrorTypeTag]).Should().Equal(null, "404");
        Names(logs).Where(name => name.StartsWith("Pull", StringComparison.Ordinal)).Should().Equal("Pulling", "Pulled", "Pulling", "PullFailed");
        recording.Of(SwarmDiagnostics.EngineCallDuration).Select(each => each[SwarmDiagnostics.OperationTag]).Should().Contain("pull image");
    }

    [Test]
    public async Task Decisions_are_logged_with_the_reasons_in_numbers(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await StartAsync(engines: 3, logs: logs);

        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Constraints = ["node==engine-1"] }, cancellationToken);
        await cluster.Containers.TryCreateAsync(TestCluster.Spec("db", memory: 100 * GiB) with { Constraints = ["node!=engine-1"] }, cancellationToken);

        logs.Lines.Should().Contain("Container web goes to engine-1 (ID-1) by spread. ")
            .And.Contain("No node will do for container db: admission (resources) on 2, constraint on 1. ");
    }

    [Test]
    public async Task A_run_is_one_trace(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();

        var container = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        recording.Activities.Select(each => (each.OperationName, each.DisplayName, Parent: each.Parent?.OperationName)).Should().Equal(
            (SwarmDiagnostics.ReserveActivity, SwarmDiagnostics.ReserveActivity, SwarmDiagnostics.DecideActivity),
            (SwarmDiagnostics.DecideActivity, SwarmDiagnostics.DecideActivity, SwarmDiagnostics.OperationActivity),
            (SwarmDiagnostics.EngineCallActivity, "create container", SwarmDiagnostics.OperationActivity),
            (SwarmDiagnostics.EngineCallActivity, "start container", SwarmDiagnostics.OperationActivity),
            (SwarmDiagnostics.OperationActivity, "run container", null));
        var root = recording.Activities[^1];
        root.GetTagItem(SwarmDiagnostics.ContainerIdTag).Should().Be(container.Id);
        recording.Activities.Should().OnlyContain(each => each.TraceId == root.TraceId && each.Status == ActivityStatusCode.Unset);
        recording.Activities.Where(each => each.Kind == ActivityKind.Client).Should().HaveCount(2).And.OnlyContain(each => (string?)each.GetTagItem(SwarmDiagnostics.EngineNameTag) == "engine-0");
    }

    [Test]
    public async Task An_update_and_a_job_name_their_container_and_its_engine(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { NanoCpus = 500_000_000 }, cancellationToken);
        var run = cluster.Containers.RunToCompletionAsync(TestCluster.Spec("job"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Any(container => container.Name == "job" && container.View.State == ContainerState.Running), "it runs");
        cluster.Host(0).EndProcess(cluster.Containers.Get("job").Id, 0);
        var job = await run;

        recording.Activities.Where(each => each.DisplayName is "update container" or "run job" && each.Kind == ActivityKind.Internal)
            .Select(each => (each.DisplayName, each.GetTagItem(SwarmDiagnostics.ContainerIdTag), each.GetTagItem(SwarmDiagnostics.EngineIdTag))).Should().Equal(
                ("update container", web.Id, web.EngineId),
                ("run job", job.Container.Id, job.Container.EngineId));
    }

    [Test]
    public async Task An_activity_that_failed_has_the_kind_of_error_and_not_its_words(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineApiException(TestCluster.AddressOf(0), "create container", System.Net.HttpStatusCode.BadRequest, "words"));

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await create.Should().ThrowAsync<EngineApiException>();

        var failed = recording.Activities.Where(each => each.Status == ActivityStatusCode.Error).ToArray();
        failed.Select(each => each.DisplayName).Should().Equal("create container", "create container");
        failed.Should().OnlyContain(each => (string?)each.GetTagItem(SwarmDiagnostics.ErrorTypeTag) == "400" && each.StatusDescription == null && !each.Events.Any());
    }

    [Test]
    public async Task What_a_cluster_does_by_itself_belongs_to_no_activity_of_its_host()
    {
        var seen = new List<Activity?>();
        using var host = new ActivitySource("host");
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "host", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        var cluster = TestCluster.Create(connector: hosts => new DelegateConnector((address, token) =>
        {
            lock (seen)
            {
                seen.Add(Activity.Current);
            }

            return ((IEngineConnector)hosts).ConnectAsync(address, token);
        }));
        await using (cluster)
        {
            using var start = host.StartActivity("start");
            await cluster.StartAsync();

            Activity.Current.Should().BeSameAs(start);
        }

        seen.Should().NotBeEmpty().And.OnlyContain(activity => activity == null);
    }

    [Test]
    public async Task The_documentation_lists_every_activity_with_its_tags(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        await using var cluster = await StartAsync(strategies: [new TestStrategy("failing", (Func<PlacementContext, NodeScore>)(_ => throw new InvalidOperationException("it fails")))]);
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.CreateContainer, new EngineApiException(TestCluster.AddressOf(0), "create container", System.Net.HttpStatusCode.BadRequest, "no"));
        await FluentActions.Awaiting(() => cluster.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Should().ThrowAsync<EngineApiException>();
        await FluentActions.Awaiting(() => cluster.Containers.CreateAsync(TestCluster.Spec(), new PlacementOptions { Strategy = "failing" }, cancellationToken)).Should().ThrowAsync<PlacementPluginException>();

        var rows = recording.Activities.GroupBy(each => (each.OperationName, each.Kind)).OrderBy(each => each.Key.OperationName, StringComparer.Ordinal).Select(group =>
        {
            var tags = group.SelectMany(each => each.TagObjects.Select(tag => tag.Key)).Distinct().Order(StringComparer.Ordinal).Select(tag => $"`{tag}`");
            return $"| `{group.Key.OperationName}` | {(group.Key.Kind == ActivityKind.Client ? "client" : "internal")} | {string.Join(", ", tags)} |";
        });

        File.ReadLines(SourceTree.At("docs", "diagnostics.md")).SkipWhile(line => !line.StartsWith("| activity", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => string.Join('|', line.Split('|')[..4]) + "|").Should().Equal(rows);
    }

    [Test]
    public async Task Clusters_in_one_container_of_services_share_its_meters_and_are_told_apart_by_key(CancellationToken cancellationToken)
    {
        using var recording = new Recording(Name);
        using var others = new Recording(Name + "-us");
        var services = new ServiceCollection();
        var factory = new OneMeter();
        services.AddSingleton<IMeterFactory>(factory);
        services.AddSwarmCore(Name).WithEngines(TestHost.Engines("a"));
        services.AddSwarmCore(Name + "-us").WithEngines(TestHost.Engines("b", "c"));
        await using (var provider = services.BuildServiceProvider())
        {
            foreach (var key in new[] { Name, Name + "-us" })
            {
                await provider.GetRequiredKeyedService<ICluster>(key).StartAsync(cancellationToken);
            }

            Count(recording).Should().Be(1);
            Count(others).Should().Be(2);
        }

        factory.IsUsed.Should().BeTrue();

        static double Count(Recording recording) => recording.Observe(SwarmDiagnostics.Engines).Sum(each => each.Value);
    }

    [Test]
    public async Task A_disposed_cluster_is_not_kept_by_the_meters_of_its_host()
    {
        using var factory = new OneMeter();
        using var recording = new Recording(Name);

        var cluster = await UseAsync(factory);

        await Eventually.IsTrueAsync(() => !cluster.IsAlive, "nothing keeps the cluster", () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        });
        recording.Observe(SwarmDiagnostics.Engines).Should().BeEmpty();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> UseAsync(IMeterFactory factory)
    {
        var hosts = TestHost.Engines("a");
        var cluster = SwarmCluster.Create(new SwarmOptions { Name = Name }, new SwarmPlugins { Discovery = new InMemoryDiscovery(hosts.Addresses), Connector = hosts, MeterFactory = factory });
        await cluster.StartAsync();
        await cluster.DisposeAsync();
        return new WeakReference(cluster);
    }

    private Task<TestCluster> StartAsync(
        int engines = 1,
        RecordingLoggerFactory? logs = null,
        Action<SwarmOptions>? options = null,
        Func<InMemoryEngineOptions, int, InMemoryEngineOptions>? engine = null,
        IReadOnlyList<Filters.IFilter>? filters = null,
        IReadOnlyList<Strategies.IPlacementStrategy>? strategies = null) =>
        TestCluster.StartAsync(
            engines,
            engine,
            settings =>
            {
                settings.Name = Name;
                options?.Invoke(settings);
            },
            filters,
            strategies,
            logs: logs);

    private static List<string> Names(RecordingLoggerFactory logs) => [.. logs.Entries.Select(each => each.Event ?? "")];

    private sealed class OneMeter : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public bool IsUsed => _made.Count > 0;

        // As the platform's own factory: one meter for one name.
        public Meter Create(MeterOptions options)
        {
            if (_made.Count == 0)
            {
                _made.Add(new Meter(options));
            }

            return _made[0];
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
