using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>How an update counts, by the same rules as the container it changes.</summary>
internal static class UpdateDemand
{
    /// <summary>Makes the update that the engine is sent: shares that are a number of CPUs become shares of the engine.</summary>
    /// <param name="update">The update as the caller gave it.</param>
    /// <param name="rules">What counts.</param>
    /// <param name="counted">What was counted when the container was created; <see langword="null"/> for one that this library did not create.</param>
    /// <exception cref="InvalidRequestException">A number of CPUs is negative.</exception>
    public static ContainerUpdate ForEngine(ContainerUpdate update, DemandRules rules, CountedDemand? counted)
    {
        var cpus = update.Typed.CpuShares;
        if (cpus == 0 || !ResourceDemand.AreSharesCpus(rules, counted))
        {
            return update;
        }

        return cpus > 0
            ? update.WithCpuShares(ResourceDemand.SharesOf(cpus, counted!.HostCpus))
            : throw new InvalidRequestException("CpuShares", FormattableString.Invariant($"CpuShares is negative: {cpus}."));
    }

    /// <summary>Tells what a container may come to take by an update, in what the update changes.</summary>
    /// <param name="before">What it has.</param>
    /// <param name="update">What is to change, as the engine is told.</param>
    /// <param name="unknown">Updates that may or may not have been made, or may still be.</param>
    /// <param name="rules">What counts.</param>
    /// <param name="counted">What was counted when the container was created; <see langword="null"/> for one that this library did not create.</param>
    public static ResourceVector FloorOf(ContainerUpdateSpec before, ContainerUpdateSpec update, ImmutableArray<ContainerUpdateSpec> unknown, DemandRules rules, CountedDemand? counted)
    {
        var after = unknown.IsEmpty
            ? ResourceDemand.Of(before.With(update).Limits, rules, counted)
            : MostOf(before.Limits, update.Limits, [.. unknown.Select(each => each.Limits)], rules, counted);
        return new ResourceVector
        {
            MemoryBytes = ChangesMemory(update, rules) ? Math.Max(0, after.MemoryBytes) : 0,
            NanoCpus = ChangesCpus(update, rules, counted) ? Math.Max(0, after.NanoCpus) : 0,
        };
    }

    // Which of the unknown ones take effect, and in which order, is not known: each number may end as any of them sets it. More of a number
    // never counts for less, but for nothing and for less than nothing, so that these three and the shortest period say it all.
    private static ResourceVector MostOf(in ContainerLimits before, in ContainerLimits update, ImmutableArray<ContainerLimits> unknown, DemandRules rules, CountedDemand? counted)
    {
        var limits = new ContainerLimits { CpuPeriod = Ends(before, update, unknown, each => each.CpuPeriod).Min(period => period > 0 ? period : ResourceDemand.DefaultPeriod) };
        long memory = 0, cpus = 0;
        foreach (var reservation in Extremes(Ends(before, update, unknown, each => each.MemoryReservationBytes)))
        {
            foreach (var hard in Extremes(Ends(before, update, unknown, each => each.MemoryBytes)))
            {
                memory = Math.Max(memory, ResourceDemand.Of(limits with { MemoryBytes = hard, MemoryReservationBytes = reservation }, rules, counted).MemoryBytes);
            }
        }

        foreach (var shares in Extremes(Ends(before, update, unknown, each => each.CpuShares)))
        {
            foreach (var nanoCpus in Extremes(Ends(before, update, unknown, each => each.NanoCpus)))
            {
                foreach (var quota in Extremes(Ends(before, update, unknown, each => each.CpuQuota)))
                {
                    cpus = Math.Max(cpus, ResourceDemand.Of(limits with { CpuShares = shares, NanoCpus = nanoCpus, CpuQuota = quota }, rules, counted).NanoCpus);
                }
            }
        }

        return new ResourceVector { MemoryBytes = memory, NanoCpus = cpus };
    }

    // What a number may end as: 0 in an update leaves it.
    private static IEnumerable<long> Ends(ContainerLimits before, ContainerLimits update, ImmutableArray<ContainerLimits> unknown, Func<ContainerLimits, long> numberOf) =>
        unknown.Select(numberOf).Where(number => number != 0).Prepend(numberOf(update) != 0 ? numberOf(update) : numberOf(before));

    private static IEnumerable<long> Extremes(IEnumerable<long> numbers) => numbers.GroupBy(Math.Sign).Select(group => group.Max());

    private static bool ChangesMemory(ContainerUpdateSpec update, DemandRules rules) =>
        update.MemoryBytes != 0 || (rules.CountMemoryReservation && update.MemoryReservationBytes != 0);

    private static bool ChangesCpus(ContainerUpdateSpec update, DemandRules rules, CountedDemand? counted) =>
        update.NanoCpus != 0 || update.CpuQuota != 0 || update.CpuPeriod != 0 || (update.CpuShares != 0 && ResourceDemand.AreSharesCpus(rules, counted));
}
