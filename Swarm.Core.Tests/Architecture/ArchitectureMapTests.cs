using System.Text.RegularExpressions;
using Swarm.Core.Clustering;
using Swarm.Core.Filters;
using Swarm.Core.Testing;

namespace Swarm.Core.Architecture;

/// <summary>Holds the map of the code to what there is: what it names must exist.</summary>
public sealed partial class ArchitectureMapTests
{
    private static readonly HashSet<string> _types = [.. new[] { typeof(IFilter), typeof(SwarmCluster), typeof(Simulation), typeof(ArchitectureMapTests) }
        .SelectMany(type => type.Assembly.GetTypes()).Select(type => type.Name.Split('`')[0])];

    private static readonly string[] _layersWithFeatures = ["Engines", "Clustering"];

    private static string Map => File.ReadAllText(SourceTree.At("docs", "architecture.md"));

    [Test]
    public void Every_path_that_the_map_names_is_there()
    {
        string[] paths = [.. Quoted().Where(text => text.Contains('/', StringComparison.Ordinal))];

        paths.Should().NotBeEmpty();
        paths.Where(path => !(path.EndsWith('/') ? Directory.Exists(SourceTree.At(path)) : File.Exists(SourceTree.At(path)))).Should().BeEmpty();
    }

    [Test]
    public void Every_type_that_the_map_quotes_is_there()
    {
        string[] names = [.. Quoted().Where(text => TypeName().IsMatch(text))];

        names.Should().NotBeEmpty();
        names.Where(name => !_types.Contains(name)).Should().BeEmpty();
    }

    [Test]
    public void Every_type_in_a_picture_is_there()
    {
        string[] names = [.. Pictures().Matches(Map).SelectMany(picture => CompoundName().Matches(picture.Value)).Select(name => name.Value)];

        names.Should().NotBeEmpty();
        names.Where(name => !_types.Contains(name)).Should().BeEmpty();
    }

    [Test]
    public void Every_folder_of_the_two_layers_with_features_is_on_the_map()
    {
        string[] folders =
        [
            .. _layersWithFeatures.SelectMany(layer => Directory.EnumerateDirectories(SourceTree.At("Swarm.Core", layer))
                .Select(folder => $"Swarm.Core/{layer}/{Path.GetFileName(folder)}/")),
        ];

        Quoted().Should().Contain(folders);
    }

    private static IEnumerable<string> Quoted() => Quotes().Matches(Pictures().Replace(Map, "")).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quotes();

    [GeneratedRegex("```mermaid\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Pictures();

    [GeneratedRegex("^[A-Z][A-Za-z]+$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(I[A-Z][a-z]+|[A-Z][a-z]+([A-Z][a-z]+)+)\b")]
    private static partial Regex CompoundName();
}
