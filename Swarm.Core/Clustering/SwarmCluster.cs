using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Makes clusters: the composition root, for hosts with and without dependency injection.</summary>
/// <remarks>
/// Dispose of a cluster with <c>await using</c>. The synchronous dispose is for containers of services that know no other: it begins the
/// stop without waiting for its end, because to block a thread of the host could deadlock it.
/// </remarks>
public sealed partial class SwarmCluster : ICluster, IDisposable
{
    // How long a stop waits for a logger that blocks to take its last words.
    private static readonly TimeSpan _flushLimit = TimeSpan.FromSeconds(1);

    private readonly SwarmOptions _options;
    private readonly SwarmPlugins _plugins;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogQueue _loopLog;
    private readonly AsyncSemaphore _lifetime = new(1);
    private readonly ClusterEventHub _events;
    private readonly Lazy<SwarmMetrics> _metrics;
    private readonly LogThrottle _lagLog;
    private readonly LogThrottle _forgottenLog;
    private readonly Lazy<(ClusterSettings? Settings, InvalidOptionsException? Mistakes)> _settings;
    private Run? _run;
    private bool _disposed;

    private SwarmCluster(SwarmOptions options, SwarmPlugins plugins)
    {
        _options = options;
        _plugins = plugins;
        _time = GuardedClock.Of(plugins.TimeProvider, Failures);
        _logger = GuardedLogger.Create(plugins.LoggerFactory, typeof(SwarmCluster).FullName!, Failures);
        _loopLog = new LogQueue(_logger);
        _events = new ClusterEventHub(Math.Max(1, options.EventBufferCapacity), NoteDropped);
        _metrics = new(() => new SwarmMetrics(plugins.MeterFactory, options.Name, Failures));
        Failures.TellTo(_loopLog, _metrics);
        _lagLog = new LogThrottle(_time, _lagLogInterval);
        _forgottenLog = new LogThrottle(_time, _lagLogInterval);
        Abandoned = new AbandonedOperations(_time, NoteForgotten);
        _settings = new(() => ClusterSettings.Read(options, plugins));
        Containers = new ClusterContainers(this);
        Engines = new ClusterEngines(this);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public IClusterContainers Containers { get; }

    /// <inheritdoc/>
    public IClusterEngines Engines { get; }

    /// <inheritdoc/>
    public IClusterEvents Events => _events;

    /// <inheritdoc/>
    public ClusterSnapshot Snapshot => Volatile.Read(ref _run)?.Ledger.Snapshot ?? new ClusterSnapshot(0, NodeSet.Empty);

    internal SwarmOptions Options => _options;

    internal IRegistryCredentials? RegistryCredentials => _plugins.RegistryCredentials;

    internal TimeProvider Time => _time;

    /// <summary>Gets where to log what happens on behalf of a caller, within the caller's scopes and activities.</summary>
    internal ILogger Logger => _logger;

    /// <summary>Gets where loops log, and whatever else must not be held up by a logger that blocks.</summary>
    internal ILogger LoopLogger => _loopLog;

    internal StateChanges Changes { get; } = new();

    internal OverlayBook Overlays { get; } = new();

    internal AbandonedOperations Abandoned { get; }

    /// <summary>Makes a cluster. It does nothing until it is started; options are checked then.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="plugins">What the host brings itself.</param>
    /// <returns>The cluster; dispose of it to stop it.</returns>
    public static SwarmCluster Create(SwarmOptions options, SwarmPlugins plugins)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plugins);
        return new SwarmCluster(options, plugins);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => CallerContext.LeaveAsync(async () =>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var (run, isNew) = await BeginRunAsync(await PrepareAsync(cancellationToken), cancellationToken);
        try
        {
            await WaitForEnginesAsync(run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (isNew)
            {
                await StopOnceAsync(run);
            }

            throw;
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!ReferenceEquals(Volatile.Read(ref _run), run))
        {
            throw new OperationCanceledException($"Cluster '{Name}' was stopped while it started.");
        }
    });

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        CallerContext.LeaveAsync(() => StopOnceAsync().WaitAsync(cancellationToken));

    /// <inheritdoc/>
    public PlacementResult Plan(ContainerConfig config, PlacementOptions? options = null) => Plan(config, Snapshot, options);

    /// <inheritdoc/>
    public PlacementResult Plan(ContainerConfig config, ClusterSnapshot snapshot, PlacementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(snapshot);
        var settings = Settings;
        var request = settings.Requests.Create(config, options);
        return settings.Scheduler.Place(request, snapshot.Nodes, settings.PlanSeed);
    }

    /// <inheritdoc/>
    public ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, PlacementOptions? options = null) => PlanInOrder(configs, Snapshot, options);

    /// <inheritdoc/>
    public ImmutableArray<PlacementResult> PlanInOrder(IEnumerable<ContainerConfig> configs, ClusterSnapshot snapshot, PlacementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configs);
        ArgumentNullException.ThrowIfNull(snapshot);
        var results = ImmutableArray.CreateBuilder<PlacementResult>();
        var nodes = snapshot.Nodes;
        foreach (var config in configs)
        {
            var result = Plan(config, snapshot with { Nodes = nodes }, options);
            results.Add(result);
            if (result.IsPlaced)
            {
                nodes = nodes.With(result.Node.WithPromised(result.Request.ToPromised()));
            }
        }

        return results.ToImmutable();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CallerContext.LeaveAsync(async () =>
        {
            _disposed = true;
            await StopOnceAsync();
            _events.Close();
            await EndMetricsAsync();
        });
    }

    void IDisposable.Dispose()
    {
        _ = DisposeUnattendedAsync();

        async Task DisposeUnattendedAsync()
        {
            try
            {
                await DisposeAsync();
            }
            catch (Exception exception)
            {
                Log.StopFailed(_loopLog, exception, Name);
            }
        }
    }

    /// <summary>Gets the options as checked, on first use.</summary>
    /// <exception cref="InvalidOptionsException">They are wrong.</exception>
    internal ClusterSettings Settings => _settings.Value.Settings ?? throw _settings.Value.Mistakes!;

    /// <summary>Gets what a started cluster works with.</summary>
    /// <exception cref="InvalidOperationException">The cluster is not started.</exception>
    internal Run Running
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Volatile.Read(ref _run) ?? throw new InvalidOperationException($"Cluster '{Name}' is not started.");
        }
    }

    /// <summary>Gets the same; <see langword="null"/> when the cluster is not started.</summary>
    internal Run? RunningOrNull => Volatile.Read(ref _run);

    /// <summary>Takes in what the options say of engines, the first time.</summary>
    internal void SeedOverlays() => Overlays.Seed(Settings.Overlays);

    /// <summary>Does a caller's work on a started cluster. A stop ends it, and waits for its end.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, or the cluster was stopped meanwhile.</exception>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="operation">What it is, for metrics and activities: a verb and a noun.</param>
    internal Task<T> WorkAsync<T>(Func<Run, CancellationToken, Task<T>> work, CancellationToken cancellationToken, [CallerMemberName] string operation = "") =>
        CallerContext.LeaveAsync(() => ObserveAsync(operation, () => WorkOnRunAsync(work, cancellationToken)));

    /// <summary>Does a caller's work that gives no result on a started cluster.</summary>
    /// <inheritdoc cref="WorkAsync{T}"/>
    internal Task WorkAsync(Func<Run, CancellationToken, Task> work, CancellationToken cancellationToken, [CallerMemberName] string operation = "") =>
        WorkAsync(
            async (run, token) =>
            {
                await work(run, token);
                return true;
            },
            cancellationToken,
            operation);

    private async Task<T> WorkOnRunAsync<T>(Func<Run, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var run = Running;
        run.Work.Enter();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Work.Stopping);
            return await work(run, either.Token);
        }
        catch (OperationCanceledException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw run.Work.Stopping.IsCancellationRequested
                ? new OperationCanceledException($"Cluster '{Name}' was stopped meanwhile.", exception, run.Work.Stopping)
                : exception;
        }
        finally
        {
            run.Work.Leave();
        }
    }

    // Plug-ins are asked for their names, and meters made, by the host's own code, which may block.
    private async Task<ClusterSettings> PrepareAsync(CancellationToken cancellationToken)
    {
        var preparing = CallerContext.ElsewhereAsync(
            () =>
            {
                var settings = Settings;
                _ = Metrics;
                return Task.FromResult(settings);
            },
            cancellationToken);
        return await preparing.WaitAsync(_options.StartupTimeout, _time, cancellationToken);
    }

    private async Task WaitForEnginesAsync(Run run, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.StartupTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await run.Registry.WaitForFirstOutcomesAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StartupTimedOut(_loopLog, Name, _options.StartupTimeout);
        }
    }

    // The lifetime is held only while something begins or ends: a stop need not wait for a start that waits for engines.
    private async Task<(Run Run, bool IsNew)> BeginRunAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        await _lifetime.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_run is { } running)
            {
                return (running, false);
            }

            SeedOverlays();
            var run = new Run(this, settings);
            Volatile.Write(ref _run, run);
            run.Registry.Start();
            NoteStarted(run);
            return (run, true);
        }
        finally
        {
            _lifetime.Release();
        }
    }

    private async Task StopOnceAsync(Run? only = null)
    {
        await _lifetime.WaitAsync(CancellationToken.None);
        try
        {
            if (only is null || ReferenceEquals(_run, only))
            {
                await EndRunAsync();
            }
        }
        finally
        {
            _lifetime.Release();
        }
    }

    private async Task EndRunAsync()
    {
        if (Interlocked.Exchange(ref _run, null) is not { } run)
        {
            return;
        }

        try
        {
            Metrics.StopObserving();
            await run.DisposeAsync();
        }
        finally
        {
            Log.Stopped(_loopLog, Name);
            Changes.Signal();
            await _loopLog.FlushAsync(_flushLimit, _time);
        }
    }

    /// <summary>Everything that lives from one start to the next stop.</summary>
    internal sealed class Run : IAsyncDisposable
    {
        public Run(SwarmCluster cluster, ClusterSettings settings)
        {
            var options = cluster._options;
            var plugins = cluster._plugins;
            Work = new OngoingWork(cluster.Name, settings.Timings.CallTimeout / 2, cluster._time, cluster._loopLog);
            Ledger = new ReservationLedger(options.Overcommit, options.UnknownHoldTime, cluster._time, settings.Intake.MaxContainers, cluster.NoteResolved, cluster.Abandoned);
            var monitor = plugins.EventsMonitor ?? new EventsMonitor(settings.Timings, cluster._time, settings.Identifiers, cluster.Metrics);
            var journal = new EngineJournal(cluster._loopLog, cluster.Metrics, cluster._time, Work.Stopping);
            var state = new ClusterState(Ledger, cluster._events, cluster.Changes, cluster._time, RemoveUnwanted, journal);
            Registry = new EngineRegistry(
                plugins.Discovery!,
                (address, owner) => new ManagedEngine(address, settings.Connector, monitor, owner, settings.Timings, settings.Intake, cluster._time, settings.Identifiers, cluster.Metrics, cluster._loopLog, cluster.Failures),
                state,
                cluster.Overlays,
                settings.Timings,
                options.EngineRemovalGrace,
                options.MaxDiscoveredEngines,
                cluster._time,
                settings.Identifiers,
                new DiscoveryJournal(cluster._loopLog, cluster.Metrics, cluster._time),
                cluster._loopLog,
                cluster.Failures);
            Cluster = cluster;
            Engines = new EngineCalls(Registry.Find);
            Refresher = new ContainerRefresher(Engines, Work, cluster._logger);
            Calls = new ContainerCalls(Engines, Refresher);
        }

        public SwarmCluster Cluster { get; }

        public ReservationLedger Ledger { get; }

        public EngineRegistry Registry { get; }

        public PlacementLane Lane { get; } = new();

        /// <summary>Gets whose turn it is among requests that are dear to read or to decide: one of them at a time stands among all others.</summary>
        public PlacementLane DearLane { get; } = new();

        /// <summary>Gets whose turn it is to update a container.</summary>
        public ContainerLanes Updates { get; } = new();

        public OngoingWork Work { get; }

        public EngineCalls Engines { get; }

        public ContainerRefresher Refresher { get; }

        public ContainerCalls Calls { get; }

        /// <summary>Ends all of it: within half of what a call may take what callers and the background have under way, then the engines.</summary>
        public async ValueTask DisposeAsync()
        {
            await Work.EndAsync();
            await Registry.DisposeAsync();
            Work.Dispose();
        }

        // Its create was reported as failed, so nobody knows of it but us.
        private void RemoveUnwanted(string engineId, ContainerView container) =>
            Work.InBackground(cancellationToken => Orphans.RemoveAsync(this, engineId, container.Id, container.Labels.ValueOrEmpty(SwarmLabels.Operation), cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(403, LogLevel.Warning, "Cluster {Name}: not every engine has answered within {Timeout}; going on without.", EventName = "StartupTimedOut")]
        public static partial void StartupTimedOut(ILogger logger, string name, TimeSpan timeout);

        [LoggerMessage(406, LogLevel.Error, "Cluster {Name} could not be stopped in an orderly way.", EventName = "StopFailed")]
        public static partial void StopFailed(ILogger logger, Exception exception, string name);
    }
}
