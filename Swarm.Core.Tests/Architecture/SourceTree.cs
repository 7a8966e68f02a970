using System.Runtime.CompilerServices;

namespace Swarm.Core.Architecture;

/// <summary>The sources this assembly was built from.</summary>
public static class SourceTree
{
    private const string Solution = "Swarm.Core.sln";

    /// <summary>Gets the folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>Returns a path below the root.</summary>
    public static string At(params string[] segments) => Path.Combine([Root, .. segments]);

    /// <summary>Lists the hand-written C# files of a folder below the root, ordinally.</summary>
    public static IReadOnlyList<SourceFile> In(string folder) =>
    [
        .. Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(segment => segment is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(At(path)))),
    ];

    // The path of this file is of no use where builds map paths away; the output folder is of none where it lies elsewhere.
    private static string Find([CallerFilePath] string thisFile = "") =>
        Above(AppContext.BaseDirectory) ?? Above(thisFile) ?? throw new InvalidOperationException($"No {Solution} above {AppContext.BaseDirectory} or {thisFile}.");

    private static string? Above(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Solution)))
            {
                return folder;
            }
        }

        return null;
    }
}
