namespace Swarm.Core.Model;

/// <summary>How limits become demand; one reading for requests, promises, updates and containers that exist.</summary>
internal static class ResourceDemand
{
    /// <summary>How many shares all CPUs of an engine come to where shares are a number of CPUs.</summary>
    public const long SharesOfHost = 1024;

    /// <summary>What the kernel takes when a quota comes without a period, in microseconds.</summary>
    public const long DefaultPeriod = 100_000;

    // The kernel knows no fewer shares, and an engine may show what the kernel makes of them.
    private const long LeastShares = 2;

    /// <summary>Tells what a container takes by its limits, in memory and CPU time.</summary>
    /// <param name="limits">The limits, as they were asked for or as the engine shows them.</param>
    /// <param name="rules">Which of them count.</param>
    /// <param name="counted">What was counted when the container was created, <see cref="CountedDemand.OfRequest"/> for one that is asked for; <see langword="null"/> for one that this library did not create.</param>
    /// <returns>The demand. What the engine shows comes first, what was counted where it shows nothing: an engine may do without limits that its machine cannot enforce, and tells so by forgetting them.</returns>
    public static ResourceVector Of(in ContainerLimits limits, DemandRules rules, CountedDemand? counted = null) => new()
    {
        MemoryBytes = MemoryOf(limits, rules, counted),
        NanoCpus = CpusOf(limits, rules, counted),
    };

    /// <summary>Tells how many nano-CPUs a container takes: its own number if it has one, else its share of the scheduling period, rounded down.</summary>
    /// <param name="nanoCpus">HostConfig.NanoCpus; returned as it is unless 0, so that a wrong one can be refused by name.</param>
    /// <param name="quota">HostConfig.CpuQuota in microseconds; 0 or less is no limit.</param>
    /// <param name="period">HostConfig.CpuPeriod in microseconds; 0 or less is the default.</param>
    public static long NanoCpus(long nanoCpus, long quota, long period)
    {
        if (nanoCpus != 0 || quota <= 0)
        {
            return nanoCpus;
        }

        return Saturated((Int128)quota * ResourceVector.NanoCpusPerCpu / (period > 0 ? period : DefaultPeriod));
    }

    /// <summary>Tells which shares an engine is told for a number of CPUs, as classic Swarm does: rounded up, so that they come to no fewer CPUs.</summary>
    /// <param name="cpus">The number of CPUs.</param>
    /// <param name="hostCpus">How many the engine has.</param>
    public static long SharesOf(long cpus, long hostCpus) => Saturated((((Int128)cpus * SharesOfHost) + hostCpus - 1) / hostCpus);

    /// <summary>Tells how many nano-CPUs shares come to that are a number of CPUs: whole CPUs, rounded down as classic Swarm does.</summary>
    /// <param name="shares">What the engine shows; 0 where it forgot them.</param>
    /// <param name="counted">What was counted when the container was created: what the engine was told then reads back exactly.</param>
    public static long NanoCpusOfShares(long shares, CountedDemand counted)
    {
        if (counted.CpuShares > 0 && (shares == 0 || Math.Max(shares, LeastShares) == Math.Max(counted.CpuShares, LeastShares)))
        {
            return counted.NanoCpus;
        }

        return shares <= 0 ? 0 : Saturated((Int128)shares * counted.HostCpus / SharesOfHost * ResourceVector.NanoCpusPerCpu);
    }

    /// <summary>Tells whether shares of a container are a number of CPUs. Those of a container that was not created so never are.</summary>
    public static bool AreSharesCpus(DemandRules rules, CountedDemand? counted) => rules.CpuSharesAsCpus && counted is { HostCpus: > 0 };

    private static long MemoryOf(in ContainerLimits limits, DemandRules rules, CountedDemand? counted)
    {
        if (rules.CountMemoryReservation)
        {
            if (limits.MemoryReservationBytes > 0)
            {
                return limits.MemoryReservationBytes;
            }

            if (limits.MemoryReservationBytes == 0 && counted is { IsMemoryReserved: true })
            {
                return counted.MemoryBytes;
            }
        }

        if (limits.MemoryBytes != 0 || counted is null)
        {
            return limits.MemoryBytes;
        }

        // A reservation below 0 was taken away by an update: not forgotten.
        return counted.IsMemoryReserved && limits.MemoryReservationBytes < 0 ? 0 : counted.MemoryBytes;
    }

    private static long CpusOf(in ContainerLimits limits, DemandRules rules, CountedDemand? counted)
    {
        var areCpus = AreSharesCpus(rules, counted);
        if (areCpus && NanoCpusOfShares(limits.CpuShares, counted!) is > 0 and var byShares)
        {
            return byShares;
        }

        var limit = NanoCpus(limits.NanoCpus, limits.CpuQuota, limits.CpuPeriod);
        if (limit != 0 || counted is null)
        {
            return limit;
        }

        // Fewer shares than make one CPU, and a quota below 0, were set by an update: not forgotten.
        var isLimitGone = limits.CpuQuota < 0 && counted.CpuShares == 0;
        return (areCpus && limits.CpuShares > 0) || isLimitGone ? 0 : counted.NanoCpus;
    }

    private static long Saturated(Int128 exact) => exact > long.MaxValue ? long.MaxValue : (long)exact;
}
