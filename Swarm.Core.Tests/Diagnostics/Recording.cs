using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Swarm.Core.Diagnostics;

/// <summary>Keeps the measurements and activities of one cluster, told from others by its name.</summary>
internal sealed class Recording : IDisposable
{
    private readonly string _cluster;
    private readonly ConcurrentQueue<Measured> _measurements = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _metrics;
    private readonly ActivityListener _listener;

    public Recording(string cluster)
    {
        _cluster = cluster;
        _metrics = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == SwarmDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _metrics.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwarmDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Measured> Measurements => [.. _measurements];

    public IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    /// <summary>Gets the activities of the cluster's operations and all within them, in the order in which they ended.</summary>
    public IReadOnlyList<Activity> Activities
    {
        get
        {
            var all = _activities.ToArray();
            var roots = all.Where(each => _cluster.Equals(each.GetTagItem(SwarmDiagnostics.ClusterTag))).Select(each => each.SpanId).ToHashSet();
            return [.. all.Where(each => IsWithin(each, roots))];
        }
    }

    public IReadOnlyList<Measured> Of(string instrument) => [.. _measurements.Where(each => each.Instrument == instrument)];

    public long Sum(string instrument) => (long)Of(instrument).Sum(each => each.Value);

    /// <summary>Asks the observable instruments, and returns what they say now.</summary>
    public IReadOnlyList<Measured> Observe(string instrument)
    {
        var before = Of(instrument).Count;
        _metrics.RecordObservableInstruments();
        return [.. Of(instrument).Skip(before)];
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _listener.Dispose();
    }

    private static bool IsWithin(Activity activity, HashSet<ActivitySpanId> roots)
    {
        for (var each = activity; each is not null; each = each.Parent)
        {
            if (roots.Contains(each.SpanId))
            {
                return true;
            }
        }

        return false;
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value, StringComparer.Ordinal);
        if (all.GetValueOrDefault(SwarmDiagnostics.ClusterTag) == _cluster)
        {
            _instruments[instrument.Name] = instrument;
            _measurements.Enqueue(new Measured(instrument.Name, value, all));
        }
    }

    internal sealed record Measured(string Instrument, double Value, Dictionary<string, string?> Tags)
    {
        public string? this[string tag] => Tags.GetValueOrDefault(tag);
    }
}
