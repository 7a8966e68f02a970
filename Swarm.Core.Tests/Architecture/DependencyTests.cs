using System.Text;
using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Holds the list of what is used, in docs/dependencies.md, to what the restore has resolved.</summary>
public partial class DependencyTests
{
    private const string AcceptVariable = "SWARM_ACCEPT_DEPENDENCIES";
    private const string Begin = "<!-- dependencies -->\n";
    private const string End = "<!-- /dependencies -->";

    private static readonly string[] _licencesThatShip = ["MIT", "Apache-2.0"];

    [Test]
    public void The_list_of_dependencies_is_what_the_restore_has_resolved()
    {
        var path = SourceTree.At("docs", "dependencies.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            ResolvedPackages.Restored.Should().BeEquivalentTo(ResolvedPackages.Projects, "the list is made from all projects: restore Swarm.Core.sln");
            var table = Table(ResolvedPackages.Projects.SelectMany(ResolvedPackages.Of));
            File.WriteAllText(path, text[..begin] + table + text[end..]);
            text = File.ReadAllText(path);
            end = text.IndexOf(End, StringComparison.Ordinal);
        }

        var listed = Rows(text[begin..end]);
        foreach (var project in ResolvedPackages.Restored)
        {
            var resolved = ResolvedPackages.Of(project).ToList();
            resolved.Select(Line).Should().BeEquivalentTo(
                listed.Where(row => row.Projects.Split(", ").Contains(ResolvedPackages.NameOf(project))).Select(Line),
                "that is what {0} gets; if that is meant, restore Swarm.Core.sln, run this test with {1}=1, read what has changed and commit {2}",
                project,
                AcceptVariable,
                path);
        }
    }

    [Test]
    public void In_continuous_integration_all_projects_are_compared()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Ignore("Here not all projects need to be restored.");
        }

        ResolvedPackages.Restored.Should().BeEquivalentTo(ResolvedPackages.Projects);
    }

    [Test]
    public void The_projects_that_are_compared_are_those_of_the_solution()
    {
        ProjectPath().Matches(File.ReadAllText(SourceTree.At("Swarm.Core.sln")))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .Select(path => path[..path.LastIndexOf('/')])
            .Should().BeEquivalentTo(ResolvedPackages.Projects);
    }

    [Test]
    public void What_ships_is_under_licences_that_allow_it()
    {
        ResolvedPackages.Restored.SelectMany(ResolvedPackages.Of).Where(package => package.Use == "ships").Select(package => package.Licence).Distinct()
            .Should().BeSubsetOf(_licencesThatShip);
    }

    [Test]
    public void The_restore_looks_for_known_vulnerabilities_of_all_packages()
    {
        foreach (var project in ResolvedPackages.Restored)
        {
            var audit = ResolvedPackages.Assets(project).GetProperty("project").GetProperty("restore").GetProperty("restoreAuditProperties");

            audit.GetProperty("enableAudit").GetString().Should().Be("true", project);
            audit.GetProperty("auditMode").GetString().Should().Be("all", project);
            audit.GetProperty("auditLevel").GetString().Should().Be("low", project);
        }
    }

    private static string Line(ResolvedPackage package) => $"{package.Use} {package.Name} {package.Version} {package.Licence}";

    private static string Table(IEnumerable<ResolvedPackage> packages)
    {
        var text = new StringBuilder("| for | package | version | licence | projects |\n|---|---|---|---|---|\n");
        var rows = packages.GroupBy(package => package with { Projects = "" })
            .OrderBy(group => Array.IndexOf(["ships", "build", "tests"], group.Key.Use))
            .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Version, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            text.Append($"| {row.Key.Use} | {row.Key.Name} | {row.Key.Version} | {row.Key.Licence} | {string.Join(", ", row.Select(each => each.Projects).Order(StringComparer.Ordinal))} |\n");
        }

        return text.ToString();
    }

    private static List<ResolvedPackage> Rows(string table) =>
    [
        .. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)
            .Select(row => row.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new ResolvedPackage(cells[1], cells[2], cells[3], cells[4], cells[5])),
    ];

    [GeneratedRegex("""= "[^"]+", "(?<path>[^"]+\.csproj)",""")]
    private static partial Regex ProjectPath();
}
