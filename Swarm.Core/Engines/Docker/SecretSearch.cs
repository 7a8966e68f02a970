using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Finds the values of environment entries in texts, whole or cut off, in a bounded number of steps.</summary>
/// <remarks>
/// Both the values and the texts are of others, so nothing here is done for each pair of them: a text is passed once for the beginnings of all
/// secrets, and how far one goes is told by looking it up in their order. Where there is more than that is good for, nothing is told.
/// </remarks>
internal sealed class SecretSearch
{
    /// <summary>The most lines of one value that are looked for.</summary>
    public const int MostLines = 256;

    /// <summary>The most spellings of values and their lines that are looked for.</summary>
    public const int MostSpellings = 2048;

    /// <summary>The most steps, of the order of a character each, for all texts together.</summary>
    public const long MostSteps = 4_000_000;

    // A text that repeats so much of a secret repeats the secret; what is left of it follows.
    private const int Head = 32;

    // Who repeats so much of a secret means to repeat the rest.
    private const int LongestSecret = 1024;
    private const int MostCharacters = 1024 * 1024;
    private const int MostCuts = 64;
    private const char Ellipsis = '…'; // what is cut off ends with it, or with it and how much is left out

    private readonly HashSet<string> _spellings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _entrySpellings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shortSpellings = new(StringComparer.Ordinal);
    private readonly string[] _values = [];
    private readonly string[] _entries = [];
    private readonly int[] _nameLengths = [];
    private readonly SearchValues<string>? _valueHeads;
    private readonly SearchValues<string>? _shortEntries;
    private readonly bool _isTooMuch;
    private int _characters;

    /// <summary>Prepares the search.</summary>
    /// <param name="environment">The entries: a name, <c>=</c> and the value that is secret.</param>
    public SecretSearch(IEnumerable<string> environment)
    {
        _isTooMuch = !environment.All(TryAdd);
        if (!_isTooMuch)
        {
            _values = [.. _spellings.Order(StringComparer.Ordinal)];
            _entries = [.. _entrySpellings.Order(StringComparer.Ordinal)];
            _nameLengths = [.. _entries.Select(entry => entry.IndexOf('=', StringComparison.Ordinal) + 1).Distinct()];
            _valueHeads = _values.Length == 0 ? null : SearchValues.Create([.. _values.Select(value => value[..Math.Min(value.Length, Head)]).Distinct()], StringComparison.Ordinal);
            _shortEntries = _shortSpellings.Count == 0 ? null : SearchValues.Create([.. _shortSpellings], StringComparison.Ordinal);
        }

        _spellings.Clear();
        _spellings.TrimExcess();
        _entrySpellings.Clear();
        _entrySpellings.TrimExcess();
        _shortSpellings.Clear();
    }

    /// <summary>Gets whether there is nothing to look for.</summary>
    public bool IsEmpty => !_isTooMuch && _entries.Length == 0;

    /// <summary>Gets the steps that were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Finds what of a text is secret.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isCut">Whether its end was cut off, so that it can end with the beginning of a secret. Before each <c>…</c> it can anyhow.</param>
    /// <returns>Where it is, in order and apart; <see langword="null"/> when there is too much to look for or in.</returns>
    public List<(int Start, int End)>? Find(ReadOnlySpan<char> text, bool isCut)
    {
        var found = new List<(int Start, int End)>();
        return !_isTooMuch && FindValues(text, found) && FindShortEntries(text, found) && FindCut(text, isCut, found) ? Merge(found) : null;
    }

    private bool TryAdd(string entry)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || equals == entry.Length - 1)
        {
            return true; // a name without a value
        }

        var value = entry.AsSpan(equals + 1);
        if (equals > LongestSecret || !TrySpell(_entrySpellings, entry.AsSpan(0, equals + 1), Beginning(value)))
        {
            return false;
        }

        if (value.Length < Redaction.ShortestValue)
        {
            return TrySpell(_shortSpellings, entry.AsSpan(0, equals + 1), value);
        }

        if (!TrySpell(_spellings, "", Beginning(value)))
        {
            return false;
        }

        // A key in PEM may be quoted by the line.
        var lines = 0;
        foreach (var range in value.Split('\n'))
        {
            if (++lines > MostLines)
            {
                return false;
            }

            var line = value[range].Trim();
            if (line.Length >= Redaction.ShortestValue && line.Length < value.Length && !TrySpell(_spellings, "", Beginning(line)))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Beginning(ReadOnlySpan<char> secret)
    {
        if (secret.Length <= LongestSecret)
        {
            return secret;
        }

        return secret[..(char.IsHighSurrogate(secret[LongestSecret - 1]) ? LongestSecret - 1 : LongestSecret)];
    }

    private bool TrySpell(HashSet<string> spellings, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        var text = string.Concat(name, value);
        var proper = JsonText.IsWellFormed(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        ReadOnlySpan<string> all =
        [
            text,
            JsonEncodedText.Encode(proper).Value,
            JsonEncodedText.Encode(proper, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
            GoJson.WriteStringList([proper])[2..^2],
        ];
        foreach (var spelling in all)
        {
            _characters += spellings.Add(spelling) ? spelling.Length : 0;
            var shown = CleanText.Escape(spelling);
            _characters += spellings.Add(shown) ? shown.Length : 0;
        }

        return spellings.Count <= MostSpellings && _characters <= MostCharacters;
    }

    private bool FindValues(ReadOnlySpan<char> text, List<(int Start, int End)> found)
    {
        var at = 0;
        while (_valueHeads is not null && at < text.Length)
        {
            var next = text[at..].IndexOfAny(_valueHeads);
            if (!Step((next < 0 ? text.Length - at : next) + 1))
            {
                return false;
            }

            if (next < 0)
            {
                break;
            }

            at += next;
            var length = LongestBeginning(_values, text[at..]);
            found.Add((at, length >= LongestSecret - 1 ? text.Length : at + length));
            at++; // another can begin within it
        }

        return true;
    }

    // One with a short value: only that goes.
    private bool FindShortEntries(ReadOnlySpan<char> text, List<(int Start, int End)> found)
    {
        var at = 0;
        while (_shortEntries is not null && at < text.Length)
        {
            var next = text[at..].IndexOfAny(_shortEntries);
            if (!Step((next < 0 ? text.Length - at : next) + 1))
            {
                return false;
            }

            if (next < 0)
            {
                break;
            }

            at += next;
            found.Add((at + text[at..].IndexOf('=') + 1, at + LongestBeginning(_entries, text[at..])));
            at++;
        }

        return true;
    }

    private bool FindCut(ReadOnlySpan<char> text, bool isCut, List<(int Start, int End)> found)
    {
        var cuts = 0;
        for (var end = text.IndexOf(Ellipsis); end >= 0;)
        {
            if (++cuts > MostCuts || !FindCut(text[..end], found))
            {
                return false;
            }

            var next = text[(end + 1)..].IndexOf(Ellipsis);
            end = next < 0 ? -1 : end + 1 + next;
        }

        return Step(text.Length / 8) && (!isCut || FindCut(text, found));
    }

    // Of longer beginnings the whole was found before.
    private bool FindCut(ReadOnlySpan<char> text, List<(int Start, int End)> found)
    {
        for (var length = Math.Min(Head - 1, text.Length); length >= Redaction.ShortestValue; length--)
        {
            if (LongestBeginning(_values, text[^length..]) == length)
            {
                found.Add((text.Length - length, text.Length));
                break;
            }
        }

        // A shorter one is known by its name.
        for (var length = 1; length < Math.Min(Redaction.ShortestValue, text.Length); length++)
        {
            if (text[^(length + 1)] != '=')
            {
                continue;
            }

            foreach (var name in _nameLengths)
            {
                if (name + length <= text.Length && LongestBeginning(_entries, text[^(name + length)..]) == name + length)
                {
                    found.Add((text.Length - length, text.Length));
                }
            }
        }

        return Step(0);
    }

    // In order, what has most in common with a text is next to its place: all that a search for that place looks at.
    private int LongestBeginning(string[] sorted, ReadOnlySpan<char> text)
    {
        int low = 0, high = sorted.Length - 1, longest = 0;
        while (low <= high && longest < text.Length)
        {
            var middle = (low + high) >>> 1;
            var candidate = sorted[middle].AsSpan();
            var common = candidate.CommonPrefixLength(text);
            longest = Math.Max(longest, common);
            Steps += 1 + (common / 8);
            if (common < text.Length && (common == candidate.Length || candidate[common] < text[common]))
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return longest;
    }

    private bool Step(int count)
    {
        Steps += count;
        return Steps <= MostSteps;
    }

    private static List<(int Start, int End)> Merge(List<(int Start, int End)> found)
    {
        found.Sort();
        var merged = new List<(int Start, int End)>();
        foreach (var (start, end) in found)
        {
            if (merged.Count > 0 && start <= merged[^1].End)
            {
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, end));
            }
            else
            {
                merged.Add((start, end));
            }
        }

        return merged;
    }
}
