using System.IO.Compression;
using System.Xml.Linq;
using Swarm.Core.Builders;

namespace Swarm.Core.Architecture;

/// <summary>The packages of the shipped libraries, packed from these sources into a folder of their own.</summary>
internal sealed class PackedLibraries : IDisposable
{
    private static readonly Dictionary<string, string> _noEnvironment = [];

    private readonly TemporaryFolder _folder = new();

    private PackedLibraries()
    {
    }

    public static IReadOnlyList<string> Names { get; } = ["Swarm.Core.Abstractions", "Swarm.Core", "Swarm.Core.Testing"];

    // Like no version that was ever published or packed before, so that no cache can stand in for what is under test.
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    public string Folder => _folder.File("packages");

    public static async Task<PackedLibraries> PackAsync()
    {
        var packed = new PackedLibraries();
        try
        {
            foreach (var name in Names)
            {
                var text = await DotnetCommand.RunAsync(
                    SourceTree.Root,
                    _noEnvironment,
                    ["pack", SourceTree.At(name, name + ".csproj"), "-c", "Release", "-o", packed.Folder, "--artifacts-path", packed._folder.File("artifacts"), $"-p:Version={packed.Version}"]);
                text.Should().NotContain("warning", "{0} is packed without a warning", name);
            }
        }
        catch
        {
            packed.Dispose();
            throw;
        }

        return packed;
    }

    public ZipArchive Open(string name, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, $"{name}.{Version}.{extension}"));

    /// <summary>Reads the metadata of a package, without namespaces.</summary>
    public XElement Metadata(string name)
    {
        using var package = Open(name);
        using var stream = package.GetEntry(name + ".nuspec")!.Open();
        var root = XElement.Load(stream);
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root.Element("metadata")!;
    }

    public void Dispose() => _folder.Dispose();
}
