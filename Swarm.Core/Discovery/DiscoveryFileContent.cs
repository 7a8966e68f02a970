using System.Buffers;

namespace Swarm.Core.Discovery;

/// <summary>The format of a discovery file: one pattern per line, <c>#</c> starts a comment, white space around a pattern does not count.</summary>
/// <remarks>A sign <c>#</c> that may be of a password, for an <c>@</c> stands in the same word behind it, starts none: what stands before it is not to be taken for an address.</remarks>
internal static class DiscoveryFileContent
{
    private static readonly SearchValues<char> _whiteSpace = SearchValues.Create(" \t\r\v\f");

    /// <summary>Returns the pattern of every line with its number, counted from 1; an empty line within the content gives an empty pattern.</summary>
    public static IEnumerable<(int Number, string Pattern)> Read(string content)
    {
        var number = content.AsSpan(0, content.Length - content.AsSpan().TrimStart().Length).Count('\n');
        foreach (var line in content.Trim().Split('\n'))
        {
            number++;
            var text = line.Trim();
            if (!text.StartsWith('#'))
            {
                var comment = text.IndexOf('#');
                yield return (number, comment < 0 || IsWithinUser(text, comment) ? text : text[..comment].Trim());
            }
        }
    }

    /// <summary>Tells whether what a line has before its comment may be the beginning of a password: the comment has an <c>@</c> in it.</summary>
    /// <param name="content">The content.</param>
    /// <param name="number">The number of the line.</param>
    public static bool MayBePassword(string content, int number)
    {
        var line = content.Split('\n')[number - 1];
        return line.IndexOf('#') is >= 0 and var comment && line.AsSpan(comment).Contains('@');
    }

    private static bool IsWithinUser(string text, int sign)
    {
        var behind = text.AsSpan(sign);
        var at = behind.IndexOf('@');
        return sign > 0 && !char.IsWhiteSpace(text[sign - 1]) && at >= 0 && !behind[..at].ContainsAny(_whiteSpace);
    }
}
