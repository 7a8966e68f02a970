using Swarm.Core.Model;
using Swarm.Core.Strategies;

namespace Swarm.Core.Benchmarks;

/// <summary>What is placed, and where: nodes of 64 CPUs and 256 GiB, containers of one CPU and 2 GiB.</summary>
/// <param name="Name">The name of the workload.</param>
/// <param name="Strategy">The strategy it is placed with.</param>
/// <param name="Shape">What its containers ask for beyond CPU and memory.</param>
internal sealed record Workload(string Name, string Strategy, Func<int, ContainerSpec, ContainerSpec> Shape)
{
    private const long GiB = 1L << 30;
    private const decimal Overcommit = 0.05m;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1 spread", StrategyNames.Spread, (_, spec) => spec),
    ];

    /// <summary>Makes container number j.</summary>
    public ContainerConfig Container(int j) => Shape(j, new ContainerSpec
    {
        Name = $"web-{j % 100}-{j}",
        Image = $"registry.example.com/app/web-{j % 100}:1.0",
        Environment = ["LANG=C.UTF-8", $"INSTANCE={j}", "TIER=frontend"],
        Labels = LabelSet.Create([new("com.example.app", $"web-{j % 100}"), new("com.example.tier", "frontend"), new("com.example.build", $"{j}")]),
        MemoryBytes = 2 * GiB,
        NanoCpus = ResourceVector.NanoCpusPerCpu,
    });

    /// <summary>Makes the nodes, each holding some containers already.</summary>
    public static NodeSet Nodes(int count, int fill) => NodeSet.Create(Enumerable.Range(0, count).Select(i => Node(i, [.. Enumerable.Range(0, fill).Select(k => Held(i, k))])));

    /// <summary>Returns the node with one container more: what the placement of container j makes of it.</summary>
    public static NodeView Add(NodeView node, ContainerView placed) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Labels = node.Labels,
        Images = node.Images,
        Total = node.Total,
        Used = node.Used + placed.Resources,
        Containers = [.. node.Containers, placed],
    };

    public static ContainerView View(int j, string id) => new()
    {
        Id = id,
        Names = [$"/web-{j % 100}-{j}"],
        Labels = LabelSet.Create([new("com.example.app", $"web-{j % 100}"), new("com.example.tier", "frontend"), new("com.example.build", $"{j}")]),
        Resources = new ResourceVector { MemoryBytes = 2 * GiB, NanoCpus = ResourceVector.NanoCpusPerCpu, Slots = 1 },
    };

    public static LabelSet Labels(int i) => LabelSet.Create(
    [
        new("storage", i / 8 % 2 == 0 ? "ssd" : "disk"),
        new("region", $"region-{i % 8}"),
        new("zone", $"zone-{i % 24}"),
        new("storagedriver", "overlay2"),
        new("kernelversion", "6.1.0"),
        new("operatingsystem", "Debian GNU/Linux 12"),
        new("ostype", "linux"),
    ]);

    private static ContainerView Held(int i, int k) => View((i * 30) + k, $"{i:x8}{k:x56}");

    private static NodeView Node(int i, ContainerView[] containers) => new()
    {
        Id = $"node-{i:d5}",
        Name = $"host-{i:d5}",
        Labels = Labels(i),
        Images = [.. Enumerable.Range(0, 10).Select(image => new ImageView { Id = $"sha256:{image}", RepoTags = [$"registry.example.com/app/web-{image}:1.0"] })],
        Total = new ResourceVector
        {
            MemoryBytes = (long)(256 * GiB * (1 + Overcommit)),
            NanoCpus = (long)(64 * ResourceVector.NanoCpusPerCpu * (1 + Overcommit)),
            Slots = ResourceVector.UnlimitedSlots,
        },
        Containers = containers,
    };
}
