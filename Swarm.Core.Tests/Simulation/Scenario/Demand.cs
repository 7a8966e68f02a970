using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What a container takes of its machine by the options of a run: the scenario's own arithmetic, as plain as can be.</summary>
internal readonly record struct Demand(long Memory, long NanoCpus, long Slots = 0, long Named = 0)
{
    /// <summary>The one named resource of the scenario.</summary>
    public const string Resource = "gpu";

    public static Demand operator +(Demand left, Demand right) => new(left.Memory + right.Memory, left.NanoCpus + right.NanoCpus, left.Slots + right.Slots, left.Named + right.Named);

    public static Demand operator -(Demand left, Demand right) => new(left.Memory - right.Memory, left.NanoCpus - right.NanoCpus, left.Slots - right.Slots, left.Named - right.Named);

    /// <summary>What a container takes that is to be made.</summary>
    public static Demand Of(ContainerSpec spec, SwarmOptions options) => new(
        options.CountMemoryReservation && spec.MemoryReservationBytes > 0 ? spec.MemoryReservationBytes : spec.MemoryBytes,
        options.CpuSharesAsCpus && spec.CpuShares > 0 ? spec.CpuShares * 1_000_000_000 : NanoCpusOf(spec.NanoCpus, spec.CpuQuota, spec.CpuPeriod),
        1,
        spec.NamedResources[Resource]);

    /// <summary>What a container takes that is there, by what its engine enforces now.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="host">Its machine.</param>
    /// <param name="sharesAreCpus">Whether it was made by a cluster for which shares are a number of CPUs: then 1,024 of its shares are all CPUs of its machine, and the number is whole.</param>
    public static Demand Of(InMemoryContainer container, SwarmOptions options, InMemoryEngine host, bool sharesAreCpus) => new(
        options.CountMemoryReservation && container.Host.Number("MemoryReservation") > 0 ? container.Host.Number("MemoryReservation") : container.Host.Number("Memory"),
        sharesAreCpus && container.Host.Number("CpuShares") > 0
            ? CpusOf(container.Host.Number("CpuShares"), host) * 1_000_000_000
            : NanoCpusOf(container.Host.Number("NanoCpus"), container.Host.Number("CpuQuota"), container.Host.Number("CpuPeriod")),
        1,
        container.Labels.TryGetValue(SwarmLabels.Resources, out var text) && GoJson.TryReadAmounts(text, out var amounts) ? amounts[Resource] : 0);

    /// <summary>What there is of a machine to give away.</summary>
    public static Demand CapacityOf(InMemoryEngine engine, SwarmOptions options)
    {
        var specs = engine.Describe();
        return new(
            (long)decimal.Floor(specs.MemoryBytes * (1 + options.Overcommit)),
            (long)decimal.Floor(specs.NanoCpus * (1 + options.Overcommit)),
            specs.Labels.TryGetValue(SwarmLabels.ContainerSlots, out var slots) ? long.Parse(slots, System.Globalization.CultureInfo.InvariantCulture) : long.MaxValue,
            specs.NamedResources[Resource]);
    }

    public bool FitsInto(Demand capacity) => Memory <= capacity.Memory && NanoCpus <= capacity.NanoCpus && Slots <= capacity.Slots && Named <= capacity.Named;

    public override string ToString() => $"{Memory} bytes, {NanoCpus} nano-CPUs, {Slots} containers, {Named} {Resource}";

    /// <summary>Reads shares as the whole number of CPUs that they were made from.</summary>
    public static long CpusOf(long shares, InMemoryEngine host) => (long)Math.Round(shares * (host.Describe().NanoCpus / 1e9) / 1024);

    private static long NanoCpusOf(long nanoCpus, long quota, long period) =>
        nanoCpus > 0 ? nanoCpus : quota > 0 ? quota * 1_000_000_000 / (period > 0 ? period : 100_000) : 0;
}
