using System.Net;
using System.Text;

namespace Swarm.Core.Engines;

/// <summary>Takes the words out of a page: what stands before an engine refuses with HTML, of which people want to read the text.</summary>
internal static class PageText
{
    private static readonly string[] _unreadable = ["head", "script", "style", "title"];

    /// <summary>Tells whether a text is a page.</summary>
    public static bool IsPage(string text)
    {
        var begin = text.AsSpan().TrimStart();
        return begin.Length > 1 && begin[0] == '<' && (begin[1] == '!' || char.IsAsciiLetter(begin[1])) && begin.Contains('>');
    }

    /// <summary>Takes the words out of a page, in one go over it.</summary>
    /// <param name="page">The page; need not be well made, nor whole.</param>
    /// <returns>Its words, each parted from the next by one space; those of its body if it has any, else those of its title.</returns>
    public static string Of(string page)
    {
        var (body, aside) = (new StringBuilder(), new StringBuilder());
        string? within = null;
        var at = 0;
        while (at < page.Length)
        {
            // In there is no tag but the end: what looks like one is a comparison.
            var open = within is "script" or "style" ? page.IndexOf($"</{within}", at, StringComparison.OrdinalIgnoreCase) : page.IndexOf('<', at);
            (within is null ? body : aside).Append(page, at, (open < 0 ? page.Length : open) - at);
            if (open < 0)
            {
                break;
            }

            var isComment = string.CompareOrdinal(page, open, "<!--", 0, 4) == 0;
            var close = isComment ? page.IndexOf("-->", open + 4, StringComparison.Ordinal) : page.IndexOf('>', open + 1);
            if (close < 0)
            {
                break;
            }

            // What a tag stands between are words of their own.
            (within is null ? body : aside).Append(' ');
            within = isComment ? within : Within(page.AsSpan(open + 1, close - open - 1), within);
            at = close + (isComment ? 3 : 1);
        }

        var words = Words(body);
        return words.Length > 0 ? words : Words(aside);
    }

    private static string? Within(ReadOnlySpan<char> tag, string? within)
    {
        var isEnd = tag is ['/', ..];
        var name = isEnd ? tag[1..] : tag;
        var length = 0;
        while (length < name.Length && char.IsAsciiLetterOrDigit(name[length]))
        {
            length++;
        }

        name = name[..length];
        if (within is not null)
        {
            // A head need not be closed: the body ends it.
            return (isEnd && name.Equals(within, StringComparison.OrdinalIgnoreCase)) || (!isEnd && name.Equals("body", StringComparison.OrdinalIgnoreCase)) ? null : within;
        }

        foreach (var each in _unreadable)
        {
            if (!isEnd && name.Equals(each, StringComparison.OrdinalIgnoreCase))
            {
                return each;
            }
        }

        return null;
    }

    private static string Words(StringBuilder text) =>
        string.Join(' ', WebUtility.HtmlDecode(text.ToString()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
