using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Benchmarks;

/// <summary>What is placed: containers of one CPU and 2 GiB, unless the workload says otherwise.</summary>
/// <param name="Name">The name it is selected by.</param>
/// <param name="Summary">What sets it apart, in a few words.</param>
/// <param name="Strategy">The strategy it is placed with.</param>
/// <param name="Shape">What its containers ask for beyond the common: of the fill of the machines, the container's number and its common part.</param>
internal sealed record Workload(string Name, string Summary, string Strategy, Func<int, int, ContainerSpec, ContainerSpec> Shape)
{
    private const long GiB = 1L << 30;

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", "plain, spread", StrategyNames.Spread, (_, _, spec) => spec),
        new("W2", "plain, binpack", StrategyNames.BinPack, (_, _, spec) => spec),
        new("W3", "constraints", StrategyNames.Spread, (_, j, spec) => spec with
        {
            Constraints = j % 10 == 9
                ? ["region==/region-[0-3]/", "storage==ssd", "zone!=/zone-1[0-9]/"]
                : [$"region==region-{j % 8}", "storage==ssd"],
        }),
        new("W4", "affinities", StrategyNames.Spread, (fill, j, spec) => j % 10 != 9 ? spec : spec with
        {
            Affinities = (j / 10 % 4) switch
            {
                0 => ["com.example.app!=web-17"],
                1 => [$"com.example.app!=~web-{j % 100}"],
                2 => [$"com.example.app==~web-{j % 100}"],
                _ => [fill == 0 ? "com.example.app==~web-42" : "com.example.app==web-42"],
            },
        }),
        new("W5", "host ports", StrategyNames.Spread, (_, j, spec) => spec with
        {
            PortBindings = [new PortBinding("80/tcp", "", $"{8000 + (j % 30)}")],
        }),
        new("W6", "16 shapes", StrategyNames.Spread, (_, j, spec) => spec with
        {
            NanoCpus = (1 + Draw(j, 4)) * ResourceVector.NanoCpusPerCpu,
            MemoryBytes = (1 + Draw(j + 1_000_003, 4)) * GiB,
        }),
        new("W7", "256 shapes", StrategyNames.Spread, (_, j, spec) => spec with
        {
            NanoCpus = (1 + Draw(j, 8)) * ResourceVector.NanoCpusPerCpu,
            MemoryBytes = (1 + Draw(j + 1_000_003, 32)) * GiB / 4,
        }),
        new("W1p", "plain, a filter and a strategy of the host", CustomStrategy.StrategyName, (_, _, spec) => spec),
    ];

    /// <summary>Gets whether the containers that are there already hold host ports.</summary>
    public bool HoldsPorts => Name == "W5";

    /// <summary>Gets whether its cluster has a filter of its host.</summary>
    public bool HasFilter => Strategy == CustomStrategy.StrategyName;

    /// <summary>Gets how it asks for its strategy.</summary>
    public PlacementOptions Options => new() { Strategy = Strategy };

    /// <summary>Makes container number j, to be placed on machines that hold some already.</summary>
    public ContainerConfig Container(int fill, int j) => Shape(fill, j, Common(j));

    /// <summary>Makes what all containers have in common.</summary>
    public static ContainerSpec Common(int j) => new()
    {
        Name = $"web-{j % 100}-{j}",
        Image = $"registry.example.com/app/web-{j % 100}:1.0",
        Environment = ["LANG=C.UTF-8", $"INSTANCE={j}", "TIER=frontend"],
        Labels = LabelSet.Create([new("com.example.app", $"web-{j % 100}"), new("com.example.tier", "frontend"), new("com.example.build", $"{j}")]),
        MemoryBytes = 2 * GiB,
        NanoCpus = ResourceVector.NanoCpusPerCpu,
    };

    // The same for every run: a mixed number, not a generator that the order of the calls would show in.
    private static long Draw(int number, int below)
    {
        var mixed = unchecked((ulong)number * 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 31)) * 0xBF58476D1CE4E5B9UL);
        return (long)((mixed >> 33) % (ulong)below);
    }
}
