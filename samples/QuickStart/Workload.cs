using System.Collections.Immutable;
using Swarm.Core.Model;

namespace QuickStart;

/// <summary>What the tour places: a dozen containers of different sizes, some of them with wishes.</summary>
internal static class Workload
{
    private const long MiB = 1L << 20;

    /// <summary>Makes the containers. Constraints on labels that no engine has are left out, so that any engines will do.</summary>
    public static IReadOnlyList<ContainerSpec> Create(string image, string suffix, IReadOnlyCollection<string> knownLabels)
    {
        ContainerSpec[] all =
        [
            Spec("web-1", 0.5, 512 * MiB, "region==eu-*"),
            Spec("web-2", 0.5, 512 * MiB, "region==eu-*"),
            Spec("web-3", 0.5, 512 * MiB, "region!=us-east"),
            Spec("db-primary", 2, 4096 * MiB, "storage==ssd"),
            Spec("db-replica", 2, 4096 * MiB, "storage==ssd", "region!=eu-west"),
            Spec("cache-1", 0.25, 1024 * MiB),
            Spec("cache-2", 0.25, 1024 * MiB),
            Spec("worker-1", 1, 768 * MiB, "storage==~ssd"),
            Spec("worker-2", 1, 768 * MiB, "storage==~ssd"),
            Spec("worker-3", 1, 768 * MiB, "storage==~ssd"),
            Spec("cron", 0.1, 64 * MiB),
            Spec("batch", 4, 2048 * MiB),
        ];
        return all;

        ContainerSpec Spec(string name, double cpus, long memory, params string[] constraints) => new()
        {
            Name = name + suffix,
            Image = image,
            Command = ["sleep", "600"],
            NanoCpus = (long)(cpus * ResourceVector.NanoCpusPerCpu),
            MemoryBytes = memory,
            Constraints = [.. constraints.Where(constraint => knownLabels.Contains(constraint[..constraint.IndexOfAny(['=', '!'])]))],
        };
    }

    /// <summary>Scales a container down to machines smaller than the embedded ones.</summary>
    public static ContainerSpec ScaleTo(ContainerSpec spec, ResourceVector largest) => spec with
    {
        NanoCpus = Math.Min(spec.NanoCpus, largest.NanoCpus / 8),
        MemoryBytes = Math.Min(spec.MemoryBytes, largest.MemoryBytes / 16),
    };

    public static string Needs(ContainerSpec spec) =>
        FormattableString.Invariant($"{spec.NanoCpus / (double)ResourceVector.NanoCpusPerCpu:0.##} CPU, {spec.MemoryBytes / MiB} MiB");

    public static string Describe(ImmutableArray<string> constraints) => constraints.IsEmpty ? "-" : string.Join(" ", constraints);
}
