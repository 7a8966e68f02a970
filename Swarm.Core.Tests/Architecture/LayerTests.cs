using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Holds who may import whom. A layer sees the layers named here and, besides the platform, nothing else of the library.</summary>
public partial class LayerTests
{
    private static readonly string[] _placement = ["Placement", "Expressions", "Model"];
    private static readonly string[] _scheduling = ["Filters", "Strategies", .. _placement];
    private static readonly string[] _clustering = ["Scheduling", "Engines", "Discovery", .. _scheduling];
    private static readonly string[] _failover = ["Clustering", .. _clustering];

    // Plain machinery without any notion of a cluster: all may use these, they use nothing.
    private static readonly string[] _shared = ["Diagnostics", "Runtime"];

    private static readonly Dictionary<string, string[]> _sees = new()
    {
        ["Diagnostics"] = [],
        ["Runtime"] = [],
        ["Model"] = [],
        ["Expressions"] = ["Model"],
        ["Placement"] = ["Expressions", "Model"],
        ["Filters"] = _placement,
        ["Strategies"] = _placement,
        ["Scheduling"] = _scheduling,
        ["Engines"] = ["Model"],
        ["Discovery"] = ["Model"],
        ["Clustering"] = _clustering,
        ["Rescheduling"] = _failover,
        ["Leadership"] = _failover,
        ["Hosting"] = ["Rescheduling", "Leadership", .. _failover],
    };

    private static IEnumerable<SourceFile> Files() => [.. SourceTree.In("Swarm.Core.Abstractions"), .. SourceTree.In("Swarm.Core")];

    [TestCaseSource(nameof(Files))]
    public void A_file_imports_only_layers_below_its_own(SourceFile file)
    {
        _sees.Should().ContainKey(file.Folder, "every file belongs to a layer");

        var mentioned = LayersIn(file).Distinct().Where(layer => layer != file.Folder && !_shared.Contains(layer));

        mentioned.Should().BeSubsetOf(_sees[file.Folder], "{0} may see no other layers", file.Folder);
    }

    [TestCaseSource(nameof(Files))]
    public void The_namespace_of_a_file_is_that_of_its_layer_however_deep_it_lies(SourceFile file)
    {
        string[] allowed = file.Folder == "Hosting" ? ["Swarm.Core.Hosting", "Microsoft.Extensions.DependencyInjection"] : [$"Swarm.Core.{file.Folder}"];

        file.Namespace.Should().BeOneOf(allowed);
    }

    [TestCaseSource(nameof(Files))]
    public void A_file_declares_one_public_type_named_after_it(SourceFile file)
    {
        var types = file.Types.ToList();
        var outward = types.Where(type => type.Access == "public").Select(type => type.Name).ToList();

        types.Select(type => type.Name).Should().Contain(file.Name);
        outward.Should().BeSubsetOf([file.Name]);
    }

    [TestCaseSource(nameof(Files))]
    public void Foreign_packages_stay_in_the_layers_that_wrap_them(SourceFile file)
    {
        var foreign = file.Imports.Where(name => !IsWithin(name, "System") && !IsWithin(name, "Swarm.Core"));

        foreign.Where(name => !IsAllowed(name, file.Folder)).Should().BeEmpty();
    }

    [Test]
    public void A_feature_folder_belongs_to_the_layer_it_lies_in()
    {
        new SourceFile("Swarm.Core.Abstractions/Model/Engines/A.cs", "").Folder.Should().Be("Model");
    }

    [Test]
    public void An_import_of_a_higher_layer_is_noticed_however_it_is_written()
    {
        string[] texts =
        [
            "using Swarm.Core.Clustering;\nnamespace Swarm.Core.Model;",
            "using static Swarm.Core.Clustering.Ledger;\nnamespace Swarm.Core.Model;",
            "using C = global::Swarm.Core.Clustering.Ledger;\nnamespace Swarm.Core.Model;",
            "namespace Swarm.Core.Model;\ninternal class A { private Swarm.Core.Clustering.Ledger? _ledger; }",
            "namespace Swarm.Core.Model;\ninternal class A { private Clustering.Ledger? _ledger; }",
        ];

        texts.Select(text => LayersIn(new SourceFile("Swarm.Core/Model/A.cs", text))).Should().OnlyContain(layers => layers.Contains("Clustering"));
    }

    [Test]
    public void Comments_and_texts_are_no_imports()
    {
        const string Text = "namespace Swarm.Core.Model;\n/// <see cref=\"Swarm.Core.Clustering.X\"/>\n// Clustering.X\ninternal class A { string b = \"Swarm.Core.Clustering.X // \"; }";

        LayersIn(new SourceFile("Swarm.Core/Model/A.cs", Text)).Should().BeEmpty();
    }

    // Within Swarm.Core.* a name may also be qualified from the layer on: Model.ResourceNames.
    private static IEnumerable<string> LayersIn(SourceFile file)
    {
        var code = OwnNamespace().Replace(file.Code, "");
        return Mention().Matches(code).Select(match => match.Groups["layer"].Value).Where(_sees.ContainsKey);
    }

    private static bool IsAllowed(string name, string folder) => folder switch
    {
        _ when _shared.Contains(folder) => IsWithin(name, "Microsoft.Extensions"),
        "Model" or "Expressions" or "Placement" or "Filters" or "Strategies" => false,
        "Hosting" => IsWithin(name, "Microsoft.Extensions"),
        "Engines" => IsWithin(name, "Docker.DotNet") || IsWithin(name, "Microsoft.Extensions.Logging"),
        _ => IsWithin(name, "Microsoft.Extensions.Logging") || IsWithin(name, "Microsoft.Extensions.Options"),
    };

    private static bool IsWithin(string name, string parent) =>
        name == parent || name.StartsWith(parent + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^namespace\s+[\w.]+\s*;", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"\bSwarm\.Core\.(?<layer>\w+)|(?<![\w.@])(?<layer>[A-Z]\w*)(?=\.[A-Z])")]
    private static partial Regex Mention();
}
