using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;
using Swarm.Core.Strategies;

namespace Swarm.Core.Testing;

/// <summary>
/// The real cluster over twenty in-memory engines: callers that create, stop and remove, containers that end by themselves, people who use the engines directly, and everything
/// that can go wrong in between. Faults come and go in phases; after each the cluster must be as the engines are.
/// </summary>
internal sealed partial class ClusterScenario : IDisposable
{
    // What the documentation of the options and of the library promises. See docs/simulation.md.
    private static readonly TimeSpan _slack = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _healthyAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _convergedAfter = TimeSpan.FromSeconds(65);

    // A create that nobody waits for any more is given the time that a create may take; its room is held 30 s longer, and until the next list then.
    private static readonly TimeSpan _settledAfter = TimeSpan.FromSeconds(120 + 30 + 65);
    private static readonly TimeSpan _reactsWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _detectedWithin = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _ofMany = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan _stopsWithin = TimeSpan.FromSeconds(2);

    private readonly Simulation _simulation;
    private readonly ScenarioKnobs _knobs;
    private readonly ScenarioCounts _counts;
    private readonly SwarmOptions _options;
    private readonly HostTrouble _trouble;
    private readonly List<Machine> _machines = [];
    private readonly List<Machine> _retired = [];
    private readonly InMemoryDiscovery _discovery = new();
    private readonly HostPlugins.Log _log;
    private readonly HostPlugins.Meters? _meters;
    private readonly List<Follower> _followers = [];
    private readonly ClusterInvariants _invariants;
    private Manager _manager;
    private bool _isDown;
    private bool _isCalm;
    private bool _isOver;
    private int _callsUnderWay;

    private ClusterScenario(Simulation simulation, ScenarioKnobs knobs, ScenarioCounts counts)
    {
        _simulation = simulation;
        _knobs = knobs;
        _counts = counts;
        _trouble = new HostTrouble(simulation, knobs.HostFaults, counts);
        _log = new HostPlugins.Log(_trouble);
        _meters = _trouble.Has(HostFault.ListenerThrows) ? new HostPlugins.Meters(_trouble) : null;
        _options = new SwarmOptions
        {
            Strategy = knobs.Has(Setting.Interleaving) || knobs.HostFaults.Contains(HostFault.StrategyThrows) ? "scenario" : StrategyNames.Spread,
            CpuSharesAsCpus = knobs.Has(Setting.CpuSharesAsCpus),
            CountMemoryReservation = knobs.Has(Setting.CountMemoryReservation),
            Overcommit = knobs.Has(Setting.NoOvercommit) ? 0 : 0.05m,
            SoftRules = knobs.Has(Setting.SoftRulesAsScore) ? SoftRuleMode.MostMet : SoftRuleMode.AllOrNone,
            EventBufferCapacity = knobs.Has(Setting.SmallEventBuffers) ? 8 : 1024,
            PullTimeout = TimeSpan.FromMinutes(2),
            InspectionInterval = _inspectedWithin,
        };
        _invariants = new ClusterInvariants(simulation, _options, _machines, _attempts, _changes, _followers, () => !_isOver && !_isDown) { DiscoveryMayHang = knobs.HostFaults.Contains(HostFault.DiscoveryIsDeaf) };
        for (var i = 0; i < knobs.Engines; i++)
        {
            AddMachine(EngineAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.{i / 250}.0.{(i % 250) + 1}:2375")));
        }

        _manager = NewManager(0);
        _invariants.Manager = _manager;
    }

    private SwarmCluster Cluster => _manager.Cluster;

    // While a filter of the host's holds up its thread, whoever wants to decide next waits, and so on.
    private TimeSpan Slack => _slack + (_trouble.Has(HostFault.FilterBlocks) ? TimeSpan.FromMinutes(1) : TimeSpan.Zero);

    /// <summary>Gets what callers do, by the names it is counted by: a long run must have seen all of it.</summary>
    public static IReadOnlyList<string> Deeds { get; } =
        ["create", "run", "job", "start", "stop", "kill", "remove", "inspect", "rename", "update", "pause", "unpause", "restart", "top", "say", "plan", "plan in order", "forbid engines", "demand of nodes", "exec", "follow log", "subscriber: lagged", "change without an event", "create: crashed", "job: crashed", "job: out of memory", "wait: out of memory", "by hand: out of memory", "by hand: many ports"];

    /// <summary>Runs one seed for a time, with the faults that it draws or with only those named.</summary>
    /// <exception cref="ScenarioFailedException">The library broke a promise.</exception>
    public static SimulationResult Run(long seed, TimeSpan time, ScenarioCounts counts, params string[] faults)
    {
        ScenarioKnobs? knobs = null;
        try
        {
            var result = Simulation.Run(
                seed,
                async simulation =>
                {
                    knobs = ScenarioKnobs.Draw(simulation.Random);
                    knobs = faults.Length > 0 ? knobs.With(faults) : knobs;
                    using var scenario = new ClusterScenario(simulation, knobs, counts);
                    await scenario.RunAsync(time);
                },
                time + TimeSpan.FromHours(12));
            counts.Steps += result.Steps;
            counts.Time += result.Elapsed;
            return result;
        }
        catch (SimulationException exception)
        {
            var lines = exception.Message.Split('\n', 2);
            throw new ScenarioFailedException($"{lines[0]}\nTo repeat it: {ReplayLine(seed, time)}\nThe run: {knobs}\n{lines[^1]}", exception);
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _meters?.Dispose();
    }

    /// <summary>Gives the one line that repeats a run.</summary>
    public static string ReplayLine(long seed, TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture,
        $"SWARM_SIM_SEED={seed} SWARM_SIM_HOURS={time.TotalHours:0.###} dotnet test Swarm.Core.Tests --filter TestCategory=Simulation");

    private async Task RunAsync(TimeSpan time)
    {
        _simulation.AfterEachStep(CheckEachStep);
        time = _knobs.Has(Setting.ThousandEngines) && time > _ofMany ? _ofMany : time;
        await StartManagerAsync();
        await BeCalmAsync();
        var actors = Enumerable.Range(0, _knobs.Actors).Select(_ => _simulation.StartAsync(ActAsync)).ToList();
        while (_simulation.Elapsed < time)
        {
            _isCalm = false;
            _trouble.IsOn = true;
            SetRates(_knobs.Rates);
            var faults = _simulation.StartAsync(InjectAsync);
            await _simulation.DelayAsync(_knobs.FaultPhase);
            _isCalm = true;
            await faults;
            await HealAsync();
            await BeCalmAsync();
        }

        _isOver = true;
        await StopAsync();
        await Task.WhenAll(actors);
        Count();
    }

    private void CheckEachStep()
    {
        _invariants.CheckStep();
        if (_log.First is { } error)
        {
            throw new ViolationException("I6 (no defect is met)", error);
        }
    }

    private Machine AddMachine(EngineAddress address, string? daemonId = null)
    {
        // Shapes of which requests do not fill an even number.
        var random = _simulation.Random;
        var engine = _simulation.AddEngine(new InMemoryEngineOptions
        {
            Address = address,
            DaemonId = daemonId,
            Name = string.Create(CultureInfo.InvariantCulture, $"m{_machines.Count + _retired.Count}"),
            Cpus = random.Next(1, 5),
            MemoryBytes = _knobs.EngineMemory + random.NextInt64(64 << 20),
            Latency = _knobs.Latency,
            Images = [Workload.Image],
            Registry = [Workload.Distant],
            PullTime = TimeSpan.FromSeconds(3),
            RemovalTime = (_machines.Count + _retired.Count) % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(250),
            ClockSkew = _knobs.Has(Setting.ClockSkew) && random.Next(2) == 0 ? TimeSpan.FromHours(12 * ((2 * random.NextDouble()) - 1)) : TimeSpan.Zero,
            Labels = _knobs.Has(Setting.Slots) && random.Next(2) == 0 ? LabelSet.Create(KeyValuePair.Create(SwarmLabels.ContainerSlots, random.Next(4, 20).ToString(CultureInfo.InvariantCulture))) : LabelSet.Empty,
            NamedResources = _knobs.Has(Setting.NamedResources) && random.Next(2) == 0 ? NamedResources.Create(KeyValuePair.Create(Demand.Resource, (long)random.Next(1, 8))) : NamedResources.Empty,
        });
        var machine = new Machine(engine, address);
        _machines.Add(machine);
        _invariants.Watch(machine);
        if (!_discovery.Addresses.Contains(address))
        {
            _discovery.Add(address);
        }

        return machine;
    }

    private Manager NewManager(int generation)
    {
        var process = _simulation.StartProcess();
        var time = new TimerCount(process.Time);
        var connector = new ScenarioConnector(_simulation.Engines, _trouble);
        _options.Seed = _simulation.Random.NextInt64();
        Action interleave = _knobs.Has(Setting.Interleaving) ? () => _simulation.Interleave(4) : () => { };
        var oracle = new DecisionOracle(_options);
        var plugins = new SwarmPlugins
        {
            Discovery = new HostPlugins.Discovery(_discovery, _trouble),
            Connector = connector,
            TimeProvider = time,
            LoggerFactory = _log,
            RegistryCredentials = new HostPlugins.Credentials(_trouble),
            Filters = _trouble.Has(HostFault.FilterThrows) || _trouble.Has(HostFault.FilterBlocks) ? [new HostPlugins.Filter(_trouble)] : [],
            MeterFactory = _meters,
            DecisionObserver = oracle.Compare,
            Strategies = [new HostPlugins.Strategy(_trouble, interleave)],
        };
        if (_trouble.Has(HostFault.MonitorThrows))
        {
            plugins = plugins with { EventsMonitor = new HostPlugins.Monitor(new EventsMonitor(ClusterSettings.Read(_options, plugins).Settings!.Timings, time, IdentifierSource.Create(_options.Seed)), _trouble) };
        }

        return new Manager(generation, _simulation.Elapsed, process, SwarmCluster.Create(_options, plugins), time, connector, oracle);
    }

    private async Task StartManagerAsync()
    {
        var manager = _manager;
        await manager.Process.RunAsync(async () =>
        {
            await manager.Cluster.StartAsync();
            return true;
        });
        for (var i = 0; i < _knobs.Followers; i++)
        {
            // One is as quick as can be.
            var longest = i == 0 ? _knobs.LongestPause : TimeSpan.Zero;
            var follower = new Follower(
                manager.Cluster,
                () => _isCalm || longest == TimeSpan.Zero ? Task.CompletedTask : _simulation.DelayAsync(longest * _simulation.Random.NextDouble()),
                () => _counts.Add("subscriber: lagged"));
            _followers.Add(follower);
            _ = FollowAsync(manager, follower);
        }
    }

    private static async Task FollowAsync(Manager manager, Follower follower)
    {
        try
        {
            await manager.Process.RunAsync(follower.RunAsync);
        }
        catch (SimulationProcessKilledException)
        {
            // It went with its program.
        }
        catch (ObjectDisposedException)
        {
            // It still had events to take when its cluster had been stopped, and wanted to look what they are about.
        }
    }

    // Nothing of it runs on, and what it knew is lost; the next one knows what engines say.
    private async Task CrashManagerAsync()
    {
        if (_isDown || _isOver)
        {
            return;
        }

        _isDown = true;
        _invariants.Manager = null;
        _followers.Clear();
        await _manager.CrashAsync();
        foreach (var machine in _machines.Concat(_retired))
        {
            machine.Overlay = EngineOverlay.Empty;
            machine.Engine.HideContainers(0); // see IsKnown
        }

        await LastAsync(TimeSpan.FromSeconds(30));
        _manager = NewManager(_manager.Generation + 1);
        _invariants.Manager = _manager;
        await StartManagerAsync();
        _isDown = false;
    }

    private void SetRates(EngineFaultRates? rates)
    {
        foreach (var machine in _machines.Concat(_retired))
        {
            machine.Engine.SetFaultRates(rates, _simulation.Random);
        }
    }

    private async Task HealAsync()
    {
        SetRates(null);
        _trouble.IsOn = false;
        _discovery.Recover();
        _discovery.Set(_machines.Select(machine => machine.Address));
        if (_knobs.Rates.LateAnswers > 0)
        {
            // Until then an answer may be under way that knows nothing of what somebody did on the engine just now.
            await _simulation.DelayAsync(_knobs.Rates.LongestDelay);
        }

        var healed = _simulation.Elapsed;
        while (_callsUnderWay > 0 || _jobs.Count > 0)
        {
            await _simulation.DelayAsync(TimeSpan.FromSeconds(1));
            if (_simulation.Elapsed - healed > _convergedAfter)
            {
                EndJobs(healed);
            }
        }

        if (_trouble.Has(HostFault.DiscoveryIsDeaf))
        {
            // Of engines that left while it was deaf it hears only now, and those are followed for their grace time.
            await _simulation.DelayAsync(_options.EngineRemovalGrace + TimeSpan.FromSeconds(2));
        }

        _simulation.Note("healed");
    }

    // Nothing fails and nobody acts: the cluster must come to see the engines as they are, and then keep up with them.
    private async Task BeCalmAsync()
    {
        var healed = _simulation.Elapsed;
        _isCalm = true;
        await UntilAsync(healed + _healthyAfter);
        _invariants.CheckHealthy("after the faults had ended");
        await UntilAsync(healed + _convergedAfter);
        _invariants.CheckWhole("after the faults had ended and everything was listed");
        await _invariants.CheckListedAsync(TimeSpan.FromSeconds(1), "after the faults had ended");
        await UntilAsync(healed + _convergedAfter + _inspectedWithin);
        await _invariants.CheckConvergedAsync(TimeSpan.FromSeconds(1), _convergedAfter, "after the faults had ended and everything was inspected");

        foreach (var machine in _machines)
        {
            machine.Engine.BreakEventStreams();
        }

        await _simulation.DelayAsync(_reactsWithin);
        _invariants.CheckHealthy("after its event stream had broken once");
        _invariants.CheckWhole("after its event stream had broken once");
        await _invariants.CheckConvergedAsync(TimeSpan.FromSeconds(1), _convergedAfter, "after its event stream had broken once");

        // Time for the monitors to take the streams for good again.
        await _simulation.DelayAsync(TimeSpan.FromSeconds(12));
        await CheckOutOfBandAsync();
        await UntilAsync(healed + _settledAfter);
        _invariants.CheckSettled();
        CheckWaits(healed);
        await _invariants.CheckConvergedAsync(TimeSpan.FromSeconds(1), _convergedAfter, "long after the faults had ended");
        await CheckWatchingAsync();
        _counts.Phases++;
    }

    private async Task CheckOutOfBandAsync()
    {
        var machine = _machines[_simulation.Random.Next(_machines.Count)];
        var id = (await machine.Engine.Local.Containers.CreateAsync(Workload.OutOfBand(_simulation.Random, "serve", ""), default)).Id;
        await machine.Engine.Local.Containers.StartAsync(id, default);
        await _simulation.DelayAsync(TimeSpan.FromSeconds(1));
        var seen = Cluster.Engines.List().Single(state => state.Address == machine.Address).FindContainer(id);
        if (seen?.State != ContainerState.Running)
        {
            throw new ViolationException("I4 (convergence)", $"container {id}, started directly on {machine.Engine.Name}, is seen as {seen?.State.ToString() ?? "not there"} a second later.");
        }

        // Stopped first: of what does not run, one event alone says that it is gone.
        await machine.Engine.Local.Containers.KillAsync(id, null, default);
        await _simulation.DelayAsync(TimeSpan.FromSeconds(1));
        await machine.Engine.Local.Containers.RemoveAsync(id, force: false, removeVolumes: true, default);
        await _simulation.DelayAsync(TimeSpan.FromSeconds(1));
        if (Cluster.Engines.List().Single(state => state.Address == machine.Address).FindContainer(id) is not null)
        {
            throw new ViolationException("I4 (convergence)", $"container {id}, removed directly from {machine.Engine.Name}, is still seen a second later.");
        }
    }

    private async Task UntilAsync(TimeSpan moment)
    {
        if (moment > _simulation.Elapsed)
        {
            await _simulation.DelayAsync(moment - _simulation.Elapsed);
        }
    }

    private async Task StopAsync()
    {
        // In the midst of everything, with engines that do not answer.
        _isCalm = false;
        for (var i = 0; i < 4; i++)
        {
            _ = Beside(RunJobAsync);
            _ = Beside(WaitAsync);
        }

        await _simulation.DelayAsync(TimeSpan.FromSeconds(_simulation.Random.NextDouble() * 3));
        foreach (var machine in _machines.Where((_, index) => index % 2 == 0))
        {
            machine.Engine.Hang();
        }

        var calls = Enumerable.Range(0, 10).Select(_ => _simulation.StartAsync(ActOnceAsync)).ToList();
        await _simulation.DelayAsync(TimeSpan.FromSeconds(_simulation.Random.NextDouble() * 5));
        var from = _simulation.Elapsed;
        await _manager.Process.RunAsync(async () =>
        {
            await Cluster.DisposeAsync();
            return true;
        });
        if (_simulation.Elapsed - from > _stopsWithin)
        {
            throw new ViolationException("I6 (termination)", $"the stop took {_simulation.Elapsed - from}.");
        }

        await Task.WhenAll(calls);
        await Task.WhenAll(_beside);

        // What the library gave up on ends on the other side with a round trip.
        await _simulation.DelayAsync(_slack);
        var connections = _machines.Concat(_retired).Sum(machine => machine.Engine.ConnectionCount);
        var streams = _machines.Concat(_retired).Sum(machine => machine.Daemon.Events.RemoteStreamCount);
        var open = _machines.Concat(_retired).Sum(machine => machine.Daemon.Connections.RemoteCount);
        if (connections + streams + open + _manager.Time.Live > 0)
        {
            throw new ViolationException("I5 (no leaks)", $"after the stop there are still {connections} connections, {streams} event streams, {open} other streams and {_manager.Time.Live} timers.");
        }
    }

    private void Count()
    {
        foreach (var setting in _knobs.Settings)
        {
            _counts.Add(setting.ToString());
        }

        foreach (var machine in _machines.Concat(_retired))
        {
            foreach (var fault in Enum.GetValues<EngineFault>())
            {
                _counts.Add(fault.ToString(), machine.Engine.FaultCount(fault));
            }
        }
    }
}
