namespace Swarm.Core.Model;

/// <summary>How the limits of a container are asked for again, for a twin of it.</summary>
internal static class TwinDemand
{
    /// <summary>Makes of a configuration as an engine shows it what has to be asked for so that a twin counts for as much, on whatever engine.</summary>
    /// <param name="shown">The configuration of a container that exists, its labels included.</param>
    /// <param name="rules">What counts.</param>
    /// <returns>The configuration: shares that are CPUs as a number of CPUs, and limits that the engine forgot as they were counted.</returns>
    public static ContainerConfig Of(ContainerConfig shown, DemandRules rules)
    {
        var counted = CountedDemand.Of(shown.Typed.Labels);
        var limits = shown.Typed.Limits;
        var demand = ResourceDemand.Of(limits, rules, counted);


        // What a create wrote empty says nothing, and is no list where one is asked for.
        var config = shown.WithoutLabels([.. shown.Typed.Labels.Where(label => label.Value.Length == 0 && ReservedLabels.Has(label.Key)).Select(label => label.Key)]);
        if (rules.CpuSharesAsCpus)
        {
            // Ordinary shares cannot be asked for where shares are CPUs.
            config = config.WithCpuShares(ResourceDemand.AreSharesCpus(rules, counted) ? ResourceDemand.NanoCpusOfShares(limits.CpuShares, counted!) / ResourceVector.NanoCpusPerCpu : 0);
        }

        var asked = ResourceDemand.Of(config.Typed.Limits, rules, CountedDemand.OfRequest);
        if (asked.MemoryBytes != demand.MemoryBytes)
        {
            config = config.WithHostNumber(counted is { IsMemoryReserved: true } && rules.CountMemoryReservation ? "MemoryReservation" : "Memory", demand.MemoryBytes);
        }

        if (asked.NanoCpus != demand.NanoCpus)
        {
            config = config.WithHostNumber("CpuPeriod", 0).WithHostNumber("NanoCpus", demand.NanoCpus);
        }

        return config;
    }
}
