using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>What a container needs from its node: everything filters and strategies look at, read from its configuration once.</summary>
/// <remarks>Immutable. Requests are made from a <see cref="ContainerConfig"/> by the cluster; one for a test is built with an object initializer.</remarks>
public sealed record PlacementRequest
{
    /// <summary>Gets the configuration the request was made from; <see langword="null"/> on a request built by hand. Custom filters may read anything from it.</summary>
    public ContainerConfig? Config { get; init; }

    /// <summary>Gets the name the container shall have, without a leading <c>/</c>; <see langword="null"/> when the engine chooses one.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the image reference.</summary>
    public string Image { get; init; } = "";

    /// <summary>Gets the labels of the container, with the scheduling labels written back as classic Swarm does.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets what the container takes: memory in bytes, nano-CPUs, one slot, named resources.</summary>
    public ResourceVector Resources { get; init; } = new() { Slots = 1 };

    /// <summary>Gets the network mode, for example <c>bridge</c>, <c>host</c> or <c>container:web</c>.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>Gets whether the container shall share the network of its host.</summary>
    public bool UsesHostNetwork => string.Equals(NetworkMode, "host", StringComparison.Ordinal);

    /// <summary>Gets the ports the request itself exposes, such as <c>80/tcp</c>; those of the image are not known yet.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    /// <summary>Gets the host ports asked for. A range such as <c>8000-8010</c> asks for one port of it; once a node was found, it is the port chosen there.</summary>
    public ImmutableArray<PortBinding> PortBindings { get; init; } = [];

    /// <summary>Gets the node constraints.</summary>
    public ExpressionList Constraints { get; init; } = ExpressionList.Empty;

    /// <summary>Gets the affinities to containers and images.</summary>
    public ExpressionList Affinities { get; init; } = ExpressionList.Empty;

    /// <summary>Gets the node whitelists.</summary>
    public ExpressionList Whitelists { get; init; } = ExpressionList.Empty;

    /// <summary>Gets what taints of a node are put up with.</summary>
    public ImmutableArray<Toleration> Tolerations { get; init; } = [];

    /// <summary>Gets the containers that must be on the same node.</summary>
    public ImmutableArray<ContainerDependency> Dependencies { get; init; } = [];

    /// <summary>Gets the name of the strategy to use for this request; <see langword="null"/> for the cluster's own.</summary>
    public string? Strategy { get; init; }

    /// <summary>Gets which of several equally good nodes is chosen; <see langword="null"/> for the cluster's own way.</summary>
    public TieBreak? TieBreak { get; init; }

    /// <summary>Gets what soft rules do to the decision; <see langword="null"/> for the cluster's own way.</summary>
    public SoftRuleMode? SoftRules { get; init; }

    /// <summary>Gets whether one of the rules is only a wish.</summary>
    public bool HasSoftRules => Constraints.HasSoft || Affinities.HasSoft || Whitelists.HasSoft;

    /// <summary>Returns the request with its soft rules left out.</summary>
    /// <returns>The same request when it has none.</returns>
    public PlacementRequest WithoutSoftRules() => HasSoftRules
        ? this with { Constraints = Constraints.WithoutSoft(), Affinities = Affinities.WithoutSoft(), Whitelists = Whitelists.WithoutSoft() }
        : this;

    // Whether the Swarm ID among the labels was made for this request.
    internal bool IsSwarmIdOurs { get; init; }

    // Whether it asks for one port of a range, and which is not chosen yet. In a request built by hand a range is a text like any other, as in classic Swarm.
    internal bool HasPortRanges { get; init; }

    // The bindings of which the host ports were chosen, ranges and all; empty where there was nothing to choose.
    internal ImmutableArray<PortBinding> PortsChosenOf { get; init; } = [];

    // What the host program demands itself. It stays with the decision, and out of everything that others get to see.
    internal HostConditions? Conditions { get; init; }

    // Both what the configuration tolerates and what the host program does.
    internal ImmutableArray<Toleration> AllTolerations => Conditions is { Tolerations: { IsEmpty: false } also } ? Tolerations.AddRange(also) : Tolerations;

    // The request with the wishes of the host program as conditions.
    internal PlacementRequest ObeyingWishes() => Conditions is { HasWishes: true } conditions ? this with { Conditions = conditions.ObeyingWishes() } : this;

    // The request as whoever wrote the configuration may see it, to whom nodes that the host program rules out are not there.
    internal PlacementRequest ForTenant() => Conditions is null ? this : this with { Conditions = Conditions.OnlyTolerations() };

    // The container as its node shows it until the engine does.
    internal ContainerView ToPromised() => new()
    {
        Id = "",
        Names = Name is null ? [] : ["/" + Name],
        Image = Image,
        Labels = Labels,
        IsSwarmIdOurs = IsSwarmIdOurs,
        State = ContainerState.Pending,
        Resources = Resources,
        NetworkMode = NetworkMode,
        ExposedPorts = ExposedPorts,
        PortBindings = PortBindings,
    };
}
