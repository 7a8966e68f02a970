using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Clustering;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Builders;

/// <summary>What the stories of a cluster use, without a cluster: one engine in memory that nobody follows. What the ledger and its state show of it is what was looked at.</summary>
internal sealed class StoryWorld : IDisposable
{
    private readonly TappedEngine _tap;
    private EngineState _state;
    private long _position;

    public StoryWorld()
    {
        Host = new InMemoryEngine(TestCluster.Host(0, Time));
        _tap = new TappedEngine(Host.Local);
        Engine = new FollowedEngine { Io = _tap, OnRefresh = RefreshAsync };
        _state = new EngineState { Address = Host.Address };
        Ledger = new ReservationLedger(0, TimeSpan.FromSeconds(30), Time, abandoned: Abandoned);
        Apply(new EngineSignal.Described(new EngineSpecs { DaemonId = FollowedEngine.Id, Name = "engine-0", MemoryBytes = 1 << 30, NanoCpus = 4 * ResourceVector.NanoCpusPerCpu }));
        Apply(new EngineSignal.Admitted(FollowedEngine.Id));
        Apply(new EngineSignal.Recovered());
        Work = new OngoingWork("test", TimeSpan.FromSeconds(5), Time, NullLogger.Instance);
        Engines = new AdmittedEngines(id => HasLeft ? null : Engine.Find(id));
        Refresher = new ContainerRefresher(Engines, Work, NullLogger.Instance);
        Calls = new ContainerCalls(Engines, Refresher);
        Orphans = new OrphanRemover(Engines, Abandoned, Work, Timings, Limits, Identifiers, Time, Metrics, Logs.CreateLogger(""));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InMemoryEngine Host { get; }

    public TappedEngine Tap => _tap;

    public FollowedEngine Engine { get; }

    /// <summary>Gets what is logged of containers that were left behind.</summary>
    public RecordingLoggerFactory Logs { get; } = new();

    /// <summary>Gets or sets whether the engine takes part no more.</summary>
    public bool HasLeft { get; set; }

    public AbandonedOperations Abandoned { get; } = new(TimeProvider.System);

    public ReservationLedger Ledger { get; }

    public OngoingWork Work { get; }

    public AdmittedEngines Engines { get; }

    public ContainerRefresher Refresher { get; }

    public ContainerCalls Calls { get; }

    public OrphanRemover Orphans { get; }

    public HostRemovals Removals { get; } = new();

    public EngineTimings Timings { get; } = new();

    public CallLimits Limits { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));

    public IdentifierSource Identifiers { get; } = IdentifierSource.Create(1);

    public SwarmMetrics Metrics { get; } = new(factory: null, nameof(StoryWorld));

    public NodeView Node => Ledger.Snapshot.Nodes.Single();

    /// <summary>Lets the next call of an operation fail before it is made.</summary>
    public void Fail(string operation, EngineException failure) => Engine.OnCall = (asked, _) =>
    {
        if (asked != operation)
        {
            return Task.CompletedTask;
        }

        Engine.OnCall = (_, _) => Task.CompletedTask;
        return Task.FromException(failure);
    };

    /// <summary>Gives the ID of the first container whose removal reaches the engine.</summary>
    public Task<string> Removed()
    {
        var removed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _tap.OnRemove = (id, _) =>
        {
            removed.TrySetResult(id);
            return Task.CompletedTask;
        };
        return removed.Task;
    }

    /// <summary>Makes a container on the engine, and lets the state show it.</summary>
    public async Task<ClusterContainer> CreateAsync(ContainerSpec spec, bool isStarted = false)
    {
        var id = (await Host.Local.Containers.CreateAsync(spec, CancellationToken.None)).Id;
        if (isStarted)
        {
            await Host.Local.Containers.StartAsync(id, CancellationToken.None);
        }

        await RefreshAsync(id, CancellationToken.None);
        return new ClusterContainer(FollowedEngine.Id, "engine-0", Engine.State.FindContainer(id)!);
    }

    /// <summary>Lets the state show a container otherwise than it is.</summary>
    public void Show(ContainerView container) => Apply(new EngineSignal.ContainerRead(container, ++_position));

    /// <summary>Lists what is on the engine.</summary>
    public async Task<ImmutableArray<string>> ListAsync() => [.. (await Host.Local.Containers.ListAsync(CancellationToken.None)).Select(each => each.Id)];

    /// <summary>Reads a container, as the loop of an engine does that is asked to.</summary>
    public async Task<ContainerLook> RefreshAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            Apply(new EngineSignal.ContainerRead((await Host.Local.Containers.InspectAsync(id, cancellationToken)).View, ++_position));
            return ContainerLook.There;
        }
        catch (EngineApiException)
        {
            Apply(new EngineSignal.ContainerGone(id, ++_position));
            return ContainerLook.Gone;
        }
    }

    public void Dispose()
    {
        Work.Dispose();
        Metrics.Dispose();
    }

    private void Apply(EngineSignal signal)
    {
        var transition = _state.Apply(signal);
        _state = Engine.State = transition.After;
        Ledger.ApplyChange(transition);
    }
}
