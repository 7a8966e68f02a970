using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Swarm.Core.Vectors;

/// <summary>A file of recorded cases of classic Swarm, one JSON object per line.</summary>
internal static class VectorFile
{
    /// <summary>The variable that names a folder of plain .jsonl files to read in place of the ones kept here.</summary>
    public const string FolderVariable = "SWARM_VECTORS";

    public static IReadOnlyList<Vector> Read(string name)
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        var text = string.IsNullOrEmpty(folder) ? ReadOwn(name) : File.ReadAllText(Path.Combine(folder, name + ".jsonl"), Encoding.UTF8);

        // Strings may hold other line separators, so only the line feed ends a line.
        return [.. text.Split('\n').Where(line => line.Length > 0).Select(line => new Vector(JsonDocument.Parse(line).RootElement))];
    }

    private static string ReadOwn(string name)
    {
        var resource = $"Swarm.Core.Vectors.{name}.jsonl.gz";
        using var stream = typeof(VectorFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException($"There is no vector file {resource}.");
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
