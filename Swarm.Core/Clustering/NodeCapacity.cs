using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What a node may give away: what the engine has, overcommit included.</summary>
internal static class NodeCapacity
{
    public static ResourceVector Of(EngineState state, decimal overcommit)
    {
        var specs = state.Specs;
        return specs is null
            ? default
            : new ResourceVector
            {
                MemoryBytes = WithOvercommit(specs.MemoryBytes, overcommit),
                NanoCpus = WithOvercommit(specs.NanoCpus, overcommit),
                Slots = SlotsOf(specs.Labels),
                Named = specs.NamedResources,
            };
    }

    /// <summary>Multiplies exactly: the ratio is the decimal number that was written, and the result is rounded down.</summary>
    public static long WithOvercommit(long amount, decimal overcommit)
    {
        var total = Math.Floor(amount * (1 + overcommit));
        return total >= long.MaxValue ? long.MaxValue : total <= long.MinValue ? long.MinValue : (long)total;
    }

    /// <summary>Reads the <c>containerslots</c> label: a whole number limits, anything else does not.</summary>
    public static long SlotsOf(LabelSet labels) =>
        labels.TryGetValue(SwarmLabels.ContainerSlots, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var slots)
            ? slots
            : ResourceVector.UnlimitedSlots;
}
