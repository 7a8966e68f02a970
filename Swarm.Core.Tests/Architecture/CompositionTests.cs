using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Each class takes what it uses: nothing of the cluster is found through the cluster.</summary>
public sealed partial class CompositionTests
{
    // The face makes itself through the composition, and hosting hands it out.
    private static readonly string[] _knowTheCluster = ["SwarmCluster", "ClusterComposition"];

    // What lives from start to stop is known to those who begin and end it, and to the faces that hand callers on to its parts.
    private static readonly string[] _knowTheRun = [.. _knowTheCluster, "ClusterRun", "CurrentRun", "ClusterLifetime", "CallerWork", "ClusterContainers", "ClusterEngines"];

    private static IEnumerable<SourceFile> Files() => SourceTree.In("Swarm.Core").Where(file => file.Folder != "Hosting");

    [TestCaseSource(nameof(Files))]
    public void Only_the_face_the_composition_and_hosting_mention_the_cluster(SourceFile file) =>
        (Cluster().IsMatch(file.Code) && !_knowTheCluster.Contains(file.Name)).Should().BeFalse("a class takes what it uses in its constructor, not the cluster");

    [TestCaseSource(nameof(Files))]
    public void What_lives_from_start_to_stop_is_not_passed_to_its_parts(SourceFile file) =>
        (Run().IsMatch(file.Code) && !_knowTheRun.Contains(file.Name)).Should().BeFalse("a part takes what it uses in its constructor, not the whole");

    [TestCase("internal sealed class A(SwarmCluster cluster);", true)]
    [TestCase("internal sealed class A { void B(SwarmCluster.Run run) { } }", true)]
    [TestCase("internal sealed class A; // of SwarmCluster", false)]
    [TestCase("internal sealed class A(SwarmClusterish other);", false)]
    public void A_mention_of_the_cluster_is_noticed(string text, bool isMention) =>
        Cluster().IsMatch(new SourceFile("Swarm.Core/Clustering/A.cs", text).Code).Should().Be(isMention);

    [GeneratedRegex(@"\bSwarmCluster\b")]
    private static partial Regex Cluster();

    [GeneratedRegex(@"\bClusterRun\b|\bSwarmCluster\.Run\b")]
    private static partial Regex Run();
}
