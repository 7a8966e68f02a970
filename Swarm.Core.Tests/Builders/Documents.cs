using System.Text;

namespace Swarm.Core.Builders;

/// <summary>The documents that real clients and engines sent, as they came.</summary>
internal static class Documents
{
    private const string CreateBodyFolder = "CreateBodies/";

    public static IEnumerable<string> CreateBodyNames => typeof(Documents).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(CreateBodyFolder, StringComparison.Ordinal))
        .Select(name => name[CreateBodyFolder.Length..])
        .Order(StringComparer.Ordinal);

    public static byte[] CreateBody(string name) => Read(CreateBodyFolder + name);

    public static byte[] Answer(string name) => Read("Answers/" + name);

    public static string[] AnswerLines(string name) =>
        Encoding.UTF8.GetString(Answer(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Read(string name)
    {
        using var stream = typeof(Documents).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no document '{name}'.", nameof(name));
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
