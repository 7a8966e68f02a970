using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>Expands <c>10.0.0.[10:20]:2375</c> to one text per number.</summary>
/// <remarks>
/// The rule is classic Swarm's: one range per pattern, bounds inclusive, anywhere in the text, numbers written without padding; brackets that
/// hold no two numbers leave the pattern as it is. Three things are stricter: <c>%</c>, a reversed range and one of more than
/// <see cref="MaxRange"/> addresses are refused, and brackets around a whole host hold an IPv6 address, never a range.
/// </remarks>
internal static class AddressPattern
{
    public const int MaxRange = 65_536;

    /// <summary>Expands a pattern, lazily: a large range costs nothing that is not asked for.</summary>
    /// <exception cref="InvalidAddressException">The pattern is refused. Thrown at once, not while enumerating.</exception>
    public static IEnumerable<string> Expand(string pattern)
    {
        if (pattern.Contains('%'))
        {
            throw new InvalidAddressException(pattern, "it holds a '%'");
        }

        if (HoldsHostInBrackets(pattern) || !TryFindRange(pattern, out var range))
        {
            return [pattern];
        }

        if (range.From > range.To)
        {
            throw new InvalidAddressException(pattern, "its range is reversed");
        }

        return (Int128)range.To - range.From < MaxRange
            ? Substitute(pattern, range)
            : throw new InvalidAddressException(pattern, string.Create(CultureInfo.InvariantCulture, $"its range is of more than {MaxRange} addresses"));
    }

    private static IEnumerable<string> Substitute(string pattern, Range range)
    {
        var count = range.To - range.From + 1;
        for (var i = 0L; i < count; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{pattern.AsSpan(0, range.Start)}{range.From + i}{pattern.AsSpan(range.End)}");
        }
    }

    private static bool HoldsHostInBrackets(string pattern)
    {
        var close = pattern.IndexOf(']');
        return pattern.StartsWith('[')
            && close > 0
            && pattern.AsSpan(0, close).Contains(':')
            && (close == pattern.Length - 1 || pattern[close + 1] == ':');
    }

    // The longest stretch from the first bracket that has a match on its line, cut at the last colon in it.
    private static bool TryFindRange(string pattern, out Range range)
    {
        for (var open = pattern.IndexOf('['); open >= 0; open = pattern.IndexOf('[', open + 1))
        {
            var lineEnd = pattern.IndexOf('\n', open);
            var rest = pattern.AsSpan(open, (lineEnd < 0 ? pattern.Length : lineEnd) - open);
            var close = rest.LastIndexOf(']');
            var colon = close < 3 ? -1 : rest[..(close - 1)].LastIndexOf(':');
            if (colon < 2)
            {
                continue;
            }

            var found = TryParseBound(rest[1..colon], out var from);
            found &= TryParseBound(rest[(colon + 1)..close], out var to);
            range = new Range(open, open + close + 1, from, to);
            return found;
        }

        range = default;
        return false;
    }

    // The platform's parser takes NUL characters at the end for nothing.
    private static bool TryParseBound(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        return !text.Contains('\0')
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private readonly record struct Range(int Start, int End, long From, long To);
}
