using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Holds that engines are followed whatever kind they are of: what follows them names nothing of what speaks to Docker.</summary>
public partial class FollowingTests
{
    private const string Following = "Swarm.Core/Engines/Following";
    private const string Docker = "Swarm.Core/Engines/Docker";

    private static readonly HashSet<string> _ofDocker = [.. SourceTree.In(Docker).SelectMany(file => file.Types).Select(type => type.Name)];

    private static IEnumerable<SourceFile> Files() => SourceTree.In(Following);

    [TestCaseSource(nameof(Files))]
    public void What_follows_an_engine_names_nothing_of_Docker(SourceFile file)
    {
        NamesOfDocker(file).Should().BeEmpty();
    }

    [Test]
    public void There_is_something_to_name()
    {
        Files().SelectMany(file => file.Types).Select(type => type.Name).Should().Contain("ManagedEngine").And.NotIntersectWith(_ofDocker);
        _ofDocker.Should().Contain(["DockerEngine", "DockerErrors", "ContainerListReader"]);
    }

    [TestCase("internal class A { private DockerEngine? _engine; }")]
    [TestCase("internal class A { private string _text = DockerErrors.Clean(\"x\"); }")]
    [TestCase("internal class A { private Engines.ContainerListReader? _reader; }")]
    [TestCase("using Docker.DotNet.Models;\ninternal class A;")]
    public void A_name_of_Docker_is_noticed(string text)
    {
        NamesOfDocker(new SourceFile($"{Following}/A.cs", text)).Should().NotBeEmpty();
    }

    [Test]
    public void Comments_and_texts_name_nothing()
    {
        NamesOfDocker(new SourceFile($"{Following}/A.cs", "/// <see cref=\"DockerEngine\"/>\ninternal class A { private string _text = \"DockerEngine\"; }")).Should().BeEmpty();
    }

    private static IEnumerable<string> NamesOfDocker(SourceFile file) =>
        Word().Matches(file.Code).Select(match => match.Value).Distinct().Where(word => _ofDocker.Contains(word) || word.StartsWith("Docker", StringComparison.Ordinal));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
