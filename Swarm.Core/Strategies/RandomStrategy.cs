using Swarm.Core.Placement;

namespace Swarm.Core.Strategies;

/// <summary>Prefers any node: each one draws a number from the seed and its ID, so the choice depends on neither the order nor the number of the nodes.</summary>
internal sealed class RandomStrategy : IPlacementStrategy
{
    public string Name => StrategyNames.Random;

    public NodeScore Prepare(PlacementContext context)
    {
        var start = Mix(unchecked((ulong)context.Seed));
        return node => new PlacementScore(unchecked((long)Draw(start, node.Id)));
    }

    // FNV-1a over the ID, with a finisher that lets every bit of it count.
    private static ulong Draw(ulong start, string id)
    {
        var hash = start ^ 0xCBF29CE484222325;
        foreach (var character in id)
        {
            hash = unchecked((hash ^ character) * 0x100000001B3);
        }

        return Mix(hash);
    }

    // The finisher of SplitMix64.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
