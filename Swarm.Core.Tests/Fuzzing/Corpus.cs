namespace Swarm.Core.Fuzzing;

/// <summary>Small inputs that are known to be awkward; each is given to every parser.</summary>
internal static class Corpus
{
    private const string Folder = "FuzzCorpus/";

    public static IEnumerable<string> Names => typeof(Corpus).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(name => name[Folder.Length..])
        .Order(StringComparer.Ordinal);

    public static byte[] Read(string name)
    {
        using var stream = typeof(Corpus).Assembly.GetManifestResourceStream(Folder + name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
