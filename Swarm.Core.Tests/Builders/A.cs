using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Builders;

/// <summary>Makes the objects tests are about, with sensible values for everything a test does not care about.</summary>
internal static class A
{
    public const long MiB = 1024 * 1024;
    public const long GiB = 1024 * MiB;

    /// <summary>Makes a healthy node of 8 GiB and 4 CPUs. Labels are written <c>key=value</c>. What is used is added to what the containers take.</summary>
    public static NodeView Node(
        string id,
        string? name = null,
        long memory = 8 * GiB,
        decimal cpus = 4,
        long usedMemory = 0,
        decimal usedCpus = 0,
        long health = 100,
        string[]? labels = null,
        ContainerView[]? containers = null,
        ImageView[]? images = null,
        NamedResources? named = null)
    {
        var set = Labels(labels);
        var used = new ResourceVector { MemoryBytes = usedMemory, NanoCpus = Nano(usedCpus) };
        return new NodeView
        {
            Id = id,
            Name = name ?? id,
            Labels = set,
            HealthIndicator = health,
            Total = new ResourceVector { MemoryBytes = memory, NanoCpus = Nano(cpus), Slots = ContainerSlots.Of(set), Named = named ?? NamedResources.Empty },
            Used = used + NodeView.SumOf(containers ?? []),
            Containers = containers ?? [],
            Images = images ?? [],
        };
    }

    public static NodeSet Nodes(params IEnumerable<NodeView> nodes) => NodeSet.Create(nodes);

    /// <summary>Makes a container of a node. Without an ID it gets one from its name; with an empty one it is only promised.</summary>
    public static ContainerView Container(
        string name = "",
        string? id = null,
        long memory = 0,
        decimal cpus = 0,
        string[]? labels = null,
        string network = "bridge",
        string[]? exposed = null,
        PortBinding[]? ports = null,
        PortBinding[]? published = null,
        NamedResources? named = null) => new()
        {
            Id = id ?? $"id-of-{name}",
            Names = name.Length == 0 ? [] : ["/" + name],
            Labels = Labels(labels),
            Resources = new ResourceVector { MemoryBytes = memory, NanoCpus = Nano(cpus), Slots = 1, Named = named ?? NamedResources.Empty },
            NetworkMode = network,
            ExposedPorts = [.. exposed ?? []],
            PortBindings = [.. ports ?? []],
            PublishedPorts = [.. published ?? []],
        };

    /// <summary>Makes a request that asks for nothing but a slot, and what is given.</summary>
    public static PlacementRequest Request(
        long memory = 0,
        decimal cpus = 0,
        string[]? constraints = null,
        string[]? affinities = null,
        string[]? whitelists = null,
        string[]? dependsOn = null,
        string network = "bridge",
        string[]? exposed = null,
        PortBinding[]? ports = null,
        NamedResources? named = null,
        string? strategy = null) => new()
        {
            Resources = new ResourceVector { MemoryBytes = memory, NanoCpus = Nano(cpus), Slots = 1, Named = named ?? NamedResources.Empty },
            Constraints = Expressions(constraints, Expression.Parse),
            Affinities = Expressions(affinities, Expression.Parse),
            Whitelists = Expressions(whitelists, Expression.ParseWhitelist),
            Dependencies = [.. (dependsOn ?? []).Select(reference => new ContainerDependency(reference, $"--link={reference}"))],
            NetworkMode = network,
            ExposedPorts = [.. exposed ?? []],
            PortBindings = [.. ports ?? []],
            Strategy = strategy,
        };

    /// <summary>Makes a binding of a host port.</summary>
    public static PortBinding Port(string hostPort, string containerPort = "80/tcp", string ip = "") => new(containerPort, ip, hostPort);

    public static ImageView Image(string id, params string[] tags) => new() { Id = id, RepoTags = [.. tags] };

    public static NamedResources Named(string name, long amount) => NamedResources.Create(KeyValuePair.Create(name, amount));

    public static PlacementContext Context(PlacementRequest request, params IEnumerable<NodeView> nodes) => new(request, Nodes(nodes));

    private static ExpressionList Expressions(string[]? texts, Func<string, Expression> parse) =>
        new([.. (texts ?? []).Select(parse)]);

    private static LabelSet Labels(string[]? labels) => LabelSet.Create((labels ?? []).Select(label =>
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return KeyValuePair.Create(label[..equals], label[(equals + 1)..]);
    }));

    private static long Nano(decimal cpus) => (long)(cpus * ResourceVector.NanoCpusPerCpu);
}
