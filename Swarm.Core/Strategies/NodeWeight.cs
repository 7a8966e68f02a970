using Swarm.Core.Model;

namespace Swarm.Core.Strategies;

/// <summary>Weighs a node as classic Swarm does: the percentages of CPU and memory it would have in use, and its health.</summary>
internal static class NodeWeight
{
    // What a resource that is not asked for counts as: as if it were full.
    private const long NotAsked = 100;

    /// <summary>Weighs a node.</summary>
    /// <param name="node">The node; it has room for the request.</param>
    /// <param name="request">What is to be placed there.</param>
    /// <param name="healthFactor">What a point of health counts: negative where a low weight is wanted.</param>
    /// <returns>The weight: two whole percentages, rounded towards zero, plus the health; saturated at the limits of a 64-bit number.</returns>
    public static long Of(NodeView node, in ResourceVector request, int healthFactor)
    {
        var cpu = Percentage(node.Total.NanoCpus, node.Used.NanoCpus, request.NanoCpus);
        var memory = Percentage(node.Total.MemoryBytes, node.Used.MemoryBytes, request.MemoryBytes);
        return Saturate(cpu + memory + ((Int128)node.HealthIndicator * healthFactor));
    }

    private static Int128 Percentage(long total, long used, long requested) =>
        requested <= 0 || total == 0 ? NotAsked : ((Int128)used + requested) * 100 / total;

    private static long Saturate(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);
}
