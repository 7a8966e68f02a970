using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>All the parts that a host can bring itself.</summary>
internal static class HostParts
{
    public static IReadOnlyList<HostPart> All { get; } =
    [
        new LoggerPart(),
        new LoggerFactoryPart(),
        new MeterPart(),
        new MeterFactoryPart(),
        new ActivityPart(),
        new ClockPart(),
        new DiscoveryPart(),
        new DiscoveryTokenPart(),
        new ConnectorPart(),
        new EnginePart("an engine's answers", HostPart.All, (engine, mischief) =>
        {
            engine.OnPing = _ => mischief.ActAsync();
            engine.OnInspect = (_, _) => mischief.ActAsync();
            engine.OnList = async (listed, _) =>
            {
                await mischief.ActAsync();
                return listed;
            };
        }),
        new EnginePart("an engine's events", HostPart.All, (engine, mischief) => engine.OnReadEvent = mischief.ActAsync),
        new EnginePart("an engine's end", HostPart.All, (engine, mischief) => engine.OnDispose = mischief.ActAsync) { IsForStop = true },
        new EnginePart("an engine's token", [Misdeed.Throws, Misdeed.Blocks], (engine, mischief) => engine.OnPing = mischief.ActOnAsync),
        new MonitorPart(),
        new CredentialsPart(),
        new FilterPart(),
        new StrategyPart(),
    ];

    public static HostPart Named(string name) => All.Single(part => part.Name == name);

    private static bool IsFirst(EngineAddress address) => address == TestCluster.AddressOf(0);

    private sealed record LoggerPart() : HostPart("logger", Misdeed.Throws, Misdeed.Blocks)
    {
        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with { LoggerFactory = new Factory(mischief) };

        private sealed class Factory(Mischief mischief) : ILoggerFactory, ILogger
        {
            public ILogger CreateLogger(string categoryName) => this;

            public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => throw new NotSupportedException();

            // That of a caller is a caller's: what blocks there holds that caller up.
            public bool IsEnabled(LogLevel logLevel) => mischief.Misdeed == Misdeed.Throws || Activity.Current is null;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => mischief.Act();

            public void Dispose()
            {
            }
        }
    }

    private sealed record LoggerFactoryPart : HostPart
    {
        public LoggerFactoryPart()
            : base("logger factory", Misdeed.Throws) => IsForStart = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with { LoggerFactory = new Factory(mischief) };

        private sealed class Factory(Mischief mischief) : ILoggerFactory
        {
            public ILogger CreateLogger(string categoryName)
            {
                mischief.Act();
                return Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
            }

            public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

            public void Dispose()
            {
            }
        }
    }

    private sealed record MeterPart() : HostPart("listener to metrics", Misdeed.Throws, Misdeed.Blocks)
    {
        public override IDisposable Listen(string cluster, Mischief mischief)
        {
            var listener = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Meter.Name == SwarmDiagnostics.MeterName)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Hear(tags));
            listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Hear(tags));
            listener.Start();
            return listener;

            // One that blocks does so with what is told of engine-0: that holds up its loop.
            void Hear(ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                var (isOurs, isFirst) = (false, false);
                foreach (var tag in tags)
                {
                    isOurs |= tag.Key == SwarmDiagnostics.ClusterTag && (string?)tag.Value == cluster;
                    isFirst |= tag.Key == SwarmDiagnostics.EngineAddressTag && (string?)tag.Value == TestCluster.AddressOf(0).ToString();
                }

                if (isOurs && (isFirst || mischief.Misdeed == Misdeed.Throws))
                {
                    mischief.Act();
                }
            }
        }
    }

    private sealed record MeterFactoryPart : HostPart
    {
        public MeterFactoryPart()
            : base("meter factory", Misdeed.Throws) => IsForStart = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with { MeterFactory = new Factory(mischief) };

        private sealed class Factory(Mischief mischief) : IMeterFactory
        {
            private readonly List<Meter> _made = [];

            public Meter Create(MeterOptions options)
            {
                mischief.Act();
                var meter = new Meter(options);
                _made.Add(meter);
                return meter;
            }

            public void Dispose() => _made.ForEach(meter => meter.Dispose());
        }
    }

    // Listeners to activities are those of the whole process: it does wrong only with what belongs to the test's own.
    private sealed record ActivityPart() : HostPart("listener to activities", Misdeed.Throws)
    {
        public override IDisposable Listen(string cluster, Mischief mischief)
        {
            var trace = Activity.Current!.TraceId;
            var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SwarmDiagnostics.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) => ActOn(options.Parent.TraceId) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
                ActivityStarted = activity => ActOn(activity.TraceId),
                ActivityStopped = activity => ActOn(activity.TraceId),
            };
            ActivitySource.AddActivityListener(listener);
            return listener;

            // Each of the three is let through at times, or the next would never be asked.
            bool ActOn(ActivityTraceId id)
            {
                if (id == trace && mischief.Count % 2 == 0)
                {
                    mischief.Act();
                }

                return id == trace;
            }
        }
    }

    private sealed record ClockPart() : HostPart("clock", Misdeed.Throws)
    {
        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with { TimeProvider = new Clock(plugins.TimeProvider!, mischief) };

        // It fails every other time, so that virtual time goes on.
        private sealed class Clock(TimeProvider inner, Mischief mischief) : TimeProvider
        {
            private int _asked;

            public override long TimestampFrequency => inner.TimestampFrequency;

            public override long GetTimestamp()
            {
                Fail();
                return inner.GetTimestamp();
            }

            public override DateTimeOffset GetUtcNow()
            {
                Fail();
                return inner.GetUtcNow();
            }

            public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            {
                Fail();
                return inner.CreateTimer(callback, state, dueTime, period);
            }

            private void Fail()
            {
                if (Interlocked.Increment(ref _asked) % 2 == 0)
                {
                    mischief.Act();
                }
            }
        }
    }

    private sealed record DiscoveryPart : HostPart
    {
        public DiscoveryPart()
            : base("discovery", All) => StopsDiscovery = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief)
        {
            var inner = plugins.Discovery!;
            return plugins with { Discovery = new DelegateDiscovery((_, token) => WatchAsync(inner, mischief, token)) };
        }

        private static async IAsyncEnumerable<DiscoverySnapshot> WatchAsync(IDiscoveryBackend inner, Mischief mischief, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await mischief.ActAsync();
            await foreach (var snapshot in inner.WatchAsync(cancellationToken))
            {
                await mischief.ActAsync();
                yield return snapshot;
            }
        }
    }

    private sealed record DiscoveryTokenPart : HostPart
    {
        public DiscoveryTokenPart()
            : base("discovery's token", Misdeed.Throws, Misdeed.Blocks) => IsForStop = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief)
        {
            var inner = plugins.Discovery!;
            return plugins with
            {
                Discovery = new DelegateDiscovery((_, token) =>
                {
                    token.Register(mischief.Act);
                    return inner.WatchAsync(token);
                }),
            };
        }
    }

    private sealed record ConnectorPart : HostPart
    {
        public ConnectorPart()
            : base("connector", All) => IsForStart = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief)
        {
            var inner = plugins.Connector!;
            return plugins with
            {
                Connector = new DelegateConnector(async (address, token) =>
                {
                    if (IsFirst(address))
                    {
                        await mischief.ActAsync();
                    }

                    return await inner.ConnectAsync(address, token);
                }),
            };
        }
    }

    private sealed record EnginePart(string Name, Misdeed[] Misdeeds, Action<TappedEngine, Mischief> Tap) : HostPart(Name, Misdeeds)
    {
        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief)
        {
            ((TappedConnector)plugins.Connector!).OnConnected += engine =>
            {
                if (IsFirst(engine.Address))
                {
                    Tap(engine, mischief);
                }
            };
            return plugins;
        }
    }

    private sealed record MonitorPart() : HostPart("events monitor", All)
    {
        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) =>
            plugins with { EventsMonitor = new Monitor(new EventsMonitor(new EngineTimings(), plugins.TimeProvider!, Runtime.IdentifierSource.Create(1)), mischief) };

        private sealed class Monitor(IEventsMonitor inner, Mischief mischief) : IEventsMonitor
        {
            public async IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await foreach (var signal in inner.WatchAsync(engine, cancellationToken))
                {
                    if (IsFirst(engine.Address))
                    {
                        await mischief.ActAsync();
                    }

                    yield return signal;
                }
            }
        }
    }

    private sealed record CredentialsPart() : HostPart("credentials", All)
    {
        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with { RegistryCredentials = new Credentials(mischief) };

        private sealed class Credentials(Mischief mischief) : IRegistryCredentials
        {
            public async ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken)
            {
                await mischief.ActAsync();
                return null;
            }
        }
    }

    private sealed record FilterPart : HostPart
    {
        public FilterPart()
            : base("filter", Misdeed.Throws, Misdeed.Blocks) => StopsPlacement = true;

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with
        {
            Filters =
            [
                new TestFilter("own", _ => node =>
                {
                    mischief.Act();
                    return null;
                }),
            ],
        };
    }

    private sealed record StrategyPart : HostPart
    {
        public StrategyPart()
            : base("strategy", Misdeed.Throws, Misdeed.Blocks) => StopsPlacement = true;

        public override void Configure(SwarmOptions options) => options.Strategy = "own";

        public override SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins with
        {
            Strategies =
            [
                new TestStrategy("own", _ =>
                {
                    mischief.Act();
                    return 0;
                }),
            ],
        };
    }
}
