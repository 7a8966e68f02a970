using System.Runtime.CompilerServices;

namespace Swarm.Core.Expressions;

/// <summary>Tells whether a code point is in a set. Costs a look into a table for ASCII, and the logarithm of the number of ranges beyond. Immutable.</summary>
internal sealed class CharacterTest
{
    private readonly (int Low, int High)[] _ranges;
    private readonly int _inCategories;
    private readonly int _notInCategories;
    private readonly bool _isNegated;
    // A bit for each character of ASCII.
    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Makes the test.</summary>
    /// <param name="ranges">The ranges, in order and apart.</param>
    /// <param name="inCategories">The general categories of which all characters are in, as bits.</param>
    /// <param name="notInCategories">The general categories of which all other characters are in, as bits.</param>
    /// <param name="isNegated">Whether all this says what is not in the set.</param>
    public CharacterTest((int Low, int High)[] ranges, int inCategories, int notInCategories, bool isNegated)
    {
        _ranges = ranges;
        _inCategories = inCategories;
        _notInCategories = notInCategories;
        _isNegated = isNegated;
        for (var character = 0; character < 128; character++)
        {
            var bit = Find(character) ? 1UL << (character & 63) : 0;
            _low |= character < 64 ? bit : 0;
            _high |= character < 64 ? 0 : bit;
        }
    }

    /// <summary>Returns whether a code point is in the set; a negative number never is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int codePoint) => codePoint switch
    {
        < 0 => false,
        < 64 => ((_low >> codePoint) & 1) != 0,
        < 128 => ((_high >> (codePoint & 63)) & 1) != 0,
        _ => Find(codePoint),
    };

    private bool Find(int codePoint)
    {
        if (IsInRange(codePoint))
        {
            return !_isNegated;
        }

        if ((_inCategories | _notInCategories) == 0)
        {
            return _isNegated;
        }

        var category = CharacterSet.CategoryBit(codePoint);
        var isIn = (_inCategories & category) != 0 || (_notInCategories & ~category) != 0;
        return isIn != _isNegated;
    }

    private bool IsInRange(int codePoint)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (codePoint < _ranges[middle].Low)
            {
                high = middle - 1;
            }
            else if (codePoint > _ranges[middle].High)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
