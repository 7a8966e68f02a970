using System.Numerics;

namespace Swarm.Core.Scheduling;

/// <summary>Looks for the smallest of many numbers, several at once.</summary>
internal static class Smallest
{
    /// <summary>Finds where the smallest number is, the first one of several.</summary>
    /// <returns>The position; -1 when there is no number.</returns>
    public static int IndexIn(ReadOnlySpan<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return -1;
        }

        var smallest = numbers[0];
        var i = 0;
        if (numbers.Length >= Vector<long>.Count)
        {
            var smallestOfEach = new Vector<long>(numbers);
            for (i = Vector<long>.Count; i <= numbers.Length - Vector<long>.Count; i += Vector<long>.Count)
            {
                smallestOfEach = Vector.Min(smallestOfEach, new Vector<long>(numbers[i..]));
            }

            for (var lane = 0; lane < Vector<long>.Count; lane++)
            {
                smallest = Math.Min(smallest, smallestOfEach[lane]);
            }
        }

        for (; i < numbers.Length; i++)
        {
            smallest = Math.Min(smallest, numbers[i]);
        }

        return numbers.IndexOf(smallest);
    }
}
