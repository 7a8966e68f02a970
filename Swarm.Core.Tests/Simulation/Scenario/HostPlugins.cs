using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Testing;

/// <summary>The host's own parts in the scenario: they do their work, but for the faults that are met.</summary>
internal static class HostPlugins
{
    /// <summary>What a strategy or filter that fails throws: callers get it wrapped, with a name.</summary>
    public const string Fault = "the host's plug-in is wrong";

    /// <summary>Discovery that breaks off, ends, or falls silent and cannot be told to stop.</summary>
    public sealed class Discovery(IDiscoveryBackend inner, HostTrouble trouble) : IDiscoveryBackend
    {
        public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (trouble.Meets(HostFault.DiscoveryThrows, 0.5))
            {
                throw new InvalidOperationException(Fault);
            }

            if (trouble.Meets(HostFault.DiscoveryIsDeaf, 0.3))
            {
                await trouble.DeafWhileOnAsync(); // where engines are nobody else can say
            }

            await foreach (var snapshot in inner.WatchAsync(cancellationToken))
            {
                yield return snapshot;
                if (trouble.Meets(HostFault.DiscoveryThrows, 0.1))
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>A filter that lets everything through, at times after a while in which it holds up its thread.</summary>
    public sealed class Filter(HostTrouble trouble) : IFilter
    {
        public string Name => "scenario";

        public NodeTest? Prepare(PlacementContext context)
        {
            if (trouble.Meets(HostFault.FilterBlocks, 0.03))
            {
                trouble.Block();
            }

            return trouble.Meets(HostFault.FilterThrows, 0.05) ? throw new InvalidOperationException(Fault) : null;
        }

        public IReadOnlyList<string> Describe(PlacementRequest request) => [];
    }

    /// <summary>A strategy as good as spreading; while it scores it lets others run, so that what it decides is overtaken.</summary>
    public sealed class Strategy(HostTrouble trouble, Action interleave) : IPlacementStrategy
    {
        public string Name => "scenario";

        public NodeScore Prepare(PlacementContext context)
        {
            if (trouble.Meets(HostFault.StrategyThrows, 0.05))
            {
                throw new InvalidOperationException(Fault);
            }

            var isFirst = true;
            return node =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    interleave();
                }

                return new PlacementScore(node.Containers.Count);
            };
        }
    }

    /// <summary>Meters that nobody but one listener hears, which fails.</summary>
    public sealed class Meters : IMeterFactory
    {
        private readonly MeterListener _listener = new();
        private readonly List<Meter> _made = [];

        public Meters(HostTrouble trouble)
        {
            void Fail()
            {
                if (trouble.Meets(HostFault.ListenerThrows, 0.1))
                {
                    throw new InvalidOperationException(Fault);
                }
            }

            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Instruments of simulations on other threads are published to this one too.
                bool isOurs;
                lock (_made)
                {
                    isOurs = _made.Contains(instrument.Meter);
                }

                if (isOurs)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Fail());
            _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Fail());
            _listener.Start();
        }

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            lock (_made)
            {
                _made.Add(meter);
            }

            return meter;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _made.ForEach(meter => meter.Dispose());
        }
    }

    /// <summary>Logins for registries, if any.</summary>
    public sealed class Credentials(HostTrouble trouble) : IRegistryCredentials
    {
        public async ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken)
        {
            if (trouble.Meets(HostFault.CredentialsThrow, 0.3))
            {
                throw new InvalidOperationException(Fault);
            }

            if (trouble.Meets(HostFault.CredentialsAreDeaf, 0.2))
            {
                await trouble.DeafAsync();
            }

            return null;
        }
    }

    /// <summary>The library's own monitor, but it breaks off.</summary>
    public sealed class Monitor(IEventsMonitor inner, HostTrouble trouble) : IEventsMonitor
    {
        public async IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var signal in inner.WatchAsync(engine, cancellationToken))
            {
                if (trouble.Meets(HostFault.MonitorThrows, 0.01))
                {
                    throw new InvalidOperationException(Fault);
                }

                yield return signal;
            }
        }
    }

    /// <summary>Keeps the first error that the library logs: those it handles are warnings. And fails as a host's own logger may.</summary>
    public sealed class Log(HostTrouble trouble) : ILoggerFactory, ILogger
    {
        public string? First { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // Texts are made for errors alone, but a logger that fails is asked to log all.
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || trouble.Has(HostFault.LoggerThrows);

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error && exception?.ToString().Contains(Fault, StringComparison.Ordinal) != true)
            {
                First ??= $"{formatter(state, exception)} {exception}";
            }

            if (trouble.Meets(HostFault.LoggerThrows, 0.1))
            {
                throw new InvalidOperationException(Fault);
            }
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
