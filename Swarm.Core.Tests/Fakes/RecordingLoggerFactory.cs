using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Fakes;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory
{
    private readonly ConcurrentQueue<(string Category, string? Event, Exception? Exception)> _entries = new();

    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Gets what is logged as a host would write it, exceptions included.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public IReadOnlyCollection<(string Category, string? Event, Exception? Exception)> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries, _lines);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<(string Category, string? Event, Exception? Exception)> entries, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            SecretWatch.Current?.Look(eventId, state, exception, formatter);
            entries.Enqueue((category, eventId.Name, exception));
            lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
