using System.Reflection;

namespace Swarm.Core.Architecture;

public class PublicSurfaceTests
{
    private const string AcceptVariable = "SWARM_ACCEPT_PUBLIC_SURFACE";

    private static readonly string[] _libraries = ["Swarm.Core.Abstractions", "Swarm.Core", "Swarm.Core.Testing"];

    [TestCaseSource(nameof(_libraries))]
    public void The_public_surface_is_the_one_that_was_reviewed(string library)
    {
        var file = SourceTree.At("Swarm.Core.Tests", "Architecture", "PublicSurface", library + ".txt");
        var actual = PublicSurface.Of(Assembly.Load(library)).Text;
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(file, actual);
        }

        var reviewed = File.Exists(file) ? File.ReadAllText(file) : "";

        if (actual != reviewed)
        {
            var removed = string.Join('\n', Entries(reviewed).Except(Entries(actual)));
            var added = string.Join('\n', Entries(actual).Except(Entries(reviewed)));
            Assert.Fail($"The public surface of {library} changes on purpose only.\nGone:\n{removed}\nNew:\n{added}\nIf that is meant, run this test with {AcceptVariable}=1 and commit {file}.");
        }
    }

    [TestCaseSource(nameof(_libraries))]
    public void A_signature_names_only_types_of_the_platform_and_of_this_library(string library)
    {
        PublicSurface.Of(Assembly.Load(library)).Assemblies.Where(name => !IsPlatform(name) && !_libraries.Contains(name)).Should().BeEmpty();
    }

    [Test]
    public void The_contracts_need_no_other_package_than_the_one_with_the_service_collection()
    {
        Assembly.Load("Swarm.Core.Abstractions").GetReferencedAssemblies().Select(reference => reference.Name)
            .Where(name => !name!.StartsWith("System.", StringComparison.Ordinal))
            .Should().BeEquivalentTo("Microsoft.Extensions.DependencyInjection.Abstractions");
    }

    [Test]
    public void A_built_in_filter_or_strategy_is_not_public()
    {
        Type[] contracts = [typeof(Filters.IFilter), typeof(Strategies.IPlacementStrategy)];

        Assembly.Load("Swarm.Core").GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && contracts.Any(contract => contract.IsAssignableFrom(type)))
            .Where(type => type.IsVisible || !type.IsSealed)
            .Should().BeEmpty();
    }

    private static bool IsPlatform(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);

    // A member that moved to another type is listed with it, so every line is given its type.
    private static IEnumerable<string> Entries(string text)
    {
        var type = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line.StartsWith(' ') ? type : line;
            yield return line == type ? line : $"{type.Split(" : ")[0]} {{ {line.Trim()} }}";
        }
    }
}
