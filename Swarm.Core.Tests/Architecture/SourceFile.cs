using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>One C# file.</summary>
/// <param name="Path">The path below the root, with forward slashes.</param>
/// <param name="Text">The content.</param>
public sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>Gets the folder directly within the project, which is the layer; empty for a file beside the project file.</summary>
    public string Folder => Path.Split('/') is [_, var folder, _, ..] ? folder : "";

    /// <summary>Gets the file name up to its first dot: <c>Scheduler</c> for <c>Scheduler.Log.cs</c>.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>Gets the text without comments and string literals.</summary>
    public string Code => NotCode().Replace(Text, match => match.Value.StartsWith('/') ? "" : "\"\"");

    /// <summary>Gets the namespaces the file imports, aliases and static imports included.</summary>
    public IEnumerable<string> Imports => Import().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>Gets the namespace of the file; empty when it has none.</summary>
    public string Namespace => OwnNamespace().Match(Code).Groups["name"].Value;

    /// <summary>Gets the types declared directly in the namespace: their access and name.</summary>
    public IEnumerable<(string Access, string Name)> Types =>
        TopLevelType().Matches(Code).Select(match => (match.Groups["access"].Value, match.Groups["name"].Value));

    /// <inheritdoc/>
    public override string ToString() => Path;

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\$*\"{3,}.*?\"{3,}|\$?@\$?"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])+'""", RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+|unsafe\s+)?(?:\w+\s*=\s*)?(?:global::)?(?<name>[\w.]+)[^;(]*;", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"^(?<access>public|internal|file)\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w.<>?\[\],\s]+?)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
