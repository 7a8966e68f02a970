using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Clustering;

/// <summary>The composition root: which parts a cluster is made of, and what each of them uses.</summary>
internal sealed class ClusterComposition
{
    private readonly string _name;
    private readonly TimeSpan _startupTimeout;
    private readonly SwarmPlugins _plugins;

    // What lives as long as the cluster.
    private readonly HostFailures _failures = new();
    private readonly StateChanges _changes = new();
    private readonly OverlayBook _overlays = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogQueue _loopLog;
    private readonly Lazy<SwarmMetrics> _metrics;
    private readonly ClusterJournal _journal;
    private readonly ClusterEventHub _events;
    private readonly AbandonedOperations _abandoned;
    private readonly CheckedSettings _settings;
    private readonly CurrentRun _current;
    private readonly CallerWork _callers;

    private ClusterComposition(SwarmOptions options, SwarmPlugins plugins)
    {
        (_name, _startupTimeout) = (options.Name, options.StartupTimeout);
        _plugins = plugins;
        _time = GuardedClock.Of(plugins.TimeProvider, _failures);

        // Within the caller's scopes and activities; what loops log, and whatever must not be held up by a logger that blocks, waits in a queue.
        _logger = GuardedLogger.Create(plugins.LoggerFactory, typeof(SwarmCluster).FullName!, _failures);
        _loopLog = new LogQueue(_logger);
        _metrics = new(() => new SwarmMetrics(plugins.MeterFactory, options.Name, _failures));
        _failures.TellTo(_loopLog, _metrics);
        var eventCapacity = Math.Max(1, options.EventBufferCapacity);
        _journal = new ClusterJournal(options.Name, eventCapacity, _metrics, _time, _loopLog);
        _events = new ClusterEventHub(eventCapacity, _journal.EventMissed);
        _abandoned = new AbandonedOperations(_time, _journal.Forgotten);
        _settings = new CheckedSettings(options, plugins, _loopLog);
        _current = new CurrentRun(options.Name);
        _callers = new CallerWork(options.Name, _current, _metrics, _failures, _time);
    }

    /// <summary>Makes a cluster.</summary>
    public static SwarmCluster Compose(SwarmOptions options, SwarmPlugins plugins) => new ClusterComposition(options, plugins).ComposeCluster();

    private SwarmCluster ComposeCluster() => new(
        _name,
        new ClusterContainers(_callers, _current),
        new ClusterEngines(_current, _overlays, _settings, _changes),
        _events,
        _settings,
        _current,
        new ClusterLifetime(_name, _startupTimeout, _settings, ComposeRun, _current, _overlays, _events, _changes, _metrics, _journal, _loopLog, _time));

    // What lives from one start to the next stop.
    private ClusterRun ComposeRun(ClusterSettings settings)
    {
        var limits = settings.Limits;
        var metrics = _metrics.Value;
        var work = new OngoingWork(_name, limits.Call / 2, _time, _loopLog);
        var (verdicts, planVerdicts) = (new VerdictBook(), new VerdictBook());
        var ledger = new ReservationLedger(settings.Overcommit, settings.UnknownHoldTime, _time, settings.Intake.MaxContainers, _journal.Resolved, _abandoned, [verdicts, planVerdicts]);

        // Engines are called by what their registry tells, and what they tell is what sets calls off: the one of the two that comes first is given the other later.
        EngineRegistry registry = null!;
        var engines = new AdmittedEngines(id => registry.Find(id));
        var orphans = new OrphanRemover(engines, _abandoned, work, settings.Timings, limits, settings.Identifiers, _time, metrics, _loopLog);
        var router = new EngineChangeRouter(ledger, _events, _changes, _time, (engineId, container) => orphans.RemoveSoon(engineId, container, LeftBehind.FailedCreate), new EngineJournal(_loopLog, metrics, _time, work.Stopping));
        var monitor = _plugins.EventsMonitor ?? new EventsMonitor(settings.Timings, _time, settings.Identifiers, metrics);
        registry = new EngineRegistry(
            _plugins.Discovery!,
            (address, owner) => new ManagedEngine(address, settings.Connector, monitor, owner, settings.Timings, settings.Intake, _time, settings.Identifiers, metrics, _loopLog, _failures),
            router,
            _overlays,
            settings.Timings,
            settings.EngineRemovalGrace,
            settings.MaxDiscoveredEngines,
            _time,
            settings.Identifiers,
            new DiscoveryJournal(_loopLog, metrics, _time),
            _loopLog,
            _failures);

        var refresher = new ContainerRefresher(engines, work, _logger);
        var calls = new ContainerCalls(engines, refresher);
        var removals = new HostRemovals();
        var remover = new ContainerRemover(calls, refresher, removals, _time);
        var lanes = new PlacementLanes();
        var decider = new PlacementDecider(ledger, settings.Scheduler, verdicts, lanes, settings.Strategy, settings.Identifiers, _time, metrics, _failures, _logger, _loopLog);
        var puller = settings.PullMissingImages ? new ImagePuller(_plugins.RegistryCredentials, limits, _time, metrics, _logger) : null;
        var creator = new ContainerCreator(puller, orphans, work, settings.Rules, limits, _time, _logger);
        var placer = new ContainerPlacer(lanes, settings.Requests, settings.Identity, settings.Identifiers, decider, engines, creator, refresher, _logger);
        var starter = new ContainerStarter(placer, engines, calls, orphans, removals, limits);
        var waiter = new ContainerWaiter(engines, calls, settings.Timings, limits, settings.Identifiers, _time, new ExitCause(engines, calls, limits));
        var output = new JobOutput(engines, calls, limits, _time);
        return new ClusterRun
        {
            Work = work,
            Ledger = ledger,
            PlanVerdicts = planVerdicts,
            Registry = registry,
            Limits = limits,
            Requests = settings.Requests,
            Intake = settings.Intake,
            Finder = new ContainerFinder(ledger, registry.FindAt),
            Calls = calls,
            Placer = placer,
            Starter = starter,
            Remover = remover,
            Changer = new ContainerChanger(ledger, engines, calls, refresher, orphans, settings.Rules, limits, _time, _logger, work.Stopping),
            Waiter = waiter,
            Execs = new ContainerExecs(_callers, engines, calls, limits, _time),
            Archives = new ContainerArchives(engines, calls, limits, _time),
            Jobs = new JobRunner(placer, starter, calls, waiter, output, remover, orphans, removals, limits, _time, work.Stopping),
        };
    }
}
