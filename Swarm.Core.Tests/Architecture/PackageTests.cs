using System.Reflection.Metadata;
using System.Text.RegularExpressions;
using FluentAssertions.Execution;
using Swarm.Core.Builders;

namespace Swarm.Core.Architecture;

/// <summary>Packs the libraries once and looks at the packages as a user gets them.</summary>
[Category("Packaging")]
public partial class PackageTests
{
    private static readonly string[] _hostPackages =
    [
        "Docker.DotNet.Enhanced",
        "Microsoft.Extensions.Configuration.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
    ];

    private PackedLibraries _packed = null!;

    [OneTimeSetUp]
    public async Task PackAsync() => _packed = await PackedLibraries.PackAsync();

    [OneTimeTearDown]
    public void Delete() => _packed?.Dispose();

    [TestCaseSource(typeof(PackedLibraries), nameof(PackedLibraries.Names))]
    public void A_package_says_what_it_is_and_under_which_licence(string name)
    {
        var metadata = _packed.Metadata(name);

        metadata.Element("license")!.Value.Should().Be("Apache-2.0");
        metadata.Element("license")!.Attribute("type")!.Value.Should().Be("expression");
        metadata.Element("readme")!.Value.Should().Be("README.md");
        metadata.Element("description")!.Value.Should().NotBeNullOrWhiteSpace().And.NotBe("Package Description");
        metadata.Element("tags")!.Value.Should().Contain("docker");
    }

    [TestCaseSource(typeof(PackedLibraries), nameof(PackedLibraries.Names))]
    public void A_package_holds_the_library_its_documentation_and_the_readme(string name)
    {
        using var package = _packed.Open(name);

        package.Entries.Select(entry => entry.FullName).Should().Contain([$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md"]);
    }

    [TestCaseSource(typeof(PackedLibraries), nameof(PackedLibraries.Names))]
    public void The_symbols_come_in_a_package_of_their_own(string name)
    {
        using var symbols = _packed.Open(name, "snupkg");

        symbols.Entries.Select(entry => entry.FullName).Should().Contain($"lib/net10.0/{name}.pdb");
    }

    [TestCaseSource(typeof(PackedLibraries), nameof(PackedLibraries.Names))]
    public void A_package_names_its_sources_as_every_machine_would(string name)
    {
        using var symbols = _packed.Open(name, "snupkg");
        using var content = new MemoryStream();
        using (var pdb = symbols.GetEntry($"lib/net10.0/{name}.pdb")!.Open())
        {
            pdb.CopyTo(content);
        }

        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        var reader = provider.GetMetadataReader();
        var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();

        sources.Should().Contain(source => source.StartsWith($"/_/{name}/", StringComparison.Ordinal));
        sources.Should().OnlyContain(source => !source.StartsWith(SourceTree.Root, StringComparison.Ordinal));
    }

    [TestCase("-p:_IsPacking=true", "Debug")]
    [TestCase("-p:SwarmTest=1", "Release")]
    public async Task Every_build_that_is_packed_can_be_repeated(string option, string configuration)
    {
        foreach (var name in PackedLibraries.Names)
        {
            var properties = await DotnetCommand.RunAsync(
                SourceTree.Root,
                new Dictionary<string, string> { ["CI"] = "" },
                ["msbuild", SourceTree.At(name, name + ".csproj"), "-nologo", "-getProperty:ContinuousIntegrationBuild", "-getProperty:Deterministic", option, $"-p:Configuration={configuration}"]);

            properties.Should().Contain("\"ContinuousIntegrationBuild\": \"true\"").And.Contain("\"Deterministic\": \"true\"");
        }
    }

    [Test]
    public void The_contracts_depend_on_the_service_collection_only()
    {
        Dependencies("Swarm.Core.Abstractions").Should().BeEquivalentTo("Microsoft.Extensions.DependencyInjection.Abstractions");
    }

    [Test]
    public void The_library_depends_on_the_contracts_and_on_what_a_host_has_anyway()
    {
        Dependencies("Swarm.Core").Should().Contain("Swarm.Core.Abstractions").And.BeSubsetOf(["Swarm.Core.Abstractions", .. _hostPackages]);
    }

    [Test]
    public void The_test_helpers_depend_on_nothing_but_the_library_and_what_it_needs()
    {
        Dependencies("Swarm.Core.Testing").Should().Contain("Swarm.Core").And.BeSubsetOf(["Swarm.Core", "Swarm.Core.Abstractions", .. _hostPackages]);
    }

    [TestCase("Swarm.Core", "Swarm.Core.Abstractions")]
    [TestCase("Swarm.Core.Testing", "Swarm.Core")]
    public void Packages_that_share_their_insides_go_with_each_other_in_exactly_one_version(string name, string other) =>
        _packed.Metadata(name).Descendants("dependency").Single(dependency => dependency.Attribute("id")!.Value == other)
            .Attribute("version")!.Value.Should().Be($"[{_packed.Version}]");

    [Test]
    public async Task Plug_ins_build_on_the_package_of_the_contracts()
    {
        using var folder = new TemporaryFolder();
        CopySample("CustomFilter", folder);

        await DotnetCommand.RunAsync(folder.Path, OwnCache(folder), "build", folder.File("CustomFilter/AcmePlacement"), "-c", "Release");

        UsedFromPackages(folder).Should().BeEquivalentTo("Swarm.Core.Abstractions");
    }

    [Test]
    public async Task A_host_with_plug_ins_of_its_own_builds_on_the_packages_and_runs()
    {
        using var folder = new TemporaryFolder();
        CopySample("CustomFilter", folder);

        var output = await DotnetCommand.RunAsync(folder.Path, OwnCache(folder), "run", "--project", folder.File("CustomFilter/Host"), "-c", "Release");

        using var scope = new AssertionScope();
        UsedFromPackages(folder).Should().BeEquivalentTo(PackedLibraries.Names);
        output.Should().NotContain("warning");
        output.Should().MatchRegex("site .* -> office ", "it is the cheapest machine");
        output.Should().MatchRegex("analysis-1 .* -> lab .*office: license: matlab", "the cheapest machine lacks the licence");
        output.Should().MatchRegex("analysis-2 .* -> render .*lab: not enough cpu", "the cheapest machine with the licence is full");
        output.Should().MatchRegex("analysis-3 .* -> spare ", "a machine without a price is the last choice");
        output.Should().MatchRegex("crash-test .* -> render ", "no other has the licence");
        output.Should().MatchRegex("film .* -> nowhere .*lab: license: maya; office: license: maya; render: license: maya; spare: license: maya");
        output.Should().Contain("5 containers removed, 0 left.");
    }

    [Test]
    public async Task The_quick_start_builds_on_the_packages_and_runs()
    {
        using var folder = new TemporaryFolder();
        CopySample("QuickStart", folder);

        var output = await DotnetCommand.RunAsync(folder.Path, OwnCache(folder), "run", "--project", folder.File("QuickStart"), "-c", "Release");

        using var scope = new AssertionScope();
        UsedFromPackages(folder).Should().BeEquivalentTo(PackedLibraries.Names);
        output.Should().NotContain("warning");
        output.Should().Contain("It would fit if").And.Contain("Cleaned up: 12 containers removed, 0 left.");
    }

    private IEnumerable<string> Dependencies(string name) =>
        _packed.Metadata(name).Descendants("dependency").Select(dependency => dependency.Attribute("id")!.Value);

    // The packages that were restored, which the projects of this repository could not stand in for.
    private IEnumerable<string> UsedFromPackages(TemporaryFolder folder) =>
        PackedLibraries.Names.Where(name => Directory.Exists(Path.Combine(folder.File("cache"), name.ToLowerInvariant(), _packed.Version)));

    private static Dictionary<string, string> OwnCache(TemporaryFolder folder) => new() { ["NUGET_PACKAGES"] = folder.File("cache") };

    // As a user would have it: outside of this repository, with packages in place of the projects.
    private void CopySample(string name, TemporaryFolder folder)
    {
        var source = SourceTree.At("samples", name);
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, path);
            if (!relative.Split(Path.DirectorySeparatorChar).Any(segment => segment is "bin" or "obj"))
            {
                var target = folder.File(Path.Combine(name, relative));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllText(target, LibraryReference().Replace(File.ReadAllText(path), "<PackageReference Include=\"${name}\" />"));
            }
        }

        var libraries = string.Concat(PackedLibraries.Names.Select(name => $"<PackageVersion Include=\"{name}\" Version=\"{_packed.Version}\" />"));
        folder.Write("Directory.Packages.props", File.ReadAllText(SourceTree.At("Directory.Packages.props")).Replace("</Project>", $"<ItemGroup>{libraries}</ItemGroup></Project>", StringComparison.Ordinal));
        folder.Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreSources>{_packed.Folder}</RestoreSources>
                <RestoreFallbackFolders>{Cache()}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
    }

    // All but the packages under test was restored for these tests already: nothing is fetched again.
    private static string Cache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [GeneratedRegex("""<ProjectReference Include="[^"]*/(?<name>Swarm\.Core[^/"]*)\.csproj" />""")]
    private static partial Regex LibraryReference();
}
