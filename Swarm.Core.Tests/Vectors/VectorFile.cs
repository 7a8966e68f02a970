using System.IO.Compression;
using System.Text;

namespace Swarm.Core.Vectors;

/// <summary>Reads the recorded behaviour of classic Swarm.</summary>
/// <remarks>
/// The files are embedded in this assembly, compressed. With the environment variable <c>SWARM_VECTORS</c> set to a folder, its plain
/// <c>.jsonl</c> files are read instead, so that another set can be tried without a rebuild.
/// </remarks>
public static class VectorFile
{
    private const string FolderVariable = "SWARM_VECTORS";

    /// <summary>Reads all lines of one file.</summary>
    /// <param name="name">The name without extension, for example <c>filters</c>.</param>
    /// <returns>The lines in file order.</returns>
    public static IReadOnlyList<VectorCase> Read(string name)
    {
        // Only \n ends a line: the texts hold other characters that .NET takes for line breaks.
        var lines = Content(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0
            ? [.. lines.Select(line => new VectorCase(name, line))]
            : throw new InvalidDataException($"The vector file {name} is empty.");
    }

    private static string Content(string name)
    {
        using var stream = Open(name);
        using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }

    private static Stream Open(string name)
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(folder))
        {
            return File.OpenRead(Path.Combine(folder, $"{name}.jsonl"));
        }

        var resource = $"Vectors/{name}.jsonl.gz";
        var compressed = typeof(VectorFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException($"No vector file {resource} is embedded in the tests.");
        return new GZipStream(compressed, CompressionMode.Decompress);
    }
}
