using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Swarm.Core.Architecture;
using Swarm.Core.Builders;

namespace Swarm.Core.Diagnostics;

[NonParallelizable]
public sealed class SwarmMetricsTests
{
    [Test]
    public void The_documentation_lists_every_instrument_with_its_tags()
    {
        using var recording = new Recording("documented");
        using var metrics = new SwarmMetrics(factory: null, "documented");

        UseAll(metrics);
        recording.Observe(SwarmDiagnostics.Engines);

        var rows = recording.Instruments.Values.OrderBy(each => each.Name, StringComparer.Ordinal).Select(instrument =>
        {
            var tags = recording.Of(instrument.Name).SelectMany(each => each.Tags.Keys).Distinct().Where(tag => tag != SwarmDiagnostics.ClusterTag).Order(StringComparer.Ordinal);
            return $"| `{instrument.Name}` | {KindOf(instrument)} | `{instrument.Unit}` | {string.Join(", ", tags.Select(tag => $"`{tag}`"))} | {instrument.Description} |";
        });
        File.ReadLines(SourceTree.At("docs", "diagnostics.md")).SkipWhile(line => !line.StartsWith("| instrument", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Should().Equal(rows);
    }

    [Test]
    public void Every_instrument_and_tag_of_the_documentation_has_a_constant()
    {
        var constants = typeof(SwarmDiagnostics).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet();

        var named = File.ReadLines(SourceTree.At("docs", "diagnostics.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

        named.Should().NotBeEmpty().And.OnlyContain(name => constants.Contains(name));
        constants.Where(name => name.StartsWith("swarm.", StringComparison.Ordinal)).Should().BeSubsetOf(named);
    }

    [Test]
    public void Every_measurement_names_its_cluster()
    {
        using var recording = new Recording("eu");
        using var metrics = new SwarmMetrics(factory: null, "eu");
        using var others = new SwarmMetrics(factory: null, "us");

        UseAll(metrics);
        UseAll(others);

        recording.Of(SwarmDiagnostics.Placements).Should().HaveCount(2).And.OnlyContain(each => each[SwarmDiagnostics.ClusterTag] == "eu");
    }

    [Test]
    public void What_nobody_listens_to_allocates_nothing()
    {
        using var meter = new Meter("nobody listens to this");
        using var metrics = new SwarmMetrics(meter, isOwned: false, "silent");

        Allocated(() => UseHot(metrics)).Should().Be(0);
    }

    [Test]
    public void What_somebody_listens_to_allocates_nothing_in_the_library_either()
    {
        using var meter = new Meter("somebody listens to this");
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener, meter) };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        using var metrics = new SwarmMetrics(meter, isOwned: false, "loud");

        Allocated(() => UseHot(metrics)).Should().Be(0);
    }

    [Test]
    public void Activities_that_nobody_listens_to_allocate_nothing()
    {
        using var silence = SecretWatch.Current!.LeaveActivities();

        var allocated = Allocated(static () =>
        {
            using var operation = SwarmActivities.StartOperation("create container", "silent");
            using var decide = SwarmActivities.StartStep(SwarmDiagnostics.DecideActivity);
            using var reserve = SwarmActivities.StartStep(SwarmDiagnostics.ReserveActivity);
            using var call = SwarmActivities.StartEngineCall("create container");
            SwarmActivities.Fail(call.Activity, "timeout");
        });

        allocated.Should().Be(0);
    }

    [Test]
    public void A_meter_of_the_clusters_own_ends_with_it()
    {
        using var recording = new Recording("own");
        var metrics = new SwarmMetrics(factory: null, "own");
        metrics.DiscoveryFailed();

        metrics.Dispose();
        metrics.DiscoveryFailed();

        recording.Sum(SwarmDiagnostics.DiscoveryFailures).Should().Be(1);
    }

    [Test]
    public void A_meter_of_the_hosts_factory_is_left_to_the_factory_without_what_it_observed()
    {
        using var factory = new Factory();
        using var recording = new Recording("hosted");
        var observed = Observe(factory);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        observed.IsAlive.Should().BeFalse("the meter lives, and yet keeps nothing");
        recording.Observe(SwarmDiagnostics.Engines).Should().BeEmpty();
        factory.Made.Should().ContainSingle().Which.Name.Should().Be(SwarmDiagnostics.MeterName);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Observe(Factory factory)
    {
        var counts = new Dictionary<string, long> { ["healthy"] = 3 };
        using var metrics = new SwarmMetrics(factory, "hosted");
        metrics.Observe(() => counts, () => counts);
        return new WeakReference(counts);
    }

    private static void UseAll(SwarmMetrics metrics)
    {
        UseHot(metrics);
        metrics.Rejected("port", "port", 3);
        metrics.EngineLost("10.0.0.1:2375");
        metrics.EngineRecovered("10.0.0.1:2375", TimeSpan.FromSeconds(1));
        metrics.PullEnded(errorType: null);
        metrics.PullEnded("404");
        metrics.OrphanRemoved();
        metrics.DiscoveryFailed();
        metrics.HostFailed("logger");
        metrics.Observe(() => [new("healthy", 1)], () => [new("reserved", 1)]);
    }

    private static void UseHot(SwarmMetrics metrics)
    {
        metrics.Decided("placed", "spread", TimeSpan.FromMicroseconds(3));
        metrics.Decided("failed", strategy: null, TimeSpan.FromMicroseconds(3));
        metrics.OperationEnded("create container", TimeSpan.FromMilliseconds(3), errorType: null);
        metrics.OperationEnded("create container", TimeSpan.FromMilliseconds(3), "timeout");
        metrics.CallEnded("ping", TimeSpan.FromMilliseconds(3), errorType: null);
        metrics.CallEnded("ping", TimeSpan.FromMilliseconds(3), "timeout");
        metrics.EngineEventReceived("container");
        metrics.EngineEventDropped("10.0.0.1:2375");
        metrics.SubscriberEventDropped();
    }

    private static long Allocated(Action use)
    {
        for (var i = 0; i < 3; i++)
        {
            use();
        }

        return Allocation.Of(use);
    }

    private static void Enable(Instrument instrument, MeterListener listener, Meter meter)
    {
        if (ReferenceEquals(instrument.Meter, meter))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableUpDownCounter" => "observable up-down counter",
        var other => other,
    };

    private sealed class Factory : IMeterFactory
    {
        public List<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Made.Add(new Meter(options));
            return Made[^1];
        }

        public void Dispose() => Made.ForEach(meter => meter.Dispose());
    }
}
