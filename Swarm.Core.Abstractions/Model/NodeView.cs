using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Model;

/// <summary>One engine as a placement sees it: what it has, what runs on it and what is promised on it. Immutable and safe to share.</summary>
/// <remarks>
/// The cluster keeps one per admitted engine and replaces it only when that engine or its reservations change. A node for a test or for a
/// plan on made-up hardware is built with an object initializer.
/// </remarks>
public sealed class NodeView
{
    private const int FewPromised = 8;

    private IReadOnlyList<ContainerView> _containers = [];
    private readonly ResourceVector? _used;
    private StrongBox<ResourceVector>? _sum;
    private int? _containerCount;
    private ContainerTotals? _totals;
    private EngineState? _state;
    private IReadOnlyList<ContainerView>? _shown;
    private ImmutableArray<ContainerView> _pending = [];
    private PromisedPorts? _promised;

    /// <summary>Gets the engine's ID. Ties between equally good nodes are broken by it, ordinally.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the engine's name, the host name of its machine. Two nodes may share one.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the address of the engine; <see langword="null"/> on a node built by hand without one.</summary>
    public EngineAddress? Address { get; init; }

    /// <summary>Gets a number that grows with every change of the engine or its reservations.</summary>
    public long Version { get; init; }

    /// <summary>Gets the health: 0 is unusable, 100 is without failures.</summary>
    public long HealthIndicator { get; init; } = 100;

    /// <summary>Gets whether the node may get new work. A separate matter from its health.</summary>
    public bool IsEligible { get; init; } = true;

    /// <summary>Gets why the node may not get new work, as a clause; <see langword="null"/> when it may, or when nobody said.</summary>
    public string? IneligibleReason { get; init; }

    /// <summary>Gets the marks that keep containers away which do not tolerate them.</summary>
    public ImmutableArray<Taint> Taints { get; init; } = [];

    /// <summary>Gets the labels of the engine, those of the host program's overlay over the engine's own.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets the images on the engine.</summary>
    public IReadOnlyList<ImageView> Images { get; init; } = [];

    /// <summary>Gets what the node has to give, overcommit included: memory in bytes, nano-CPUs, slots, named resources.</summary>
    public ResourceVector Total { get; init; } = new() { Slots = ResourceVector.UnlimitedSlots };

    /// <summary>Gets all containers of the node, whatever their state, then those that are only promised (with an empty ID).</summary>
    public IReadOnlyList<ContainerView> Containers
    {
        get => _containers;
        init => _containers = value;
    }

    /// <summary>Gets what is used and promised; the sum over <see cref="Containers"/> unless it was given.</summary>
    public ResourceVector Used
    {
        // Boxed, because readers on several threads must not see half a sum.
        get => _used ?? (_sum ??= new StrongBox<ResourceVector>(SumOf(_containers))).Value;
        init => _used = value;
    }

    /// <summary>Gets the number of containers, promised ones included; the length of <see cref="Containers"/> unless it was given.</summary>
    public int ContainerCount
    {
        get => _containerCount ?? _containers.Count;
        init => _containerCount = value;
    }

    /// <summary>Tells whether a host port is in use or promised. Costs O(1) plus the containers that are only promised.</summary>
    /// <param name="binding">The binding asked for.</param>
    /// <returns><see langword="true"/> when a container holds the same host port text under the same protocol and their host addresses overlap.</returns>
    /// <remarks>A binding without host port never conflicts: the engine chooses one.</remarks>
    public bool IsHostPortTaken(in PortBinding binding)
    {
        if (Totals.Ports.IsTaken(binding))
        {
            return true;
        }

        if (_pending.Length > FewPromised)
        {
            return PromisedTable.IsTaken(binding);
        }

        foreach (var container in _pending)
        {
            if (container.PortBindings.Length > FewPromised)
            {
                return PromisedTable.IsTaken(binding);
            }

            foreach (var promised in container.PortBindings)
            {
                if (promised.IsBlock)
                {
                    return PromisedTable.IsTaken(binding);
                }

                if (binding.HostPort.Length > 0
                    && string.Equals(promised.HostPort, binding.HostPort, StringComparison.Ordinal)
                    && string.Equals(promised.Protocol, binding.Protocol, StringComparison.Ordinal)
                    && HostPortTable.Overlap(promised.HostIp, binding.HostIp))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Tells whether a container that shares the host's network exposes a port, or is promised to.</summary>
    /// <param name="exposedPort">The port, for example <c>80/tcp</c>; without protocol it means tcp.</param>
    /// <returns>Whether another host-network container exposes it.</returns>
    public bool IsHostNetworkPortTaken(string exposedPort)
    {
        ArgumentNullException.ThrowIfNull(exposedPort);
        if (Totals.Ports.IsExposedOnHost(exposedPort))
        {
            return true;
        }

        if (_pending.Length > FewPromised)
        {
            return PromisedTable.IsExposedOnHost(exposedPort);
        }

        foreach (var container in _pending)
        {
            if (container.UsesHostNetwork)
            {
                if (container.ExposedPorts.Length > FewPromised)
                {
                    return PromisedTable.IsExposedOnHost(exposedPort);
                }

                var wanted = HostPortTable.Normalize(exposedPort);
                foreach (var port in container.ExposedPorts)
                {
                    if (HostPortRange.IsMeant(port))
                    {
                        return PromisedTable.IsExposedOnHost(exposedPort);
                    }

                    if (string.Equals(HostPortTable.Normalize(port), wanted, StringComparison.Ordinal))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    // Whether some container holds one of many wanted ports, whatever the address.
    internal bool MayHold(WantedPorts wanted, WorkMeter? meter)
    {
        const int StepsPerLook = 32;
        var holds = Totals.Ports.HoldsAny(wanted, out var looks);
        meter?.Spend((long)StepsPerLook * looks);
        if (holds || _pending.IsEmpty)
        {
            return holds;
        }

        holds = PromisedTable.HoldsAny(wanted, out looks);
        meter?.Spend((long)StepsPerLook * looks);
        return holds;
    }

    // Whether some container has a label whose value meets a condition; without the label it has the empty value. One call per distinct value,
    // however many containers share it, plus one per promised container. Allocates nothing.
    internal bool AnyContainerLabel<T>(string key, T argument, Func<T, string, bool> condition)
    {
        if (Totals.AnyLabel(_shown ?? _containers, key, argument, condition))
        {
            return true;
        }

        foreach (var container in _pending)
        {
            if (condition(argument, container.Labels.ValueOrEmpty(key)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the name and the ID of the node, cleaned, for messages.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Name.Length == 0 ? CleanText.Of(Id) : $"{CleanText.Of(Name)} ({CleanText.Of(Id)})";

    // The state the node was made of; null for one built by hand.
    internal EngineState? State => _state;

    // The node of an engine with what the ledger has promised on top. Shares everything with the state, and what is known of promised ports
    // with the node before it; costs O(pending).
    internal static NodeView Of(EngineState state, in ResourceVector total, ImmutableArray<ContainerView> pending, in ResourceVector held, long version, NodeView? former = null) => new()
    {
        Id = state.Id,
        Name = state.Name,
        Address = state.Address,
        Version = version,
        HealthIndicator = state.HealthIndicator,
        IsEligible = state.IsEligible,
        IneligibleReason = state.IneligibleReason,
        Taints = state.Overlay.TaintArray,
        Labels = state.Labels,
        Images = state.Images,
        Total = total,
        Used = state.Used + held,
        ContainerCount = state.Containers.Length + pending.Length,
        Containers = pending.IsEmpty ? state.Containers : new Joined(state.Containers, pending),
        _state = state,
        _shown = state.Containers,
        _pending = pending,
        _promised = pending.IsEmpty ? null : former?._promised,
    };

    /// <summary>Returns the node with one more container promised on it: what it would be after a placement. For plans of several containers.</summary>
    /// <param name="container">The container; its ID does not count.</param>
    /// <returns>The new node. Shares everything else with this one; costs O(promised containers).</returns>
    public NodeView WithPromised(ContainerView container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var shown = _shown ?? _containers;
        var pending = _pending.Add(container with { Id = "", State = ContainerState.Pending });
        return new NodeView
        {
            Id = Id,
            Name = Name,
            Address = Address,
            Version = Version,
            HealthIndicator = HealthIndicator,
            IsEligible = IsEligible,
            IneligibleReason = IneligibleReason,
            Taints = Taints,
            Labels = Labels,
            Images = Images,
            Total = Total,
            Used = Used + container.Resources,
            ContainerCount = ContainerCount + 1,
            Containers = new Joined(shown, pending),
            _shown = shown,
            _totals = Totals,
            _pending = pending,
            _promised = _promised,
        };
    }

    internal static ResourceVector SumOf(IReadOnlyList<ContainerView> containers)
    {
        var sum = default(ResourceVector);
        for (var i = 0; i < containers.Count; i++)
        {
            sum += containers[i].Resources;
        }

        return sum;
    }

    // The ports of promised containers, made when there are more than are worth looking through, of what a node before this one knew. Two
    // racing readers make the same.
    private HostPortTable PromisedTable
    {
        get
        {
            var promised = _promised;
            if (promised is null || promised.Containers != _pending)
            {
                _promised = promised = PromisedPorts.Of(_pending, promised);
            }

            return promised.Table;
        }
    }

    // A node built by hand counts its promised containers through the table too.
    private ContainerTotals Totals => _totals ??= _state?.Totals ?? ContainerTotals.Of(_containers);

    private sealed class Joined(IReadOnlyList<ContainerView> first, ImmutableArray<ContainerView> second) : IReadOnlyList<ContainerView>
    {
        public int Count => first.Count + second.Length;

        public ContainerView this[int index] => index < first.Count ? first[index] : second[index - first.Count];

        public IEnumerator<ContainerView> GetEnumerator()
        {
            foreach (var container in first)
            {
                yield return container;
            }

            foreach (var container in second)
            {
                yield return container;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
