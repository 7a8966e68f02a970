using System.Globalization;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Expressions;

/// <summary>The characters that one place of a regular expression accepts, by code point.</summary>
internal sealed class CharacterSet
{
    private const char LongS = '\u017F';
    private const char Kelvin = '\u212A';
    private const int LastCodePoint = 0x10FFFF;

    private const string Categories = "LMNZCPS";

    private readonly List<(int Low, int High)> _ranges = [];

    // One bit for each letter of Categories.
    private int _inCategories;
    private int _notInCategories;
    private bool _isNegated;

    public static CharacterSet Everything() => AllBut();

    public static CharacterSet AllBut(params ReadOnlySpan<char> characters)
    {
        var set = new CharacterSet();
        foreach (var character in characters)
        {
            set.Add(character, character, ignoreCase: false);
        }

        set.Negate();
        return set;
    }

    public void Negate() => _isNegated = !_isNegated;

    public void Add(int low, int high, bool ignoreCase)
    {
        _ranges.Add((low, high));
        if (ignoreCase)
        {
            AddOtherCases(low, high);
        }
    }

    /// <summary>Adds what <c>\d</c>, <c>\s</c> or <c>\w</c> means in ASCII, or everything else.</summary>
    public void AddAscii(char letter, bool isNegated, bool ignoreCase) => AddNamed(
        letter switch
        {
            'd' => [('0', '9')],
            's' => [('\t', '\n'), ('\f', '\r'), (' ', ' ')],
            _ => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        },
        isNegated,
        ignoreCase);

    /// <summary>Adds a class such as <c>[:alpha:]</c>, or everything else.</summary>
    /// <exception cref="FormatException">There is no class of that name.</exception>
    public void AddPosix(string name, bool isNegated, bool ignoreCase) => AddNamed(
        name switch
        {
            "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => [('A', 'Z'), ('a', 'z')],
            "ascii" => [('\0', '\u007F')],
            "blank" => [('\t', '\t'), (' ', ' ')],
            "cntrl" => [('\0', '\u001F'), ('\u007F', '\u007F')],
            "digit" => [('0', '9')],
            "graph" => [('!', '~')],
            "lower" => [('a', 'z')],
            "print" => [(' ', '~')],
            "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => [('\t', '\r'), (' ', ' ')],
            "upper" => [('A', 'Z')],
            "word" => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => throw new FormatException($"there is no class '[:{CleanText.Of(name)}:]'."),
        },
        isNegated,
        ignoreCase);

    /// <summary>Adds a general category, by its letter, or everything else.</summary>
    public void AddCategory(char category, bool isNegated)
    {
        var bit = 1 << Categories.IndexOf(category, StringComparison.Ordinal);
        if (isNegated)
        {
            _notInCategories |= bit;
        }
        else
        {
            _inCategories |= bit;
        }
    }

    /// <summary>Makes the test whether a code point is in the set as it is now.</summary>
    public CharacterTest ToTest()
    {
        _ranges.Sort();
        var merged = new List<(int Low, int High)>();
        foreach (var (low, high) in _ranges)
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1)
            {
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, high));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        return new CharacterTest([.. merged], _inCategories, _notInCategories, _isNegated);
    }

    /// <summary>Returns the bit of the general category that a code point is in; 0 for one that is not assigned, which is in none.</summary>
    public static int CategoryBit(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.OtherLetter => 1,
        <= UnicodeCategory.EnclosingMark => 1 << 1,
        <= UnicodeCategory.OtherNumber => 1 << 2,
        <= UnicodeCategory.ParagraphSeparator => 1 << 3,
        <= UnicodeCategory.PrivateUse => 1 << 4,
        <= UnicodeCategory.OtherPunctuation => 1 << 5,
        <= UnicodeCategory.OtherSymbol => 1 << 6,
        _ => 0,
    };

    private void AddNamed(ReadOnlySpan<(char Low, char High)> ranges, bool isNegated, bool ignoreCase)
    {
        var named = isNegated ? new CharacterSet() : this;
        foreach (var (low, high) in ranges)
        {
            named.Add(low, high, ignoreCase);
        }

        if (isNegated)
        {
            AddComplement(named._ranges);
        }
    }

    private void AddComplement(List<(int Low, int High)> ranges)
    {
        ranges.Sort();
        var next = 0;
        foreach (var (low, high) in ranges)
        {
            if (low > next)
            {
                _ranges.Add((next, low - 1));
            }

            next = Math.Max(next, high + 1);
        }

        _ranges.Add((next, LastCodePoint));
    }

    // Folding as RE2 does it, as far as patterns reach: Latin, with the two letters outside that fold into it.
    private void AddOtherCases(int low, int high)
    {
        for (var character = low; character <= Math.Min(high, 0xFF); character++)
        {
            var upper = char.ToUpperInvariant((char)character);
            var lower = char.ToLowerInvariant((char)character);
            _ranges.Add((upper, upper));
            _ranges.Add((lower, lower));
        }

        AddTogether(low, high, 's', LongS);
        AddTogether(low, high, 'k', Kelvin);
    }

    private void AddTogether(int low, int high, char lower, char folded)
    {
        var upper = char.ToUpperInvariant(lower);
        if ((low <= lower && lower <= high) || (low <= upper && upper <= high) || (low <= folded && folded <= high))
        {
            _ranges.Add((lower, lower));
            _ranges.Add((upper, upper));
            _ranges.Add((folded, folded));
        }
    }
}
