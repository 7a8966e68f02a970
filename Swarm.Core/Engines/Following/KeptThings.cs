using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>Images, networks and volumes that are kept as far as they fit. Pure.</summary>
internal static class KeptThings
{
    /// <summary>Counts all of a kind.</summary>
    public static long SizeOf<T>(ImmutableArray<T> things, Func<T, long> sizeOf)
    {
        var bytes = 0L;
        foreach (var thing in things)
        {
            bytes += sizeOf(thing);
        }

        return bytes;
    }

    /// <summary>Keeps what fits: all as they are, else all without their labels, else without labels those that are first by their key.</summary>
    /// <param name="things">The things.</param>
    /// <param name="room">How many bytes they may take.</param>
    /// <param name="sizeOf">Counts one.</param>
    /// <param name="keyOf">The key of one.</param>
    /// <param name="withoutLabels">One without its labels.</param>
    /// <returns>What is kept and how many bytes that takes, how many are left out, and whether labels are.</returns>
    public static (ImmutableArray<T> Kept, long Bytes, int LeftOut, bool LeavesLabels) Fit<T>(ImmutableArray<T> things, long room, Func<T, long> sizeOf, Func<T, string> keyOf, Func<T, T> withoutLabels)
    {
        var whole = SizeOf(things, sizeOf);
        if (whole <= room)
        {
            return (things, whole, 0, false);
        }

        var kept = ImmutableArray.CreateBuilder<T>();
        var bytes = 0L;
        foreach (var thing in things.Select(withoutLabels).OrderBy(keyOf, StringComparer.Ordinal))
        {
            var size = sizeOf(thing);
            if (bytes + size > room)
            {
                break;
            }

            bytes += size;
            kept.Add(thing);
        }

        return kept.Count == things.Length
            ? ([.. things.Select(withoutLabels)], bytes, 0, true)
            : (kept.ToImmutable(), bytes, things.Length - kept.Count, true);
    }
}
