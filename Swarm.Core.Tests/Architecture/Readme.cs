using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>The code in README.md, and the compiled code it is taken from.</summary>
internal static partial class Readme
{
    /// <summary>Gets the whole text.</summary>
    public static string Text { get; } = File.ReadAllText(SourceTree.At("README.md"));

    /// <summary>Returns the C# blocks.</summary>
    public static IReadOnlyList<string> Blocks(string text) => [.. Fence().Matches(text).Select(block => block.Groups["code"].Value.TrimEnd())];

    /// <summary>Returns the marked code of a file by the name at the mark, without its indentation. Several marks of one name make one block, with an empty line in between.</summary>
    public static IEnumerable<(string Name, string Code)> Marked(string text) =>
        Mark().Matches(text)
            .GroupBy(mark => mark.Groups["name"].Value, mark => WithoutIndentation(mark.Groups["code"].Value), StringComparer.Ordinal)
            .Select(parts => (parts.Key, string.Join("\n\n", parts)));

    private static string WithoutIndentation(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indentation = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line[Math.Min(indentation, line.Length)..]));
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ *// <readme (?<name>\w+)>\n(?<code>.*?)^ *// </readme>", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Mark();
}
