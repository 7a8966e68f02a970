using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Soak;

/// <summary>Keeps the first errors that are logged, and lets the rest go: a soak is long.</summary>
internal sealed class SoakLog : ILoggerFactory, ILogger
{
    private const int Most = 20;

    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        SecretWatch.Current?.Look(eventId, state, exception, formatter);
        if (IsEnabled(logLevel) && _errors.Count < Most)
        {
            _errors.Enqueue($"{eventId.Name}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
