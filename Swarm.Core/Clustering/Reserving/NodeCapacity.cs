using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What a node may give away: what the engine has, overcommit included.</summary>
internal static class NodeCapacity
{
    /// <summary>Works out what a node may give away.</summary>
    /// <param name="specs">What the engine says of itself.</param>
    /// <param name="overcommit">The ratio.</param>
    /// <param name="labels">The labels that count; <see langword="null"/> for the engine's own.</param>
    /// <param name="maxContainers">How many containers of an engine are followed: one more would not be counted.</param>
    public static ResourceVector Of(EngineSpecs? specs, decimal overcommit, LabelSet? labels = null, long maxContainers = ResourceVector.UnlimitedSlots) => specs is null
        ? default
        : new ResourceVector
        {
            MemoryBytes = Overcommit.Apply(specs.MemoryBytes, overcommit),
            NanoCpus = Overcommit.Apply(specs.NanoCpus, overcommit),
            Slots = Math.Min(ContainerSlots.Of(labels ?? specs.Labels), maxContainers),
            Named = specs.NamedResources,
        };
}
