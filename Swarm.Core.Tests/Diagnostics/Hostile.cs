using System.Globalization;
using System.Text;

namespace Swarm.Core.Diagnostics;

/// <summary>Words as nobody of good will chooses them, and what may come of them in a text for people.</summary>
internal static class Hostile
{
    /// <summary>What stands at the head of each: a text that has it with what follows has repeated the words as they came.</summary>
    public const string Lead = "evil";

    /// <summary>The most characters of a whole text.</summary>
    public const int LongestText = 32 * 1024;

    /// <summary>Gets the words, one kind each.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "evil\r\n2026-01-01 INFO all is well",
        "evil\u001b[2J\u001b[31mred",
        "evil\u009b31mred",
        "evil\u0000\u0007\u0008\u007f\u0085",
        "evil\u2028line\u2029paragraph",
        "evil\u202egpj.exe\u2066\u2069\u200e\u200f\u061c",
        "evil\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
        "evil\u115f\u1160\u3164\uffa0\u034f\ufe0f\u17b4\u2065",
        "evil\udb40\udc41\udb40\udd00",
        "evil\ud800 lone \udc00",
        "evil\ufffe\uffff",
        "evil" + new string('x', 200_000),
        "evil" + new string('\n', 50_000),
        "evil" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 50_000)),
        "evil {Placeholder} {0} {{ %s $(id) ` \n",
    ];

    /// <summary>Says what of a text is not fit to be shown; <see langword="null"/> for nothing. Written apart from the library's own idea of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isOfLines">Whether it may have lines, each of which is looked at by itself.</param>
    public static string? FindProblem(string text, bool isOfLines = false)
    {
        if (text.Length > LongestText)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters");
        }

        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return string.Create(CultureInfo.InvariantCulture, $"half a pair at {i}");
            }

            var isLineEnd = isOfLines && rune.Value == 10;
            if (!isLineEnd && IsUnseen(rune))
            {
                return string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:x4} at {i} of '{Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(text[..Math.Min(text.Length, 200)]))}'");
            }

            i += length;
        }

        // In a text of lines none begins with what a tenant or an engine has put there.
        return isOfLines && text.Split('\n').Any(line => line.StartsWith("2026-01-01 INFO", StringComparison.Ordinal)) ? "a forged line" : null;
    }

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
        || rune.Value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x180b or 0x180c or 0x180d or 0x180f or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xffa0 or (>= 0xe0100 and <= 0xe01ef);
}
