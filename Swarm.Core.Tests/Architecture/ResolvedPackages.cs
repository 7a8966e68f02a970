using System.Text.Json;
using System.Xml.Linq;

namespace Swarm.Core.Architecture;

/// <summary>What the last restore has resolved, read from the files it leaves: nothing is asked of the network.</summary>
internal static class ResolvedPackages
{
    public const string OfTheSdk = "of the SDK";

    private static readonly string[] _shipped = ["Swarm.Core.Abstractions", "Swarm.Core", "Swarm.Core.Testing"];

    private static readonly string[] _others = ["Swarm.Core.Tests", "benchmarks/Swarm.Core.Benchmarks", "samples/CustomFilter/AcmePlacement", "samples/CustomFilter/Host", "samples/QuickStart"];

    /// <summary>The projects whose restore is there; those that ship and the tests always are.</summary>
    public static IReadOnlyList<string> Restored { get; } = [.. _shipped.Concat(_others).Where(project => _shipped.Contains(project) || project == "Swarm.Core.Tests" || File.Exists(AssetsOf(project)))];

    /// <summary>All projects.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. _shipped, .. _others];

    /// <summary>Reads what the restore of a project has resolved.</summary>
    public static JsonElement Assets(string project)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(AssetsOf(project)));
        return document.RootElement.Clone();
    }

    /// <summary>The name of a project.</summary>
    public static string NameOf(string project) => project[(project.LastIndexOf('/') + 1)..];

    /// <summary>Reads the packages of a project, each with what it is for.</summary>
    public static IEnumerable<ResolvedPackage> Of(string project)
    {
        var assets = Assets(project);
        var direct = assets.GetProperty("project").GetProperty("frameworks").EnumerateObject().Single().Value.TryGetProperty("dependencies", out var dependencies)
            ? dependencies.EnumerateObject().ToDictionary(each => each.Name, each => each.Value, StringComparer.OrdinalIgnoreCase)
            : [];
        foreach (var library in assets.GetProperty("libraries").EnumerateObject().Where(each => each.Value.GetProperty("type").GetString() == "package"))
        {
            var (name, version) = (library.Name[..library.Name.IndexOf('/')], library.Name[(library.Name.IndexOf('/') + 1)..]);
            var isOfTheSdk = direct.TryGetValue(name, out var reference) && reference.TryGetProperty("autoReferenced", out var auto) && auto.GetBoolean();
            var isPrivate = reference.ValueKind == JsonValueKind.Object && reference.TryGetProperty("suppressParent", out var suppressed) && suppressed.GetString() == "All";
            yield return new ResolvedPackage(
                !_shipped.Contains(project) ? "tests" : isPrivate ? "build" : "ships",
                name,
                isOfTheSdk ? OfTheSdk : version,
                LicenceOf(assets, library.Value),
                NameOf(project));
        }
    }

    private static string AssetsOf(string project) => SourceTree.At([.. project.Split('/'), "obj", "project.assets.json"]);

    private static string LicenceOf(JsonElement assets, JsonElement library)
    {
        var manifest = library.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).Single(file => file.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase));
        var path = assets.GetProperty("packageFolders").EnumerateObject()
            .Select(folder => Path.Combine(folder.Name, library.GetProperty("path").GetString()!, manifest))
            .First(File.Exists);
        var metadata = XDocument.Load(path).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        return metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license") is { } licence
            ? (string?)licence.Attribute("type") == "expression" ? licence.Value : $"file {licence.Value}"
            : metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value ?? "none";
    }
}
