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
            Slots = ContainerSlots.Of(specs.Labels),
            Named = specs.NamedResources,
        };
}
