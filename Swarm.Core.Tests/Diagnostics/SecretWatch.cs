using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Diagnostics;

/// <summary>Listens to all the library says of itself, in logs, errors, activities and metrics, and keeps where a secret was in it.</summary>
internal sealed class SecretWatch : ILoggerFactory
{
    private readonly string _secret;
    private readonly ConcurrentDictionary<string, bool> _leaks = new(StringComparer.Ordinal);
    private ActivityListener _activities;
    private readonly MeterListener _metrics;
    private int _logs;
    private int _errors;
    private int _ended;
    private int _measurements;

    public SecretWatch(string secret)
    {
        _secret = secret;
        _activities = Listen();
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
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Look(instrument, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Look(instrument, tags));
        _metrics.Start();
        AppDomain.CurrentDomain.FirstChanceException += Look;
    }

    /// <summary>Gets or sets the watch over the whole run, if there is one.</summary>
    public static SecretWatch? Current { get; set; }

    /// <summary>Gets where the secret was found.</summary>
    public IReadOnlyList<string> Leaks => [.. _leaks.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets how much was looked at: a watch that sees nothing finds nothing.</summary>
    public (int Logs, int Errors, int Activities, int Measurements) Seen => (_logs, _errors, _ended, _measurements);

    /// <summary>Returns the leaks and forgets them.</summary>
    public IReadOnlyList<string> TakeLeaks()
    {
        var leaks = Leaks;
        foreach (var leak in leaks)
        {
            _leaks.TryRemove(leak, out _);
        }

        return leaks;
    }

    /// <summary>Asks the observable instruments for their numbers.</summary>
    public void Collect() => _metrics.RecordObservableInstruments();

    /// <summary>Listens to no activities until the result is disposed of: for tests of what happens when nobody does.</summary>
    public IDisposable LeaveActivities()
    {
        _activities.Dispose();
        return new Pause(this);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Look;
        _activities.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Looks at one log entry.</summary>
    public void Look<TState>(EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _logs);
        var where = $"log event {eventId.Id} {eventId.Name}";
        Check(where, formatter(state, exception));
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (key, value) in values)
            {
                Check($"{where}, value {key}", value);
            }
        }

        for (var each = exception; each is not null; each = each.InnerException)
        {
            Check($"{where}, exception", each.ToString());
            Check(where, each);
        }
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwarmDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Look,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private void Look(Activity activity)
    {
        Interlocked.Increment(ref _ended);
        var where = $"activity {activity.OperationName}";
        Check(where, activity.DisplayName);
        Check(where, activity.StatusDescription);
        foreach (var (key, value) in activity.TagObjects.Concat(activity.Events.SelectMany(each => each.Tags)))
        {
            Check($"{where}, tag {key}", value);
        }
    }

    private void Look(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Interlocked.Increment(ref _measurements);
        foreach (var (key, value) in tags)
        {
            if (value is string text && text.Contains(_secret, StringComparison.Ordinal))
            {
                _leaks[$"metric {instrument.Name}, tag {key}"] = true;
            }
        }
    }

    // Called on every throw in the process, before anybody catches: also what is never shown must not carry the secret.
    private void Look(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is SwarmException)
        {
            Interlocked.Increment(ref _errors);
            for (var each = thrown.Exception; each is not null; each = each.InnerException)
            {
                Check("error thrown", each);
            }
        }
    }

    private void Check(string where, Exception exception)
    {
        where = $"{where}, {exception.GetType().Name}";
        Check(where, exception.Message);
        foreach (DictionaryEntry data in exception.Data)
        {
            Check($"{where}, data {data.Key}", data.Value);
        }
    }

    private void Check(string where, object? said)
    {
        if (said?.ToString()?.Contains(_secret, StringComparison.Ordinal) == true)
        {
            _leaks[where] = true;
        }
    }

    private sealed class Pause(SecretWatch watch) : IDisposable
    {
        public void Dispose() => watch._activities = watch.Listen();
    }

    private sealed class Logger(SecretWatch watch, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            watch.Check($"log scope of {category}", state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            watch.Look(eventId, state, exception, formatter);
    }
}
