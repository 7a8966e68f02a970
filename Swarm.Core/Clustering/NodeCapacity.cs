using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What a node may give away: what the engine has, overcommit included.</summary>
internal static class NodeCapacity
{
    public static ResourceVector Of(EngineSpecs? specs, decimal overcommit) => specs is null
        ? default
        : new ResourceVector
        {
            MemoryBytes = Overcommit.Apply(specs.MemoryBytes, overcommit),
            NanoCpus = Overcommit.Apply(specs.NanoCpus, overcommit),
            Slots = SlotsOf(specs.Labels),
            Named = specs.NamedResources,
        };

    /// <summary>Reads the <c>containerslots</c> label: a whole number limits, anything else does not.</summary>
    public static long SlotsOf(LabelSet labels) =>
        labels.TryGetValue(SwarmLabels.ContainerSlots, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var slots)
            ? slots
            : ResourceVector.UnlimitedSlots;
}
