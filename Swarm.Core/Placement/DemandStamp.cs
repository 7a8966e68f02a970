using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Makes the configuration that a chosen engine is sent: with what was counted as a label, the port chosen of each range of host ports, no label of the library left to the image, and with CPUs as shares of just that engine.</summary>
internal static class DemandStamp
{
    /// <summary>Makes the configuration for one engine.</summary>
    /// <param name="request">What was asked for, and counted.</param>
    /// <param name="rules">What counts.</param>
    /// <param name="specs">What the engine says of itself.</param>
    /// <returns>The configuration. Every label of the library is in it, empty if need be: an engine takes what a container does not have from its image.</returns>
    public static ContainerConfig Of(PlacementRequest request, DemandRules rules, EngineSpecs? specs)
    {
        var config = request.Config!;
        var limits = config.Typed.Limits;
        var hostCpus = rules.CpuSharesAsCpus ? Math.Max(1, (specs?.NanoCpus ?? 0) / ResourceVector.NanoCpusPerCpu) : 0;
        var shares = hostCpus > 0 && limits.CpuShares > 0 ? ResourceDemand.SharesOf(limits.CpuShares, hostCpus) : 0;
        var counted = new CountedDemand
        {
            MemoryBytes = request.Resources.MemoryBytes,
            IsMemoryReserved = rules.CountMemoryReservation && limits.MemoryReservationBytes > 0,
            NanoCpus = request.Resources.NanoCpus,
            CpuShares = shares,
            HostCpus = hostCpus,
        };
        config = request.PortsChosenOf.IsEmpty ? config : config.WithPortBindings(Chosen(config.Typed.PortBindings, request.PortBindings));
        return (shares > 0 ? config.WithCpuShares(shares) : config).WithLabels(Stamp(config.Typed.Labels, counted));
    }

    // What is no range goes as it was written.
    private static ImmutableArray<PortBinding> Chosen(ImmutableArray<PortBinding> written, ImmutableArray<PortBinding> chosen) =>
        [.. written.Select((binding, index) => HostPortRange.IsMeant(binding.HostPort) ? binding with { HostPort = chosen[index].HostPort } : binding)];

    private static List<KeyValuePair<string, string>> Stamp(LabelSet said, CountedDemand counted)
    {
        var stamp = new List<KeyValuePair<string, string>>(ReservedLabels.Written.Length + 1) { new(SwarmLabels.Demand, counted.Write()) };
        foreach (var label in ReservedLabels.Written)
        {
            if (ReservedLabels.IsUnused(label) || (label is not SwarmLabels.Demand && !said.ContainsKey(label)))
            {
                stamp.Add(new(label, ""));
            }
        }

        return stamp;
    }
}
