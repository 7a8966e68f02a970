using System.Numerics;

namespace Swarm.Core.Engines;

/// <summary>Shares an amount among those that want some: everybody gets what it wants up to one level, the same for all, and whoever wants more gets that level.</summary>
/// <remarks>
/// So those that want most are the first to get less, and nobody who wants no more than an equal part of the whole ever does. Wants are counted in classes, four for each
/// power of two, so that a change and the level cost the same however many there are; within a class the level is a little lower than it could be. The order of changes
/// makes no difference.
/// </remarks>
internal sealed class FairShare
{
    private const int ClassesPerPower = 4;
    private const int Classes = 63 * ClassesPerPower;

    private readonly int[] _counts = new int[Classes];
    private readonly long[] _sums = new long[Classes];

    /// <summary>Gets what all want together.</summary>
    public long Wanted { get; private set; }

    /// <summary>Gets how many want something.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in that somebody wants something.</summary>
    public void Add(long wanted) => Change(wanted, 1);

    /// <summary>Takes in that somebody does not want it any more.</summary>
    public void Remove(long wanted) => Change(wanted, -1);

    /// <summary>Finds the level at which an amount is enough for all; the largest number where it is anyway.</summary>
    public long LevelOf(long amount)
    {
        if (Wanted <= amount)
        {
            return long.MaxValue;
        }

        var (below, left) = (0L, Count);
        for (var index = 0; index < Classes; index++)
        {
            if (_counts[index] == 0)
            {
                continue;
            }

            // All that want as much as this class at most would not fit: the level is here or below.
            if (below + _sums[index] + ((left - _counts[index]) * (Int128)LargestOf(index)) > amount)
            {
                return (amount - below) / left;
            }

            below += _sums[index];
            left -= _counts[index];
        }

        return long.MaxValue;
    }

    private static int ClassOf(long wanted)
    {
        if (wanted < ClassesPerPower)
        {
            return (int)wanted;
        }

        var power = BitOperations.Log2((ulong)wanted);
        return (power * ClassesPerPower) + (int)((wanted >> (power - 2)) & (ClassesPerPower - 1));
    }

    private static long LargestOf(int index)
    {
        var (power, part) = (index / ClassesPerPower, index % ClassesPerPower);
        return power == 0 ? index : ((ClassesPerPower + part + 1L) << (power - 2)) - 1;
    }

    private void Change(long wanted, int change)
    {
        if (wanted <= 0)
        {
            return;
        }

        var index = ClassOf(wanted);
        _counts[index] += change;
        _sums[index] += change * wanted;
        Wanted += change * wanted;
        Count += change;
    }
}
