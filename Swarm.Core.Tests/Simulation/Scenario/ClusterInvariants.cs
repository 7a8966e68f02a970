using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Testing;

/// <summary>Holds the cluster against the engines. Its own arithmetic is independent of the library's, and as plain as can be.</summary>
internal sealed class ClusterInvariants(Simulation simulation, SwarmOptions options, List<Machine> machines, List<Attempt> attempts, List<Change> changes, List<Follower> followers, Func<bool> isRunning)
{
    // How long an answer is awaited in vain, and the room of what may still be made is held, by the documentation of the options.
    private static readonly TimeSpan _removedWithin = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _holdTime = options.UnknownHoldTime;

    /// <summary>Gets whether a host's discovery may hang right after it has lost an engine for a moment: then any engine may have left for as long.</summary>
    public bool DiscoveryMayHang { get; init; }

    private readonly Dictionary<string, NodeView> _seen = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Expectation, TimeSpan> _expected = new();
    private readonly Queue<(Machine Machine, InMemoryContainer Container, bool IsMade)> _changed = new();
    private readonly List<TimeSpan> _crashes = [];

    // Since when the present program knows what an engine holds, by the engine's ID.
    private readonly Dictionary<string, TimeSpan> _knownSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerLife> _lives = new(StringComparer.Ordinal);
    private ClusterSnapshot? _snapshot;
    private Manager? _manager;
    private int _turn;

    /// <summary>Gets or sets the program whose cluster is looked at; <see langword="null"/> while there is none.</summary>
    public Manager? Manager
    {
        get => _manager;
        set
        {
            if (value is null)
            {
                _crashes.Add(simulation.Elapsed);
            }

            _manager = value;
            _snapshot = null;
            _seen.Clear();
            _knownSince.Clear();
        }
    }

    private SwarmCluster Cluster => _manager!.Cluster;

    /// <summary>Looks at what is made on a machine from now on.</summary>
    public void Watch(Machine machine)
    {
        machine.Daemon.Created = container =>
        {
            LifeOf(container).Demand = DemandOf(machine, container);
            _changed.Enqueue((machine, container, true));
        };
        machine.Daemon.Updated = container =>
        {
            NoteUpdate(machine, container);
            _changed.Enqueue((machine, container, false));
        };
        machine.Daemon.Renamed = container =>
        {
            NoteRename(container);
            _changed.Enqueue((machine, container, true));
        };
        machine.Daemon.HasEnded = (container, isRemoved) => LifeOf(container).HasEnded(simulation.Elapsed, isRemoved);
    }

    /// <summary>Gets what really happened to a container; <see langword="null"/> when it never was.</summary>
    public ContainerLife? FindLife(string containerId)
    {
        if (_lives.TryGetValue(containerId, out var life))
        {
            return life;
        }

        return machines.SelectMany(machine => machine.Daemon.Containers).FirstOrDefault(container => container.Id == containerId) is { } found ? LifeOf(found) : null;
    }

    /// <summary>Gets what really happened to the container that is there for an attempt; <see langword="null"/> when there is none.</summary>
    public ContainerLife? FindLife(Attempt attempt) =>
        machines.SelectMany(machine => machine.Daemon.Containers).FirstOrDefault(container => AttemptOf(container) == attempt.Number) is { } found ? LifeOf(found) : null;

    /// <summary>Tells whether a container is on a machine that takes part.</summary>
    public bool IsThere(string containerId) => machines.Exists(machine => machine.Daemon.Containers.Any(container => container.Id == containerId));

    /// <summary>Tells whether the engine that has a container may have left the cluster since a moment.</summary>
    public bool MayHaveLeft(string containerId, TimeSpan since) =>
        machines.Find(machine => machine.Daemon.Containers.Any(container => container.Id == containerId)) is not { } holder || holder.LeftAt >= since;

    /// <summary>Checks what must hold at every moment, as far as anything changed.</summary>
    public void CheckStep()
    {
        if (_manager is not null && Cluster.Snapshot is var snapshot && !ReferenceEquals(snapshot, _snapshot))
        {
            _snapshot = snapshot;
            CheckNodes(snapshot);
        }

        if (_manager?.Oracle.Difference is { } difference)
        {
            throw new ViolationException("I14 (the same decision)", $"what is remembered changes a decision: {difference}");
        }

        while (_changed.TryDequeue(out var changed))
        {
            if (!changed.Machine.IsReplaced)
            {
                CheckHeld(changed.Machine);
                if (changed.IsMade && AttemptOf(changed.Container) is not null && changed.Machine.Daemon.Containers.Contains(changed.Container))
                {
                    CheckPortsAndName(changed.Machine, changed.Container);
                    CheckConditions(changed.Machine, changed.Container);
                }
            }
        }

        while (_expected.TryPeek(out var call, out var due) && (call.HasEnded || due < simulation.Elapsed))
        {
            _expected.Dequeue();
            if (!call.HasEnded)
            {
                throw new ViolationException("I6 (termination)", $"{call.What}, begun at {call.Since:c}, has not ended by {due:c}.");
            }
        }
    }

    /// <summary>Expects a call to end in time; dispose of the result when it has.</summary>
    public IDisposable Expect(string what, TimeSpan bound)
    {
        var call = new Expectation(what, simulation.Elapsed);
        _expected.Enqueue(call, simulation.Elapsed + bound);
        return call;
    }

    /// <summary>A container that was just created can be found at once.</summary>
    public void CheckFound(Attempt attempt)
    {
        if (!machines.Exists(machine => machine.Daemon.Containers.Any(container => container.Id == attempt.ContainerId) && Speaks(machine, attempt.EngineId!)))
        {
            return;
        }

        try
        {
            Cluster.Containers.Get(attempt.ContainerId!);
        }
        catch (ContainerNotFoundException)
        {
            throw new ViolationException("I2 (lookup)", $"container {attempt.ContainerId} was created on {attempt.EngineId} and is not found.");
        }
        catch (AmbiguousNameException exception) when (exception.Candidates.All(candidate => candidate.Contains(attempt.ContainerId!, StringComparison.Ordinal)) && Cluster.Snapshot.Nodes.Count(node => node.Containers.Any(container => container.Id == attempt.ContainerId)) > 1)
        {
            // Its machine takes part twice for as long as the one is not to be told from a copy: that both have it is said plainly. One place that is found twice would be a mistake.
        }
        catch (InvalidOperationException)
        {
            // The cluster is being stopped.
        }
    }

    public void CheckPlacement(ContainerSpec spec, PlacementResult result, PlacementOptions placement)
    {
        if (result.Node is { } chosen && !Workload.Meets(chosen, placement))
        {
            throw new ViolationException("I13 (the host's conditions)", $"{spec} was placed on {chosen}, which the host program rules out: {placement}.");
        }

        if (result.Node is { } node && !Fits(spec, node, placement: placement))
        {
            throw new ViolationException("I1 (no over-commit)", $"{spec} was placed on {node}, which is full: {Describe(node)}, needs {Demand.Of(spec, options)}.");
        }
    }

    public void CheckPlan(ContainerSpec spec, ClusterSnapshot snapshot, PlacementResult result, PlacementOptions placement)
    {
        CheckPlacement(spec, result, placement);
        if (!result.IsPlaced && snapshot.Nodes.FirstOrDefault(node => Workload.Meets(node, placement) && Fits(spec, node, placement: placement)) is { } overlooked)
        {
            throw new ViolationException("I7 (placement)", $"no node was found for {spec}, but {overlooked} has room: {Describe(overlooked)}. {result.Explain()}");
        }
    }

    /// <summary>Each of several plans sees what those before it would take.</summary>
    public void CheckPlans(IReadOnlyList<ContainerSpec> specs, ClusterSnapshot snapshot, IReadOnlyList<PlacementResult> results)
    {
        var planned = new Dictionary<string, List<ContainerSpec>>(StringComparer.Ordinal);
        for (var i = 0; i < specs.Count; i++)
        {
            List<ContainerSpec> On(NodeView node) => planned.TryGetValue(node.Id, out var found) ? found : planned[node.Id] = [];
            if (results[i].Node is { } chosen)
            {
                if (snapshot.Nodes.TryGet(chosen.Id, out var node) && MachineOf(node) is not null && !Fits(specs[i], node, On(node)))
                {
                    throw new ViolationException("I1 (no over-commit)", $"{specs[i]} was planned as number {i} on {node}, which has no room for it then: {Describe(node)}.");
                }

                On(chosen).Add(specs[i] with { PortBindings = results[i].Request.PortBindings });
            }
            else if (snapshot.Nodes.FirstOrDefault(node => Fits(specs[i], node, On(node))) is { } overlooked)
            {
                throw new ViolationException("I7 (placement)", $"no node was found for {specs[i]} as number {i}, but {overlooked} has room: {Describe(overlooked)}. {results[i].Explain()}");
            }
        }
    }

    /// <summary>Holds that engines show all that they have: what an engine has too much of in the scenario fits all limits. What could not be listed is listed with the next reading.</summary>
    public void CheckWhole(string when)
    {
        var states = Cluster.Engines.List();
        foreach (var machine in machines)
        {
            if (StateOf(states, machine) is { IsDegraded: true } state)
            {
                throw new ViolationException("I4 (convergence)", $"{machine.Engine.Name} is degraded {when}: {string.Join("; ", state.Degradations.Select(each => each.Reason))}.");
            }
        }
    }

    /// <summary>Every engine takes part and is healthy.</summary>
    public void CheckHealthy(string when)
    {
        var states = Cluster.Engines.List();
        foreach (var machine in machines)
        {
            var state = StateOf(states, machine);
            var isEligible = machine.Overlay?.IsEligible ?? state?.IsEligible;
            if (state is not { Status: EngineStatus.Healthy, FailureCount: 0, HealthIndicator: 100 } || state.IsEligible != isEligible)
            {
                throw new ViolationException("I4 (convergence)", $"{machine.Engine.Name} is {state?.Status.ToString() ?? "not there"} {when}: {state?.Reason} (failures {state?.FailureCount}, eligible {state?.IsEligible}).");
            }

            if (machine.Engine.ConnectionCount != 1 || machine.Daemon.Events.RemoteStreamCount != 1)
            {
                throw new ViolationException("I5 (no leaks)", $"{machine.Engine.Name} has {machine.Engine.ConnectionCount} connections and {machine.Daemon.Events.RemoteStreamCount} event streams {when}.");
            }

            if (machine.Overlay is { } said && !said.Equals(state.Overlay))
            {
                throw new ViolationException("I12 (overlays)", $"of {machine.Engine.Name} was said {Describe(said)}, and it shows {Describe(state.Overlay)} {when}.");
            }

            if (machine.IsCloned ? !state.Id.Contains(machine.Engine.DaemonId, StringComparison.Ordinal) : state.Id != machine.Engine.DaemonId)
            {
                throw new ViolationException("I4 (identity)", $"{machine.Engine.Name} takes part as {state.Id} although its daemon is {machine.Engine.DaemonId}.");
            }
        }

        if (states.Count != machines.Count || Cluster.Snapshot.Nodes.Count != machines.Count)
        {
            throw new ViolationException("I4 (convergence)", $"there are {machines.Count} engines, and the cluster knows {states.Count} with {Cluster.Snapshot.Nodes.Count} nodes {when}.");
        }
    }

    /// <summary>The cluster sees of the engines what their lists tell, or told a moment ago.</summary>
    public Task CheckListedAsync(TimeSpan within, string when) => CheckNoneWithinAsync(() => FindDifference(isListedOnly: true), within, when);

    /// <summary>The cluster sees the engines as they are, or as they were a moment ago: containers go on ending by themselves.</summary>
    public async Task CheckConvergedAsync(TimeSpan within, TimeSpan listedWithin, string when)
    {
        await CheckNoneWithinAsync(() => FindDifference(), within, when);
        await CheckNoneWithinAsync(FindSilentDifference, listedWithin, when);
    }

    private async Task CheckNoneWithinAsync(Func<string?> find, TimeSpan within, string when)
    {
        var until = simulation.Elapsed + within;
        while (find() is { } difference)
        {
            if (simulation.Elapsed >= until)
            {
                throw new ViolationException("I4 (convergence)", $"{difference} {when}.");
            }

            await simulation.DelayAsync(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Nothing is promised any more, and what engines hold is what callers were told.</summary>
    public void CheckSettled()
    {
        // What was left open on an engine that is gone is remembered in case that comes back.
        foreach (var (open, takesPart) in Cluster.Current.Running.Ledger.ListReservations())
        {
            if (takesPart || open.Stage is not HoldStage.Unknown)
            {
                throw new ViolationException("I1 (reservations end)", $"operation {open.Operation} for {open.Pending.Name} on {open.EngineId} is {open.Stage} although no call is under way.");
            }
        }

        foreach (var node in Cluster.Snapshot.Nodes)
        {
            var counted = node.Containers.Aggregate(default(Demand), (sum, container) => sum + new Demand(container.Resources.MemoryBytes, container.Resources.NanoCpus, 1, container.Resources.Named[Demand.Resource]));
            if (new Demand(node.Used.MemoryBytes, node.Used.NanoCpus, node.Used.Slots, node.Used.Named[Demand.Resource]) != counted)
            {
                throw new ViolationException("I1 (accounts)", $"{node} is said to use {node.Used} long after the last change, but its containers make {counted}.");
            }
        }

        var alive = new HashSet<string>(StringComparer.Ordinal);
        foreach (var machine in machines)
        {
            foreach (var container in machine.Daemon.Containers)
            {
                alive.Add(container.Id);
                if (AttemptOf(container) is { } number && attempts[number] is { ContainerId: null } attempt
                    && attempt.Generation == _manager!.Generation && simulation.Elapsed - MadeAt(container) > _removedWithin)
                {
                    throw new ViolationException("I8 (nothing is left behind)", $"container {container.Id} {container.Name} is on {machine.Engine.Name} made at {MadeAt(container):c}, although its caller was told that there is none: begun at {attempt.StartedAt:c}, {attempt.Outcome}.");
                }
            }
        }

        foreach (var attempt in attempts)
        {
            if (attempt is { ContainerId: { } id, MayBeGone: false } && !alive.Contains(id))
            {
                throw new ViolationException("I8 (nothing is lost)", $"container {id} {attempt.Name} of {attempt.EngineId} is gone, and nobody removed it.");
            }
        }
    }

    private static EngineState? StateOf(IEnumerable<EngineState> states, Machine machine) => states.FirstOrDefault(state => state.Address == machine.Address);

    private static int? AttemptOf(InMemoryContainer container) =>
        container.Labels.TryGetValue(Attempt.Label, out var number) ? int.Parse(number, CultureInfo.InvariantCulture) : null;

    private static bool Speaks(Machine machine, string engineId) => machine.LeftAt is null && machine.Engine.DaemonId == engineId;

    private static string Describe(NodeView node)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{Sum(node)} of {node.Total}, health {node.HealthIndicator}");
    }

    private static string Describe(EngineOverlay overlay) =>
        $"[{string.Join(' ', overlay.Labels.Select(label => $"{label.Key}={label.Value}"))}] [{string.Join(' ', overlay.Taints)}] {(overlay.IsEligible ? "eligible" : "not eligible")}";

    // What is promised to containers beyond what they show is not among them, but the library counts it too.
    private static Demand Sum(NodeView node)
    {
        var (memory, cpus, named) = (0L, 0L, 0L);
        for (var i = 0; i < node.Containers.Count; i++)
        {
            var resources = node.Containers[i].Resources;
            memory += resources.MemoryBytes;
            cpus += resources.NanoCpus;
            named += resources.Named.Count > 0 ? resources.Named[Demand.Resource] : 0;
        }

        return new Demand(Math.Max(memory, node.Used.MemoryBytes), Math.Max(cpus, node.Used.NanoCpus), node.Containers.Count, named);
    }

    private Demand CapacityOf(Machine machine) => Demand.CapacityOf(machine.Engine, options);

    private Machine? MachineOf(NodeView node) =>
        machines.Find(machine => machine.Address == node.Address && machine.Engine.DaemonId == node.Id) ?? machines.Find(machine => machine.Engine.DaemonId == node.Id && !machine.IsCloned);

    private bool Fits(ContainerSpec spec, NodeView node, IEnumerable<ContainerSpec>? before = null, PlacementOptions? placement = null)
    {
        if (!node.IsEligible || node.HealthIndicator <= 0 || !Wants(spec, node, placement?.Tolerations.IsEmpty == false))
        {
            return false;
        }

        before ??= [];
        if (MachineOf(node) is not { } machine)
        {
            // Replaced a moment ago, or one of two that share an ID: its capacity is not known here.
            return !before.Any() && ResourceVector.FindShortage(node.Total, node.Used, VectorOf(spec)) is null
                && HostPortNeeds.CanBeHad(spec.PortBindings, node.Containers.SelectMany(container => container.PortBindings.Concat(container.PublishedPorts)));
        }

        var asked = Demand.Of(spec, options);
        var taken = before.Aggregate(Sum(node) + asked, (sum, each) => sum + Demand.Of(each, options));
        return new Demand(asked.Memory > 0 ? taken.Memory : 0, asked.NanoCpus > 0 ? taken.NanoCpus : 0, taken.Slots, asked.Named > 0 ? taken.Named : 0).FitsInto(CapacityOf(machine))
            && HostPortNeeds.CanBeHad(spec.PortBindings, node.Containers.SelectMany(container => container.PortBindings.Concat(container.PublishedPorts)).Concat(before.SelectMany(each => each.PortBindings)));
    }

    private ResourceVector VectorOf(ContainerSpec spec)
    {
        var demand = Demand.Of(spec, options);
        return new ResourceVector { MemoryBytes = demand.Memory, NanoCpus = demand.NanoCpus, Slots = 1, Named = spec.NamedResources };
    }

    // Hard constraints of the scenario are all of one form, and so are its taints.
    private static bool Wants(ContainerSpec spec, NodeView node, bool toleratesAll) =>
        spec.Constraints.All(constraint => constraint.Split("==") is [var key, var value] && (value.StartsWith('~') || (node.Labels.TryGetValue(key, out var label) && label == value)))
        && node.Taints.All(taint => toleratesAll || spec.Tolerations.Any(toleration => toleration.Key == taint.Key));

    private void CheckNodes(ClusterSnapshot snapshot)
    {
        if (_seen.Count > snapshot.Nodes.Count)
        {
            foreach (var gone in _seen.Keys.Where(id => !snapshot.Nodes.TryGet(id, out _)).ToList())
            {
                _seen.Remove(gone);
            }
        }

        foreach (var node in snapshot.Nodes)
        {
            if (_seen.TryGetValue(node.Id, out var before) && ReferenceEquals(before, node))
            {
                continue;
            }

            _seen[node.Id] = node;
            _knownSince.TryAdd(node.Id, simulation.Elapsed);
            CheckNode(snapshot, node, before);
        }
    }

    // One that lost all its containers and moved before anybody had looked is not to be told from a copy, until the one that was there is given up.
    private bool HasMovedEmpty(Machine machine) => simulation.Elapsed - machine.WipedAt < options.EngineRemovalGrace + TimeSpan.FromMinutes(2);

    private void CheckNode(ClusterSnapshot snapshot, NodeView node, NodeView? before)
    {
        foreach (var other in snapshot.Nodes)
        {
            if (!ReferenceEquals(other, node) && other.Name == node.Name && !machines.Exists(machine => (machine.IsCloned && machine.Address == node.Address) || (HasMovedEmpty(machine) && (machine.Address == node.Address || machine.Address == other.Address))))
            {
                throw new ViolationException("I4 (identity)", $"{node.Name} takes part twice: as {node.Id} at {node.Address} and as {other.Id} at {other.Address}.");
            }
        }

        var sum = Sum(node);
        if (node.Used.MemoryBytes != sum.Memory || node.Used.NanoCpus != sum.NanoCpus || node.Used.Slots != node.Containers.Count || node.Used.Named[Demand.Resource] != sum.Named)
        {
            throw new ViolationException("I1 (accounts)", $"{node} is said to use {node.Used}, but its containers make {sum}.");
        }

        for (var i = node.Containers.Count - 1; i >= 0 && node.Containers[i].IsPending; i--)
        {
            if (before is null || !HoldsPending(before, node.Containers[i]))
            {
                CheckPromise(snapshot, node, i, sum, before);
            }
        }

        if (node.Containers.Count > 0)
        {
            CheckLookup(node.Containers[_turn++ % node.Containers.Count]);
        }
    }

    private static bool HoldsPending(NodeView node, ContainerView pending)
    {
        for (var i = node.Containers.Count - 1; i >= 0 && node.Containers[i].IsPending; i--)
        {
            if (ReferenceEquals(node.Containers[i], pending))
            {
                return true;
            }
        }

        return false;
    }

    // At the moment something is promised, it must be there.
    private void CheckPromise(ClusterSnapshot snapshot, NodeView node, int index, Demand sum, NodeView? before)
    {
        var promised = node.Containers[index];
        // What is not asked for need not be there: strangers may have taken more than all of it.
        var asked = promised.Resources;
        if (MachineOf(node) is { } machine && CapacityOf(machine) is var capacity
            && !new Demand(asked.MemoryBytes > 0 ? sum.Memory : 0, asked.NanoCpus > 0 ? sum.NanoCpus : 0, sum.Slots, asked.Named.Count > 0 ? sum.Named : 0).FitsInto(capacity))
        {
            throw new ViolationException("I1 (no over-commit)", $"promised on {node}: {sum} of {capacity}.");
        }

        // One step may hold both: the promise, and then the news that the engine gets no work. What an engine that is back finds promised was promised before it left.
        if (before is { IsEligible: false } && !node.IsEligible)
        {
            throw new ViolationException("I12 (overlays)", $"promised on {node}, which is not to get work.");
        }

        for (var i = 0; i < node.Containers.Count; i++)
        {
            if (i != index && node.Containers[i].PortBindings.Any(held => promised.PortBindings.Any(asked => HostPortNeeds.Collide(held, asked))))
            {
                throw new ViolationException("I1 (ports)", $"a port of {promised.Name} on {node} is that of {node.Containers[i].Name} already: {string.Join(' ', promised.PortBindings)}.");
            }
        }

        if (promised.Name.Length > 0)
        {
            foreach (var each in snapshot.Nodes)
            {
                foreach (var container in each.Containers)
                {
                    if (!ReferenceEquals(container, promised) && container.Name == promised.Name)
                    {
                        throw new ViolationException("I2 (unique names)", $"the name {promised.Name} is promised on {node} and was taken on {each} already.");
                    }
                }
            }
        }
    }

    private void CheckLookup(ContainerView container)
    {
        if (container.IsPending || !isRunning())
        {
            return;
        }

        foreach (var reference in (string[])[container.Id, container.Name])
        {
            try
            {
                Cluster.Containers.Get(reference);
            }
            catch (AmbiguousNameException)
            {
                // Said plainly, and right where names were given by hand.
            }
            catch (ContainerNotFoundException exception)
            {
                throw new ViolationException("I2 (lookup)", $"{reference} is in the view and is not found.", exception);
            }
        }

        if (container.IsSwarmIdOurs)
        {
            CheckLookupBySwarmId(container);
        }
    }

    // Whatever others write into their labels: it may be shown on two engines at once, but nobody else has it.
    private void CheckLookupBySwarmId(ContainerView container)
    {
        try
        {
            var found = Cluster.Containers.Get(container.SwarmId);
            if (found.Id != container.Id)
            {
                throw new ViolationException("I2 (lookup)", $"{container.SwarmId} is the Swarm ID of {container.Id} and finds {found.Id}.");
            }
        }
        catch (AmbiguousNameException exception) when (exception.Candidates.All(candidate => candidate.Contains(container.Id, StringComparison.Ordinal)))
        {
        }
        catch (SwarmException exception) when (exception is AmbiguousNameException or ContainerNotFoundException)
        {
            throw new ViolationException("I2 (lookup)", $"{container.SwarmId} is the Swarm ID of {container.Id} and does not find it.", exception);
        }
    }

    // The truth itself: what the library had made, as its engine limits it now, must fit the machine. Not counted is what nobody could know: containers
    // of strangers, which count in the view as soon as they are seen, and what was carried out long after its caller had been told that it failed.
    private void CheckHeld(Machine machine)
    {
        var sum = default(Demand);
        foreach (var container in machine.Daemon.Containers)
        {
            if (AttemptOf(container) is { } number && !IsLate(attempts[number], container))
            {
                var life = LifeOf(container);
                sum += life.Demand - life.GrownLate;
            }
        }

        if (CapacityOf(machine) is var capacity && !sum.FitsInto(capacity))
        {
            throw new ViolationException("I1 (no over-commit)", $"{machine.Engine.Name} holds {sum} of {capacity}: {string.Join("; ", machine.Daemon.Containers.Select(container => $"{container.Id[..12]} made at {MadeAt(container):c} {DemandOf(machine, container)}, late {LifeOf(container).GrownLate}, {string.Join(", ", changes.Where(change => change.ContainerId == container.Id && change.Update is not null).Select(change => $"update at {change.StartedAt:c} to {change.Update!.CpuShares} shares {change.Update.NanoCpus} nano-CPUs, failed at {change.FailedAt:c}"))}"))}.");
        }
    }

    // By the daemon itself, whatever the cluster says of it. Late requests may reach another daemon that has the address by then.
    private void CheckConditions(Machine machine, InMemoryContainer made)
    {
        var attempt = attempts[AttemptOf(made)!.Value];
        if (!IsLate(attempt, made) && attempt.Placement.ForbiddenEngines.Contains(machine.Engine.DaemonId))
        {
            throw new ViolationException("I13 (the host's conditions)", $"{made.Name} was made on {machine.Engine.Name} ({machine.Engine.DaemonId}), which the host program had forbidden.");
        }
    }

    private void CheckPortsAndName(Machine machine, InMemoryContainer made)
    {
        var attempt = attempts[AttemptOf(made)!.Value];
        if (IsLate(attempt, made))
        {
            return;
        }

        var ports = LifeOf(made).PortBindings;
        if (ports.FirstOrDefault(port => !HostPortNeeds.IsOneOf(port, attempt.PortBindings)) is { ContainerPort: not null } odd)
        {
            throw new ViolationException("I1 (ports)", $"{made.Name} on {machine.Engine.Name} was given {odd} and was to get {string.Join(' ', attempt.PortBindings)}.");
        }

        if (!ports.IsEmpty && machine.Daemon.Containers.FirstOrDefault(each => each != made && AttemptOf(each) is { } number && !IsLate(attempts[number], each) && LifeOf(each).PortBindings.Any(held => ports.Any(asked => HostPortNeeds.Collide(held, asked)))) is { } rival)
        {
            throw new ViolationException("I1 (ports)", $"{made.Name} and {rival.Name} on {machine.Engine.Name} were both given {string.Join(' ', ports)}.");
        }

        // Names that engines invent may meet; those that callers gave must not.
        if (!Workload.IsNameOfCaller(made.Name) || LifeOf(made).IsNamedLate)
        {
            return;
        }

        var asked = changes.FindLast(change => change.ContainerId == made.Id && change.Name == made.Name)?.StartedAt ?? attempt.StartedAt;
        foreach (var other in machines)
        {
            // A program that has just started does not know what engines hold that it has not reached yet.
            if (_crashes.Count > 0 && (!_knownSince.TryGetValue(other.Engine.DaemonId, out var since) || since > asked))
            {
                continue;
            }

            foreach (var container in other.Daemon.Containers)
            {
                // What an engine held when it left the cluster gave its name up.
                if (container != made && container.Name == made.Name && AttemptOf(container) is { } number && !IsLate(attempts[number], container) && !LifeOf(container).IsNamedLate
                    && !(MayHaveLeft(other, container) || MayHaveLeft(machine, made)))
                {
                    throw new ViolationException("I2 (unique names)", $"{made.Name} was given on {machine.Engine.Name} to {made.Id} and is that of {container.Id} on {other.Engine.Name} already.");
                }
            }
        }
    }

    private Demand DemandOf(Machine machine, InMemoryContainer container) =>
        Demand.Of(container, options, machine.Engine, options.CpuSharesAsCpus && AttemptOf(container) is not null);

    private TimeSpan MadeAt(InMemoryContainer container) => LifeOf(container).MadeAt;

    private bool IsLate(Attempt attempt, InMemoryContainer container) => IsLate(attempt.FailedAt, attempt.Generation, MadeAt(container));

    // Room and name are held for a while after a call failed, in case it is carried out all the same. The next manager knows nothing of what its predecessor had asked for.
    private bool IsLate(TimeSpan? failedAt, int generation, TimeSpan doneAt) =>
        doneAt > failedAt + _holdTime || (generation < _crashes.Count && doneAt >= _crashes[generation]);

    private void NoteUpdate(Machine machine, InMemoryContainer container)
    {
        var life = LifeOf(container);
        var (before, after) = (life.Demand, DemandOf(machine, container));
        life.Demand = after;

        // One that goes on, or was made in time, has its room.
        var possible = changes.Where(change => change.ContainerId == container.Id && change.Update is { } update
            && (after.Memory == before.Memory || update.MemoryBytes != 0 || update.MemoryReservationBytes != 0)
            && (after.NanoCpus == before.NanoCpus || update.NanoCpus != 0 || update.CpuShares != 0)
            && Shows(machine, container, update)).ToList();
        var isLate = possible.Count > 0 && possible.TrueForAll(change => IsLate(change.FailedAt, change.Generation, simulation.Elapsed));
        life.GrownLate = new Demand(
            GrownLate(before.Memory, after.Memory, life.GrownLate.Memory),
            GrownLate(before.NanoCpus, after.NanoCpus, life.GrownLate.NanoCpus));

        // Growth that was asked for in time was looked at with all that there was. To shrink is always allowed, be it to more than there was room for.
        long GrownLate(long from, long to, long grownLate) => isLate || to <= from ? Math.Max(0, to - from + grownLate) : 0;
    }

    private void NoteRename(InMemoryContainer container)
    {
        var possible = changes.Where(change => change.ContainerId == container.Id && change.Name == container.Name).ToList();
        LifeOf(container).IsNamedLate = possible.Count > 0 && possible.TrueForAll(change => IsLate(change.FailedAt, change.Generation, simulation.Elapsed));
    }

    private static bool Shows(Machine machine, InMemoryContainer container, ContainerUpdateSpec update) =>
        (update.MemoryBytes == 0 || container.Host.Number("Memory") == update.MemoryBytes)
        && (update.MemoryReservationBytes == 0 || container.Host.Number("MemoryReservation") == update.MemoryReservationBytes)
        && (update.NanoCpus == 0 || container.Host.Number("NanoCpus") == update.NanoCpus)
        && (update.CpuShares == 0 || container.Host.Number("CpuShares") == update.CpuShares || Demand.CpusOf(container.Host.Number("CpuShares"), machine.Engine) == update.CpuShares);

    private bool MayHaveLeft(Machine machine, InMemoryContainer container) =>
        DiscoveryMayHang || machine.LeftAt is { } left && MadeAt(container) <= (left == TimeSpan.MaxValue ? left : left + TimeSpan.FromMinutes(3));

    private ContainerLife LifeOf(InMemoryContainer container)
    {
        if (!_lives.TryGetValue(container.Id, out var life))
        {
            _lives[container.Id] = life = new ContainerLife(container, simulation.Elapsed);
        }

        return life;
    }

    // What no list tells, such as limits, is seen later than the rest.
    private string? FindDifference(bool isListedOnly = false)
    {
        var states = Cluster.Engines.List();
        foreach (var machine in machines)
        {
            if (StateOf(states, machine) is not { } state)
            {
                return $"{machine.Engine.Name} is not known";
            }

            if (state.Containers.Length != machine.Daemon.Containers.Count)
            {
                return $"{machine.Engine.Name} has {machine.Daemon.Containers.Count} containers, seen are {state.Containers.Length}";
            }

            foreach (var container in machine.Daemon.Containers)
            {
                if (state.FindContainer(container.Id) is not { } view)
                {
                    return $"container {container.Id} on {machine.Engine.Name} is not seen";
                }

                var counted = DemandOf(machine, container);
                if (!isListedOnly && (view.Resources.MemoryBytes != counted.Memory || view.Resources.NanoCpus != counted.NanoCpus || view.Resources.Named[Demand.Resource] != counted.Named))
                {
                    return $"container {container.Id} on {machine.Engine.Name} takes {counted}, counted are {view.Resources}";
                }

                if (!isListedOnly && view.State == container.State && (view.ExitCode != container.ExitCode || view.RanOutOfMemory != container.RanOutOfMemory))
                {
                    return $"container {container.Id} on {machine.Engine.Name} is {container.State} with {container.ExitCode}{(container.RanOutOfMemory ? " for its memory" : "")}, seen is {view.ExitCode}{(view.RanOutOfMemory ? " for its memory" : "")}";
                }

                if (container.Labels.TryGetValue(Workload.ManyPorts, out var ports) && CountOf(view.ExposedPorts).ToString(CultureInfo.InvariantCulture) != ports)
                {
                    return $"container {container.Id} on {machine.Engine.Name} exposes {ports} ports, seen are [{string.Join(' ', view.ExposedPorts)}]";
                }

                if ((view.State != container.State && !HasEndedSilently(view, container)) || view.Name != container.Name)
                {
                    return $"container {container.Id} on {machine.Engine.Name} is {container.Name} {container.State}, seen is {view.Name} {view.State}";
                }
            }
        }

        return followers.Select(follower => follower.FindDifference(states)).FirstOrDefault(difference => difference is not null);
    }

    private static int CountOf(IEnumerable<string> ports) => ports.Sum(port => port[..port.IndexOf('/', StringComparison.Ordinal)].Split('-') is [var first, var last]
        ? int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1
        : 1);

    // Of what waits to be restarted no event says that a kill, which may come long after its caller, has ended that: the next list does.
    private static bool HasEndedSilently(ContainerView view, InMemoryContainer container) =>
        view.State == ContainerState.Restarting && container.State == ContainerState.Exited;

    private string? FindSilentDifference()
    {
        var states = Cluster.Engines.List();
        return machines
            .SelectMany(machine => machine.Daemon.Containers, (machine, container) => (Machine: machine, Container: container, View: StateOf(states, machine)?.FindContainer(container.Id)))
            .Where(seen => seen.View is not null && HasEndedSilently(seen.View, seen.Container))
            .Select(seen => $"container {seen.Container.Id} on {seen.Machine.Engine.Name} is {seen.Container.State}, seen is {seen.View!.State}")
            .FirstOrDefault();
    }

    private sealed class Expectation(string what, TimeSpan since) : IDisposable
    {
        public string What { get; } = what;

        public TimeSpan Since { get; } = since;

        public bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }
}
