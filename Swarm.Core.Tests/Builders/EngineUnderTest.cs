using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Builders;

/// <summary>The loop of one engine in memory, in virtual time, with everything around it in the hands of the test: its events come from nowhere else.</summary>
internal sealed class EngineUnderTest : IEngineOwner, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ContainerChange> _changes = [];
    private readonly List<string> _cameAndWent = [];
    private readonly List<EngineStatus> _statuses = [];
    private readonly TappedConnector _connector;
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(EngineUnderTest));
    private int _readWhole;
    private long _moment;
    private int _whole;

    public EngineUnderTest(EngineTimings? timings = null, EngineIntake? intake = null)
    {
        Intake = intake ?? new EngineIntake(new EngineLimits());
        Host = new InMemoryEngine(TestCluster.Host(0, Time));
        _connector = new TappedConnector(new InMemoryEngines(Host));
        Engine = new ManagedEngine(Host.Address, _connector, Monitor, this, timings ?? new EngineTimings(), Intake, Time, IdentifierSource.Create(1), _metrics, NullLogger.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InMemoryEngine Host { get; }

    public ToldMonitor Monitor { get; } = new();

    public ManagedEngine Engine { get; }

    public EngineIntake Intake { get; }

    public EngineState State => Engine.State;

    public IEngineContainers Containers => Host.Local.Containers;

    /// <summary>The connection of the loop.</summary>
    public TappedEngine Tap => _connector.Engines[^1];

    /// <summary>Sets what is done with the connection of the loop before it is used.</summary>
    public Action<TappedEngine> Connected
    {
        set => _connector.OnConnected = value;
    }

    /// <summary>Gets or sets what the decision on the engine waits for.</summary>
    public Task Admission { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what is done with each change before it is taken note of.</summary>
    public Action<EngineTransition> OnPublish { get; set; } = _ => { };

    /// <summary>Gets how often the whole state was given instead of a change.</summary>
    public int WholeCount => Volatile.Read(ref _whole);

    /// <summary>How often the engine was read whole.</summary>
    public int ReadWholeCount => Volatile.Read(ref _readWhole);

    public IReadOnlyList<ContainerChange> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    public int CameAndWentCount
    {
        get
        {
            lock (_gate)
            {
                return _cameAndWent.Count;
            }
        }
    }

    public IReadOnlyList<string> CameAndWent
    {
        get
        {
            lock (_gate)
            {
                return [.. _cameAndWent];
            }
        }
    }

    /// <summary>What was told last of a container that came and went.</summary>
    public ContainerView? LastCameAndWent { get; private set; }

    /// <summary>Every status the engine has had, in order.</summary>
    public IReadOnlyList<EngineStatus> Statuses
    {
        get
        {
            lock (_gate)
            {
                return [.. _statuses];
            }
        }
    }

    /// <summary>Starts the loop and waits until it has read the engine.</summary>
    public async Task StartAsync()
    {
        Monitor.Tell(new EventsSubscribed());
        Engine.Start();
        await Eventually.IsTrueAsync(() => State.Status == EngineStatus.Healthy, "the engine is read");
    }

    /// <summary>Creates a container on the engine; nobody tells the loop.</summary>
    public async Task<string> CreateAsync(string? name = null) => (await Containers.CreateAsync(TestCluster.Spec(name), CancellationToken.None)).Id;

    /// <summary>Tells the loop of an event of a container.</summary>
    public void Tell(string action, string containerId, params (string Key, string Value)[] attributes) => Monitor.Tell(new EngineEvent(
        EngineEventType.Container,
        action,
        containerId,
        LabelSet.Create(attributes.Select(each => KeyValuePair.Create(each.Key, each.Value))),
        Time.GetUtcNow()));

    public void Lose() => Monitor.Tell(new EventsLost(new EngineUnreachableException(Host.Address, "follow events", "the link is gone"), 1));

    public Task PassTimeUntilAsync(Func<bool> condition, string because, TimeSpan? step = null) =>
        Eventually.IsTrueAsync(condition, because, () => Time.Advance(step ?? TimeSpan.FromMilliseconds(250)));

    public async Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineReading reading, CancellationToken cancellationToken)
    {
        await Admission.WaitAsync(cancellationToken);
        return (reading.Specs.DaemonId, null);
    }

    public long NextMoment() => Interlocked.Increment(ref _moment);

    public void Report(ManagedEngine engine, EngineTransition transition)
    {
        OnPublish(transition);
        lock (_gate)
        {
            _changes.AddRange(transition.Containers);
            if (transition.Before.Status != transition.After.Status)
            {
                _statuses.Add(transition.After.Status);
            }
        }
    }

    void IEngineOwner.ReportWhole(ManagedEngine engine) => Interlocked.Increment(ref _whole);

    void IEngineOwner.ShareFell() => Engine.ShrinkIfOver();

    public EngineOverlay ResolveOverlay(EngineAddress address, string id, string name, EngineCertificate? certificate) => EngineOverlay.Empty;

    public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete) => Interlocked.Increment(ref _readWhole);

    public ImmutableArray<string> AwaitedContainers(ManagedEngine engine) => [];

    public ImmutableArray<string> UnshownContainers(ManagedEngine engine, long startedTimestamp) => [];

    void IEngineOwner.CameAndWent(ManagedEngine engine, ContainerView container)
    {
        lock (_gate)
        {
            _cameAndWent.Add(container.Id);
            LastCameAndWent = container;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _metrics.Dispose();
    }
}
