using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Swarm.Core.Diagnostics;

/// <summary>The instruments of one cluster. Recording allocates nothing; what is observed is asked for only when somebody collects.</summary>
/// <remarks>Listeners are the host's: what one throws when an instrument is made, used or ended reaches nobody here. One that refuses an instrument is not told of it.</remarks>
internal sealed class SwarmMetrics : IDisposable
{
    public static readonly string Version = typeof(SwarmMetrics).Assembly.GetName().Version?.ToString(3) ?? "";

    // A meter of a factory is the factory's: it lives on, and other clusters may share it.
    private readonly Meter? _owned;
    private readonly KeyValuePair<string, object?> _cluster;
    private readonly Counter<long>? _placements;
    private readonly Histogram<double>? _placementDuration;
    private readonly Counter<long>? _rejections;
    private readonly Histogram<double>? _operationDuration;
    private readonly Counter<long>? _disconnects;
    private readonly Counter<long>? _reconnects;
    private readonly Histogram<double>? _outageDuration;
    private readonly Histogram<double>? _callDuration;
    private readonly Counter<long>? _eventsReceived;
    private readonly Counter<long>? _engineEventsDropped;
    private readonly Counter<long>? _subscriberEventsDropped;
    private readonly Counter<long>? _pulls;
    private readonly Counter<long>? _orphans;
    private readonly Counter<long>? _discoveryFailures;
    private readonly Counter<long>? _hostFailures;
    private readonly HostFailures? _failures;

    // All that leads from a meter to a cluster: without it the cluster can be collected though the meter lives.
    private Observed? _observed;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Where meters come from; <see langword="null"/> for one of the cluster's own.</param>
    /// <param name="cluster">The name of the cluster.</param>
    /// <param name="failures">Hears of what listeners, and the factory, throw.</param>
    public SwarmMetrics(IMeterFactory? factory, string cluster, HostFailures? failures = null)
        : this(TryMake(factory, failures), cluster, failures)
    {
    }

    internal SwarmMetrics(Meter meter, bool isOwned, string cluster, HostFailures? failures = null)
    {
        _owned = isOwned ? meter : null;
        _failures = failures;
        _cluster = new(SwarmDiagnostics.ClusterTag, cluster);
        _placements = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.Placements, "{placement}", "Decisions where a container goes."));
        _placementDuration = TryMake(() => meter.CreateHistogram<double>(SwarmDiagnostics.PlacementDuration, "s", "How long deciding and reserving took."));
        _rejections = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.PlacementRejections, "{node}", "Nodes rejected by decisions that found none."));
        _operationDuration = TryMake(() => meter.CreateHistogram<double>(SwarmDiagnostics.OperationDuration, "s", "What the host asked of the cluster, from the call to its end."));
        _disconnects = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.EngineDisconnects, "{disconnect}", "Engines lost."));
        _reconnects = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.EngineReconnects, "{reconnect}", "Lost engines that answer again."));
        _outageDuration = TryMake(() => meter.CreateHistogram<double>(SwarmDiagnostics.EngineOutageDuration, "s", "How long an engine was lost."));
        _callDuration = TryMake(() => meter.CreateHistogram<double>(SwarmDiagnostics.EngineCallDuration, "s", "Calls to engines, those the cluster makes by itself included."));
        _eventsReceived = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.EngineEventsReceived, "{event}", "Events received from engines."));
        _engineEventsDropped = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.EngineEventsDropped, "{event}", "Events of engines dropped because more came than could be followed."));
        _subscriberEventsDropped = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.SubscriberEventsDropped, "{event}", "Events a subscriber missed because it was slow."));
        _pulls = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.ImagePulls, "{image}", "Images fetched for new containers."));
        _orphans = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.OrphansRemoved, "{container}", "Containers removed that a create, a start or a job had left behind."));
        _discoveryFailures = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.DiscoveryFailures, "{failure}", "Failures of discovery."));
        _hostFailures = TryMake(() => meter.CreateCounter<long>(SwarmDiagnostics.HostFailures, "{failure}", "What the host's own logger, listeners and clock threw."));
        TryMake(() => meter.CreateObservableUpDownCounter(SwarmDiagnostics.Engines, ObserveEngines, "{engine}", "Engines by status."));
        TryMake(() => meter.CreateObservableUpDownCounter(SwarmDiagnostics.Reservations, ObserveReservations, "{reservation}", "Room promised and not yet shown by its engine, by stage."));
    }

    // Where the host's factory makes none, its listeners still find one of the same name.
    private SwarmMetrics(Meter? made, string cluster, HostFailures? failures)
        : this(made ?? new Meter(Options()), isOwned: made is null, cluster, failures)
    {
    }

    /// <summary>Gets whether anybody wants to know of calls to engines.</summary>
    public bool MeasuresCalls => _callDuration is { Enabled: true };

    /// <summary>A decision where a container goes came out.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="strategy">What decided; <see langword="null"/> when it did not come to that.</param>
    /// <param name="duration">How long it took.</param>
    public void Decided(string outcome, string? strategy, TimeSpan duration)
    {
        var tags = new TagList { _cluster, new(SwarmDiagnostics.OutcomeTag, outcome) };
        AddUnlessNull(ref tags, SwarmDiagnostics.StrategyTag, strategy);
        Add(_placements, 1, tags);
        Record(_placementDuration, duration, tags);
    }

    /// <summary>Gets whether anybody counts why nodes are rejected: it takes a look at each of them to say so.</summary>
    public bool CountsRejections => _rejections is { Enabled: true };

    /// <summary>A decision that found no node rejected some for one reason.</summary>
    public void Rejected(string filter, string reason, int nodes) =>
        Add(_rejections, nodes, [_cluster, new(SwarmDiagnostics.FilterTag, filter), new(SwarmDiagnostics.ReasonTag, reason)]);

    /// <summary>Something the host asked for has ended.</summary>
    public void OperationEnded(string operation, TimeSpan duration, string? errorType) =>
        Record(_operationDuration, duration, Call(operation, errorType));

    /// <summary>A call to an engine has ended.</summary>
    public void CallEnded(string operation, TimeSpan duration, string? errorType) =>
        Record(_callDuration, duration, Call(OperationNames.Of(operation), errorType));

    /// <summary>An engine was lost.</summary>
    public void EngineLost(string address) => Add(_disconnects, 1, [_cluster, new(SwarmDiagnostics.EngineAddressTag, address)]);

    /// <summary>A lost engine answers again.</summary>
    public void EngineRecovered(string address, TimeSpan outage)
    {
        Add(_reconnects, 1, [_cluster, new(SwarmDiagnostics.EngineAddressTag, address)]);
        Record(_outageDuration, outage, [_cluster]);
    }

    /// <summary>An engine sent an event.</summary>
    public void EngineEventReceived(string type) => Add(_eventsReceived, 1, [_cluster, new(SwarmDiagnostics.EventTypeTag, type)]);

    /// <summary>An event of an engine was dropped.</summary>
    public void EngineEventDropped(string address) => Add(_engineEventsDropped, 1, [_cluster, new(SwarmDiagnostics.EngineAddressTag, address)]);

    /// <summary>A subscriber missed an event.</summary>
    public void SubscriberEventDropped() => Add(_subscriberEventsDropped, 1, [_cluster]);

    /// <summary>The fetching of an image has ended.</summary>
    public void PullEnded(string? errorType)
    {
        var tags = new TagList { _cluster };
        AddUnlessNull(ref tags, SwarmDiagnostics.ErrorTypeTag, errorType);
        Add(_pulls, 1, tags);
    }

    /// <summary>A container nobody knows of was removed.</summary>
    public void OrphanRemoved() => Add(_orphans, 1, [_cluster]);

    /// <summary>Discovery has failed.</summary>
    public void DiscoveryFailed() => Add(_discoveryFailures, 1, [_cluster]);

    /// <summary>Something of the host's own that only watches the cluster, or lends it the time, has thrown.</summary>
    public void HostFailed(string part) => Add(_hostFailures, 1, [_cluster, new(SwarmDiagnostics.HostPartTag, part)]);

    /// <summary>Says where the observable instruments find their numbers; they hold on to it until <see cref="StopObserving"/>.</summary>
    /// <param name="engines">Counts engines by status.</param>
    /// <param name="reservations">Counts reservations by stage.</param>
    public void Observe(Func<IEnumerable<KeyValuePair<string, long>>> engines, Func<IEnumerable<KeyValuePair<string, long>>> reservations) =>
        Volatile.Write(ref _observed, new Observed(engines, reservations));

    /// <summary>Lets go of what is observed; the observable instruments have nothing to say from then on.</summary>
    public void StopObserving() => Volatile.Write(ref _observed, null);

    /// <summary>Ends the meter if it is the cluster's own.</summary>
    public void Dispose()
    {
        StopObserving();
        try
        {
            _owned?.Dispose();
        }
        catch (Exception exception)
        {
            _failures?.Note(HostPart.Meter, exception);
        }
    }

    private static MeterOptions Options() => new(SwarmDiagnostics.MeterName) { Version = Version };

    private static Meter? TryMake(IMeterFactory? factory, HostFailures? failures)
    {
        try
        {
            return factory?.Create(Options());
        }
        catch (Exception exception)
        {
            failures?.Note(HostPart.Meter, exception);
            return null;
        }
    }

    private T? TryMake<T>(Func<T> make)
        where T : Instrument
    {
        try
        {
            return make();
        }
        catch (Exception exception)
        {
            _failures?.Note(HostPart.Meter, exception);
            return null;
        }
    }

    private void Add(Counter<long>? counter, long number, in TagList tags)
    {
        try
        {
            counter?.Add(number, tags);
        }
        catch (Exception exception)
        {
            _failures?.Note(HostPart.Meter, exception);
        }
    }

    private void Record(Histogram<double>? histogram, TimeSpan duration, in TagList tags)
    {
        try
        {
            histogram?.Record(duration.TotalSeconds, tags);
        }
        catch (Exception exception)
        {
            _failures?.Note(HostPart.Meter, exception);
        }
    }

    private static void AddUnlessNull(ref TagList tags, string key, string? value)
    {
        if (value is not null)
        {
            tags.Add(key, value);
        }
    }

    private TagList Call(string operation, string? errorType)
    {
        var tags = new TagList { _cluster, new(SwarmDiagnostics.OperationTag, operation) };
        AddUnlessNull(ref tags, SwarmDiagnostics.ErrorTypeTag, errorType);
        return tags;
    }

    private IEnumerable<Measurement<long>> ObserveEngines() => Measure(Volatile.Read(ref _observed)?.Engines, SwarmDiagnostics.EngineStatusTag);

    private IEnumerable<Measurement<long>> ObserveReservations() => Measure(Volatile.Read(ref _observed)?.Reservations, SwarmDiagnostics.ReservationStageTag);

    private IEnumerable<Measurement<long>> Measure(Func<IEnumerable<KeyValuePair<string, long>>>? counts, string tag) =>
        counts is null ? [] : counts().Select(count => new Measurement<long>(count.Value, _cluster, new(tag, count.Key)));

    private sealed record Observed(Func<IEnumerable<KeyValuePair<string, long>>> Engines, Func<IEnumerable<KeyValuePair<string, long>>> Reservations);
}
