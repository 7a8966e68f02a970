using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Swarm.Core.Diagnostics;

/// <summary>Makes words of others fit to be shown: what cannot be seen, or moves what can, is escaped, and what is too long is cut.</summary>
/// <remarks>
/// Names, labels, images, expressions and whatever engines, registries and discovery say can hold line feeds that forge a line of a log,
/// sequences that steer a terminal, marks that turn the order of writing round, and megabytes. Every text for people that this library
/// makes has gone through here. What it gives as data, such as the names of containers, is as it was given: clean that before
/// it is shown. Cleaning a clean text again changes nothing. Safe for concurrent use.
/// </remarks>
public static class CleanText
{
    /// <summary>The most characters of one thing that is quoted, such as a name or an engine's words: 512.</summary>
    public const int Longest = 512;

    /// <summary>The most characters of a whole message that quotes things: 4,096.</summary>
    public const int LongestMessage = 4096;

    // Enough for the mark of a cut with the largest number.
    private const int MarkRoom = 32;

    private const int MostItems = 64;

    // Printable ASCII.
    private static readonly SearchValues<char> _plain = SearchValues.Create(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    // What is not seen, although the categories call it letter, mark or symbol: fillers, joiners and selectors of variants.
    private static readonly SearchValues<char> _unseen = SearchValues.Create(
        "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f\uffa0");

    /// <summary>Cleans a text: control, format and other characters that are not seen, and halves of surrogate pairs, become <c>\u001b</c> and the like.</summary>
    /// <param name="text">The text; <see langword="null"/> counts as empty.</param>
    /// <param name="longest">The most characters of the result. Of a longer one the end is left out, and it says how much: <c>… (+200 characters)</c>.</param>
    /// <returns>The text to show; the same instance when there is nothing to clean.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="longest"/> is less than 64.</exception>
    public static string Of(string? text, int longest = Longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 2 * MarkRoom);
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        return IsClean(text, longest) ? text : Write(text, longest);
    }

    /// <summary>Tells whether a text would stay as it is.</summary>
    internal static bool IsClean(ReadOnlySpan<char> text, int longest = Longest) => text.Length <= longest && !HasUnseen(text);

    /// <summary>Tells whether a text, however long, has something that would be escaped. Allocates nothing.</summary>
    internal static bool HasUnseen(ReadOnlySpan<char> text)
    {
        // Nearly every text is of printable ASCII, which is told many characters at a time.
        for (var at = text.IndexOfAnyExcept(_plain); at >= 0 && at < text.Length;)
        {
            if (IsUnseen(text[at..], out var length))
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    /// <summary>Escapes a text however long it is. For comparing, not for showing.</summary>
    internal static string Escape(string text) => HasUnseen(text) ? Write(text, int.MaxValue) : text;

    /// <summary>Cleans each of several texts and joins the first of them; how many are left out is said.</summary>
    internal static string Join(string separator, IReadOnlyCollection<string> texts, int longest = LongestMessage - Longest)
    {
        var joined = new StringBuilder();
        var count = 0;
        foreach (var text in texts)
        {
            if (count < MostItems && joined.Length < longest)
            {
                _ = joined.Append(count > 0 ? separator : "").Append(Of(text));
                count++;
            }
            else
            {
                return joined.Append(CultureInfo.InvariantCulture, $"{separator}and {texts.Count - count} more").ToString();
            }
        }

        return joined.ToString();
    }

    /// <summary>Cleans each of several texts.</summary>
    internal static ImmutableArray<string> Each(ImmutableArray<string> texts)
    {
        if (texts.IsDefault)
        {
            return [];
        }

        foreach (var text in texts)
        {
            if (text is null || !IsClean(text))
            {
                return [.. texts.Select(each => Of(each))];
            }
        }

        return texts;
    }

    private static string Write(string text, int longest)
    {
        var clean = new StringBuilder(Math.Min(text.Length + MarkRoom, longest));
        var (kept, keptOf) = (0, 0);
        for (var at = 0; at < text.Length;)
        {
            var escape = IsUnseen(text.AsSpan(at), out var length);
            if (clean.Length + (escape ? 6 * length : length) > longest)
            {
                clean.Length = kept;
                return clean.Append(CultureInfo.InvariantCulture, $"… (+{text.Length - keptOf} characters)").ToString();
            }

            foreach (var character in text.AsSpan(at, length))
            {
                _ = escape ? clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : clean.Append(character);
            }

            at += length;
            if (clean.Length <= longest - MarkRoom)
            {
                (kept, keptOf) = (clean.Length, at);
            }
        }

        return clean.ToString();
    }

    private static bool IsUnseen(ReadOnlySpan<char> text, out int length)
    {
        var first = text[0];
        if (first is >= ' ' and <= '~')
        {
            length = 1;
            return false;
        }

        if (Rune.DecodeFromUtf16(text, out var rune, out length) != OperationStatus.Done)
        {
            length = 1;
            return true;
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
            || (length == 1 ? _unseen.Contains(first) : rune.Value is >= 0xe0100 and <= 0xe01ef);
    }
}
