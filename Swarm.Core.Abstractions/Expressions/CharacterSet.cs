using System.Globalization;
using System.Text;

namespace Swarm.Core.Expressions;

/// <summary>The characters that one place of a regular expression accepts, by code point; written as a class of the platform's engine, which counts UTF-16 units.</summary>
internal sealed class CharacterSet
{
    private const char LongS = '\u017F';
    private const char Kelvin = '\u212A';
    private const string Surrogates = @"\uD800-\uDFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private readonly List<(int Low, int High)> _ranges = [];
    private readonly StringBuilder _categories = new();

    // Whether the characters beyond the first 65,536 are in; they are in all together or not at all.
    private bool _hasPairs;
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
            _ => throw new FormatException($"there is no class '[:{name}:]'."),
        },
        isNegated,
        ignoreCase);

    /// <summary>Adds a general category such as <c>L</c>, or everything else. Of the characters beyond the first 65,536 a category has none here.</summary>
    public void AddCategory(char category, bool isNegated)
    {
        _categories.Append(isNegated ? "\\P{" : "\\p{").Append(category).Append('}');
        _hasPairs |= isNegated;
    }

    public string ToPattern()
    {
        var items = new StringBuilder();
        foreach (var (low, high) in _ranges)
        {
            items.Append(CultureInfo.InvariantCulture, $"\\u{low:X4}");
            if (high > low)
            {
                items.Append(CultureInfo.InvariantCulture, $"-\\u{high:X4}");
            }
        }

        items.Append(_categories);

        // Half a pair is no character: it is never accepted by itself.
        var single = _isNegated ? $"[^{items}{Surrogates}]" : $"[{items}-[{Surrogates}]]";
        return _hasPairs != _isNegated ? $"(?:{Pair}|{single})" : single;
    }

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
            _hasPairs = true;
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

        _ranges.Add((next, char.MaxValue));
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
