using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Swarm.Core.Diagnostics;

/// <summary>The host's logger behind a wall: what it throws reaches nobody who logs, and what tenants and engines have said reaches it clean.</summary>
/// <remarks>It is called on the thread that logs, so one that blocks holds that up; no lock is ever held meanwhile.</remarks>
internal sealed class GuardedLogger : ILogger
{
    private readonly ILogger _inner;
    private readonly HostFailures _failures;

    private GuardedLogger(ILogger inner, HostFailures failures)
    {
        _inner = inner;
        _failures = failures;
    }

    /// <summary>Makes a logger of a factory; where that fails there are no logs.</summary>
    public static ILogger Create(ILoggerFactory? factory, string category, HostFailures failures)
    {
        try
        {
            return factory?.CreateLogger(category) is { } logger ? new GuardedLogger(logger, failures) : NullLogger.Instance;
        }
        catch (Exception exception)
        {
            failures.Note(HostPart.Logger, exception);
            return NullLogger.Instance;
        }
    }

    /// <summary>Opens none: nothing of the library asks for scopes.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _inner.IsEnabled(logLevel);
        }
        catch (Exception exception)
        {
            _failures.Note(HostPart.Logger, exception);
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            exception = LoggedException.Of(exception);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values && CleanLogValues.AreNeededFor(values))
            {
                var clean = CleanLogValues.Of(values);
                _inner.Log(logLevel, eventId, clean, exception, static (each, _) => each.ToString());
                return;
            }

            _inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception failure)
        {
            _failures.Note(HostPart.Logger, failure);
        }
    }
}
