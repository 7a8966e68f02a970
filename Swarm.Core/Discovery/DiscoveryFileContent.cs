namespace Swarm.Core.Discovery;

/// <summary>The format of a discovery file: one pattern per line, <c>#</c> starts a comment, white space around a pattern does not count.</summary>
internal static class DiscoveryFileContent
{
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
                yield return (number, comment < 0 ? text : text[..comment].Trim());
            }
        }
    }
}
