namespace Swarm.Core.Placement;

/// <summary>Lets a node draw a number from a seed and its ID, so that the outcome depends on neither the order nor the number of the nodes.</summary>
internal static class SeededDraw
{
    // FNV-1a over the ID, with a finisher that lets every bit of it count.
    public static ulong Of(long seed, string id)
    {
        var hash = Mix(unchecked((ulong)seed)) ^ 0xCBF29CE484222325;
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
