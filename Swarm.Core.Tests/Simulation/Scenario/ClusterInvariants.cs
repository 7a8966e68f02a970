using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Testing;

/// <summary>Holds the cluster against the engines. Its own arithmetic is independent of the library's, and as plain as can be.</summary>
internal sealed class ClusterInvariants(Simulation simulation, SwarmCluster cluster, SwarmOptions options, List<Machine> machines, List<Attempt> attempts, Func<bool> isRunning)
{
    private readonly Dictionary<string, NodeView> _seen = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Expectation, TimeSpan> _expected = new();
    private readonly Dictionary<string, ContainerSpec> _specs = new(StringComparer.Ordinal);
    private readonly Queue<Machine> _created = new();
    private readonly Dictionary<string, ContainerLife> _lives = new(StringComparer.Ordinal);
    private ClusterSnapshot? _snapshot;
    private int _turn;

    /// <summary>Looks at what is made on a machine from now on.</summary>
    public void Watch(Machine machine)
    {
        machine.Daemon.Created = () => _created.Enqueue(machine);
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
        var snapshot = cluster.Snapshot;
        if (!ReferenceEquals(snapshot, _snapshot))
        {
            _snapshot = snapshot;
            CheckNodes(snapshot);
        }

        while (_created.TryDequeue(out var machine))
        {
            if (!machine.IsReplaced)
            {
                CheckCreated(machine);
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
            cluster.Containers.Get(attempt.ContainerId!);
        }
        catch (ContainerNotFoundException)
        {
            throw new ViolationException("I2 (lookup)", $"container {attempt.ContainerId} was created on {attempt.EngineId} and is not found.");
        }
        catch (InvalidOperationException)
        {
            // The cluster is being stopped.
        }
    }

    public void CheckPlacement(ContainerSpec spec, PlacementResult result)
    {
        if (result.Node is { } node && !Fits(spec, node))
        {
            throw new ViolationException("I1 (no over-commit)", $"{spec} was placed on {node}, which is full: {Describe(node)}, needs {spec.MemoryBytes} bytes and {spec.NanoCpus} nano-CPUs.");
        }
    }

    public void CheckPlan(ContainerSpec spec, ClusterSnapshot snapshot, PlacementResult result)
    {
        CheckPlacement(spec, result);
        if (!result.IsPlaced && snapshot.Nodes.FirstOrDefault(node => Fits(spec, node)) is { } overlooked)
        {
            throw new ViolationException("I7 (placement)", $"no node was found for {spec}, but {overlooked} has room: {Describe(overlooked)}. {result.Explain()}");
        }
    }

    /// <summary>Every engine takes part and is healthy.</summary>
    public void CheckHealthy(string when)
    {
        var states = cluster.Engines.List();
        foreach (var machine in machines)
        {
            var state = StateOf(states, machine);
            if (state is not { Status: EngineStatus.Healthy, FailureCount: 0, HealthIndicator: 100, IsEligible: true })
            {
                throw new ViolationException("I4 (convergence)", $"{machine.Engine.Name} is {state?.Status.ToString() ?? "not there"} {when}: {state?.Reason} (failures {state?.FailureCount}, eligible {state?.IsEligible}).");
            }

            if (machine.Engine.ConnectionCount != 1 || machine.Daemon.RemoteStreamCount != 1)
            {
                throw new ViolationException("I5 (no leaks)", $"{machine.Engine.Name} has {machine.Engine.ConnectionCount} connections and {machine.Daemon.RemoteStreamCount} event streams {when}.");
            }

            if (state.Id != machine.Engine.DaemonId)
            {
                throw new ViolationException("I4 (identity)", $"{machine.Engine.Name} takes part as {state.Id} although its daemon is {machine.Engine.DaemonId}.");
            }
        }

        if (states.Count != machines.Count || cluster.Snapshot.Nodes.Count != machines.Count)
        {
            throw new ViolationException("I4 (convergence)", $"there are {machines.Count} engines, and the cluster knows {states.Count} with {cluster.Snapshot.Nodes.Count} nodes {when}.");
        }
    }

    /// <summary>The cluster sees the engines as they are, or as they were a moment ago: containers go on ending by themselves.</summary>
    public async Task CheckConvergedAsync(TimeSpan within, string when)
    {
        var until = simulation.Elapsed + within;
        while (FindDifference() is { } difference)
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
        // What was left undecided on an engine that is gone is remembered in case that comes back.
        foreach (var (open, takesPart) in cluster.Running.Ledger.ListOpen())
        {
            if (takesPart || open.Stage is not ReservationStage.Unknown)
            {
                throw new ViolationException("I1 (reservations end)", $"operation {open.Operation} for {open.Pending.Name} on {open.EngineId} is {open.Stage} although no call is under way.");
            }
        }

        var alive = new HashSet<string>(StringComparer.Ordinal);
        foreach (var machine in machines)
        {
            foreach (var container in machine.Daemon.Containers)
            {
                alive.Add(container.Id);
                if (AttemptOf(container) is { } number && attempts[number] is { ContainerId: null } attempt)
                {
                    throw new ViolationException("I8 (nothing is left behind)", $"container {container.Id} {container.Name} is on {machine.Engine.Name} made at {container.Created - simulation.Time.GetUtcNow() + simulation.Elapsed:c}, although its caller was told that there is none: begun at {attempt.StartedAt:c}, {attempt.Outcome}.");
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
        var (memory, cpus) = Sum(node);
        return string.Create(CultureInfo.InvariantCulture, $"{node.Containers.Count} containers, {memory} of {node.Total.MemoryBytes} bytes, {cpus} of {node.Total.NanoCpus} nano-CPUs, health {node.HealthIndicator}");
    }

    private static (long Memory, long NanoCpus) Sum(NodeView node)
    {
        var (memory, cpus) = (0L, 0L);
        for (var i = 0; i < node.Containers.Count; i++)
        {
            memory += node.Containers[i].Resources.MemoryBytes;
            cpus += node.Containers[i].Resources.NanoCpus;
        }

        return (memory, cpus);
    }

    private static bool Collide(in PortBinding left, in PortBinding right) =>
        left.HostPort.Length > 0 && left.HostPort == right.HostPort && left.Protocol == right.Protocol
        && (IsAny(left.HostIp) || IsAny(right.HostIp) || left.HostIp == right.HostIp);

    private static bool IsAny(string ip) => ip is "" or "0.0.0.0" or "::";

    private (long Memory, long NanoCpus) CapacityOf(Machine machine)
    {
        var specs = machine.Engine.Describe();
        return ((long)decimal.Floor(specs.MemoryBytes * (1 + options.Overcommit)), (long)decimal.Floor(specs.NanoCpus * (1 + options.Overcommit)));
    }

    private bool Fits(ContainerSpec spec, NodeView node)
    {
        if (!node.IsEligible || node.HealthIndicator <= 0 || machines.Find(machine => machine.Address == node.Address) is not { } machine || machine.Engine.DaemonId != node.Id)
        {
            // Under a second address, or replaced a moment ago: its capacity is not known here.
            return node.IsEligible && node.HealthIndicator > 0 && machines.TrueForAll(each => each.Engine.DaemonId != node.Id || each.Address != node.Address)
                && ResourceVector.FindShortage(node.Total, node.Used, new ResourceVector { MemoryBytes = spec.MemoryBytes, NanoCpus = spec.NanoCpus, Slots = 1 }) is null;
        }

        var (memory, cpus) = Sum(node);
        var capacity = CapacityOf(machine);
        return memory + spec.MemoryBytes <= capacity.Memory && cpus + spec.NanoCpus <= capacity.NanoCpus
            && !node.Containers.Any(container => container.PortBindings.Any(held => spec.PortBindings.Any(asked => Collide(held, asked))));
    }

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
            CheckNode(snapshot, node, before);
        }
    }

    private void CheckNode(ClusterSnapshot snapshot, NodeView node, NodeView? before)
    {
        foreach (var other in snapshot.Nodes)
        {
            if (!ReferenceEquals(other, node) && other.Name == node.Name)
            {
                throw new ViolationException("I4 (identity)", $"{node.Name} takes part twice: as {node.Id} at {node.Address} and as {other.Id} at {other.Address}.");
            }
        }

        var (memory, cpus) = Sum(node);
        if (node.Used.MemoryBytes != memory || node.Used.NanoCpus != cpus || node.Used.Slots != node.Containers.Count)
        {
            throw new ViolationException("I1 (accounts)", $"{node} is said to use {node.Used}, but its containers make {memory} bytes, {cpus} nano-CPUs and {node.Containers.Count} slots.");
        }

        for (var i = node.Containers.Count - 1; i >= 0 && node.Containers[i].IsPending; i--)
        {
            if (before is null || !HoldsPending(before, node.Containers[i]))
            {
                CheckPromise(snapshot, node, i, memory, cpus);
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
    private void CheckPromise(ClusterSnapshot snapshot, NodeView node, int index, long memory, long cpus)
    {
        var promised = node.Containers[index];
        if (machines.Find(machine => machine.Engine.DaemonId == node.Id) is { } machine)
        {
            var capacity = CapacityOf(machine);
            if (memory > capacity.Memory || cpus > capacity.NanoCpus)
            {
                throw new ViolationException("I1 (no over-commit)", $"promised on {node}: {memory} of {capacity.Memory} bytes, {cpus} of {capacity.NanoCpus} nano-CPUs.");
            }
        }

        for (var i = 0; i < node.Containers.Count; i++)
        {
            if (i != index && node.Containers[i].PortBindings.Any(held => promised.PortBindings.Any(asked => Collide(held, asked))))
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
                cluster.Containers.Get(reference);
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
    }

    // The truth itself: what the library had made must fit the machine, with everything else that is there.
    private void CheckCreated(Machine machine)
    {
        var (memory, cpus) = (0L, 0L);
        foreach (var container in machine.Daemon.Containers)
        {
            var spec = SpecOf(container);
            memory += spec.MemoryBytes;
            cpus += spec.NanoCpus;
        }

        var capacity = CapacityOf(machine);
        if (memory > capacity.Memory || cpus > capacity.NanoCpus)
        {
            throw new ViolationException("I1 (no over-commit)", $"{machine.Engine.Name} holds {memory} of {capacity.Memory} bytes and {cpus} of {capacity.NanoCpus} nano-CPUs.");
        }

        foreach (var made in machine.Daemon.Containers.Where(container => container.Sequence >= machine.SeenCreates && AttemptOf(container) is not null).ToList())
        {
            CheckPortsAndName(machine, made);
            machine.SeenCreates = made.Sequence + 1;
        }
    }

    private void CheckPortsAndName(Machine machine, InMemoryContainer made)
    {
        var ports = SpecOf(made).PortBindings;
        if (!ports.IsEmpty && machine.Daemon.Containers.FirstOrDefault(other => other != made && SpecOf(other).PortBindings.Any(held => ports.Any(asked => Collide(held, asked)))) is { } rival)
        {
            throw new ViolationException("I1 (ports)", $"{made.Name} and {rival.Name} on {machine.Engine.Name} were both given {string.Join(' ', ports)}.");
        }

        // Names that engines invent may meet; those that callers gave must not.
        if (attempts[AttemptOf(made)!.Value].Name is null)
        {
            return;
        }

        foreach (var other in machines)
        {
            foreach (var container in other.Daemon.Containers)
            {
                // What an engine held when it left the cluster gave its name up.
                if (container != made && container.Name == made.Name && !(MayHaveLeft(other, container) || MayHaveLeft(machine, made)))
                {
                    throw new ViolationException("I2 (unique names)", $"{made.Name} was made on {machine.Engine.Name} and is on {other.Engine.Name} already.");
                }
            }
        }
    }

    private bool MayHaveLeft(Machine machine, InMemoryContainer container) =>
        machine.LeftAt is { } left && simulation.Elapsed - (simulation.Time.GetUtcNow() - container.Created) <= (left == TimeSpan.MaxValue ? left : left + TimeSpan.FromMinutes(3));

    private ContainerLife LifeOf(InMemoryContainer container)
    {
        if (!_lives.TryGetValue(container.Id, out var life))
        {
            _lives[container.Id] = life = new ContainerLife(container);
        }

        return life;
    }

    private ContainerSpec SpecOf(InMemoryContainer container)
    {
        if (!_specs.TryGetValue(container.Id, out var spec))
        {
            _specs[container.Id] = spec = ContainerConfig.Parse(container.Body.Span).Typed;
        }

        return spec;
    }

    private string? FindDifference()
    {
        var states = cluster.Engines.List();
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

                if (view.State != container.State || view.Name != container.Name)
                {
                    return $"container {container.Id} on {machine.Engine.Name} is {container.Name} {container.State}, seen is {view.Name} {view.State}";
                }
            }
        }

        return null;
    }

    private sealed class Expectation(string what, TimeSpan since) : IDisposable
    {
        public string What { get; } = what;

        public TimeSpan Since { get; } = since;

        public bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }
}
