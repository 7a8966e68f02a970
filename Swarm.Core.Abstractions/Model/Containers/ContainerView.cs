using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>One container as scheduling sees it: on an engine, or promised to one and not yet visible there.</summary>
public sealed record ContainerView
{
    /// <summary>Gets the engine's ID of the container: 64 lower-case hexadecimal digits; empty while it is only promised.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the names as the engine gives them, with a leading <c>/</c>; the first is the container's own, further ones are link aliases.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Gets the container's own name without the leading <c>/</c>; empty when it has none.</summary>
    public string Name => Names.IsDefaultOrEmpty ? "" : Names[0].StartsWith('/') ? Names[0][1..] : Names[0];

    /// <summary>Gets the image reference the container was made from.</summary>
    public string Image { get; init; } = "";

    /// <summary>Gets the ID of that image, for example <c>sha256:…</c>; empty when unknown.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Gets the labels, including those merged in from the image. Of a container created through a cluster (<see cref="IsOfCluster"/>) none that begins with <see cref="SwarmLabels.Prefix"/> came from there.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets what the container is doing.</summary>
    public ContainerState State { get; init; }

    /// <summary>Gets the exit code of the last run; 0 for a container that never ended, and while it runs. <see langword="null"/> for one that has ended, cannot be looked at, and of whose code its engine's list tells nothing.</summary>
    public int? ExitCode { get; init; } = 0;

    /// <summary>Gets whether a process of the last run was killed because the container took more memory than it may have, or its machine had. Tells a 137 that comes of that from a stop or a kill.</summary>
    public bool RanOutOfMemory { get; init; }

    /// <summary>Gets when the engine made the container, in UTC by the engine's clock; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Gets when it was last started, in UTC by the engine's clock; <see langword="null"/> when it never was. Not to be compared with any other clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it last ended, in UTC by the engine's clock; <see langword="null"/> when it never did. Not to be compared with any other clock.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Gets what the container takes from its node: memory in bytes, nano-CPUs, one slot, named resources.</summary>
    public ResourceVector Resources { get; init; } = new() { Slots = 1 };

    /// <summary>Gets the network mode, for example <c>bridge</c>, <c>host</c> or <c>container:web</c>.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>Gets the exposed ports such as <c>80/tcp</c>, including those of the image.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    /// <summary>Gets the host ports the container asked for. A stopped container keeps them.</summary>
    public ImmutableArray<PortBinding> PortBindings { get; init; } = [];

    /// <summary>Gets the host ports the engine really gave it; empty while it does not run.</summary>
    public ImmutableArray<PortBinding> PublishedPorts { get; init; } = [];

    /// <summary>Gets the networks it is on, by name.</summary>
    public ImmutableArray<ContainerNetwork> Networks { get; init; } = [];

    /// <summary>Gets how many labels were left out here because the container has more, or longer ones, than are kept. Those of this library and of classic Swarm never are.</summary>
    public int OmittedLabels { get; init; }

    /// <summary>Gets whether parts of it are left out here because what is kept of its engine, or of all engines, takes more memory than it may. IDs, name, state and resources never are.</summary>
    public bool IsAbridged => Detail != ContainerDetail.Whole;

    /// <summary>Gets whether the container has more names, ports, networks or labels than are kept, so that parts of it are left out here: long labels, and the ends of long lists. Its ID, its name, its state and what it takes are never cut.</summary>
    /// <remarks>Its engine goes on getting work. A host port that was cut is not known to be taken; the engine itself refuses to give it twice.</remarks>
    public bool IsTruncated { get; init; }

    /// <summary>Gets whether only the engine's list tells of the container: looking at it failed so far, and what it takes is not known.</summary>
    public bool IsUnread { get; init; }

    /// <summary>Gets whether the container is only promised: chosen for the node, but not shown by its engine yet.</summary>
    public bool IsPending => Id.Length == 0;

    /// <summary>Gets whether a cluster of this library created the container, as far as its labels tell: a create writes every label that begins with <see cref="SwarmLabels.Prefix"/>, so that none of the image's shows.</summary>
    /// <remarks>Where it did not, such labels may be of the image, and so they may where an image was made of a container that a cluster created.</remarks>
    public bool IsOfCluster => ReservedLabels.AreOfCluster(Labels);

    /// <summary>Gets whether the container shares the network of its host.</summary>
    public bool UsesHostNetwork => string.Equals(NetworkMode, "host", StringComparison.Ordinal);

    /// <summary>Gets the Swarm ID, the identity that survives rescheduling; empty when the container has none, or one that is not 64 lower-case hexadecimal digits as clusters make them.</summary>
    /// <remarks>It is a label, so an engine and whoever creates containers beside the cluster can say what they like: it says who a container is only where no other has it.</remarks>
    public string SwarmId => Labels.TryGetValue(SwarmLabels.Id, out var id) && (IsSwarmIdOurs || SwarmIdText.IsWellFormed(id)) ? id : "";

    // Whether the Swarm ID was made by this cluster for this very container. Any other is the word of whoever wrote the label.
    internal bool IsSwarmIdOurs { get; init; }

    // Whether its engine removes it when it ends, as far as that was read.
    internal bool RemovesItself { get; init; }

    // Whether the engine shows no limit at all of memory, or of CPU time: it never had one, or its machine cannot enforce it.
    internal bool ShowsNoMemory { get; init; }

    internal bool ShowsNoCpus { get; init; }

    // The engine's whole answer, for a container that is to be made again elsewhere should its engine die; else empty. It holds secrets.
    internal ReadOnlyMemory<byte> Inspection { get; init; }

    // How much of it is kept, and how many bytes of memory that and all of it take; 0 where nobody has counted.
    internal ContainerDetail Detail { get; init; }

    internal int KeptBytes { get; init; }

    internal int WholeBytes { get; init; }
}
