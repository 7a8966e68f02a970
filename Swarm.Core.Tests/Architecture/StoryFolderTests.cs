using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Holds the stories that clustering is told in: each folder sees those before it and no other, so there is no cycle of types between them.</summary>
public sealed class StoryFolderTests
{
    private static readonly string[] _order = ["Reserving", "Events", "Membership", "Calls", "Creating", "Changing", "Streams", "Jobs", "Running"];

    private static readonly Dictionary<string, string> _homes = Files().SelectMany(file => file.Types.Select(type => (type.Name, Story: StoryOf(file)))).Distinct().ToDictionary(type => type.Name, type => type.Story);

    private static IReadOnlyList<SourceFile> Files() => SourceTree.In("Swarm.Core/Clustering");

    [TestCaseSource(nameof(Files))]
    public void A_file_is_in_the_folder_of_a_story(SourceFile file) => StoryOf(file).Should().BeOneOf(_order);

    [TestCaseSource(nameof(Files))]
    public void A_story_mentions_no_type_of_a_later_one(SourceFile file)
    {
        var story = Array.IndexOf(_order, StoryOf(file));

        Mentions(file).Where(name => Array.IndexOf(_order, _homes[name]) > story).Should().BeEmpty("{0} comes before them", StoryOf(file));
    }

    [Test]
    public void Every_story_has_a_folder() => _homes.Values.Distinct().Should().BeEquivalentTo(_order);

    [Test]
    public void A_mention_of_a_later_story_is_noticed()
    {
        var file = new SourceFile("Swarm.Core/Clustering/Reserving/A.cs", "namespace Swarm.Core.Clustering;\ninternal sealed class A(JobRunner jobs); // ContainerPlacer");

        Mentions(file).Should().Equal("JobRunner");
    }

    private static string StoryOf(SourceFile file) => file.Path.Split('/') is ["Swarm.Core", "Clustering", var story, _, ..] ? story : "";

    private static IEnumerable<string> Mentions(SourceFile file) => Regex.Matches(file.Code, @"\b\w+\b").Select(match => match.Value).Where(_homes.ContainsKey).Distinct();
}
