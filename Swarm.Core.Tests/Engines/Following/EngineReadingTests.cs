using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class EngineReadingTests
{
    [Test]
    public void Of_what_was_not_inspected_nothing_was_learned()
    {
        var reading = Reading(0, Ours("1")) with { Uninspected = ["b", "d"], Unread = ["a", "c"] };

        reading.Unlearned.Should().Equal("a", "b", "c", "d");
        (reading with { Uninspected = [] }).Unlearned.Should().Equal("a", "c");
        reading.Unlearned.Where(reading.IsUninspected).Should().Equal("b", "d");
    }

    [Test]
    public void A_reading_of_everything_has_all_of_the_cluster() => Reading(0, Ours("1"), Ours("2")).HasAllOfTheCluster.Should().BeTrue();

    [Test]
    public void A_list_that_was_cut_may_have_left_containers_of_the_cluster_out() => Reading(1, Ours("1"), Ours("2")).HasAllOfTheCluster.Should().BeFalse();

    [Test]
    public void A_list_that_had_room_for_others_left_none_of_the_cluster_out() => Reading(1, Ours("1"), Others("2")).HasAllOfTheCluster.Should().BeTrue();

    [Test]
    public void Of_what_could_not_be_looked_at_nothing_tells_that_it_is_of_others() => Reading(1, Ours("1"), Others("2") with { IsUnread = true }).HasAllOfTheCluster.Should().BeFalse();

    [Test]
    public void What_a_long_list_leaves_out_of_a_container_of_others_does_not_make_it_one_of_the_cluster()
    {
        var intake = new EngineIntake(new EngineLimits());
        var listed = new ListedSummaries();
        foreach (var number in Enumerable.Range(0, 3))
        {
            listed.Add(new ContainerSummary { Id = $"{number:x64}", Labels = LabelSet.Create(KeyValuePair.Create("of others", new string('x', (int)ListedSummaries.MuchBytes / 4))) });
        }

        var unread = intake.Container(listed.All()[0]);

        unread.Should().Match<ContainerView>(view => view.IsUnread && view.Labels.Count == 0 && view.OmittedLabels == 1);
        Reading(0, Ours("1"), unread).HasAllOfTheCluster.Should().BeTrue();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_tells_that_a_container_is_of_the_cluster_is_left_out_of_no_list(bool isVeryLong)
    {
        string[] longest = [SwarmLabels.Id, SwarmLabels.Demand, SwarmLabels.Resources, ReservedLabels.Owner, ReservedLabels.Generation, SwarmLabels.ReschedulePolicies, SwarmLabels.Affinities];
        var summary = new ContainerSummary
        {
            Id = new string('a', 64),
            Names = ["/" + new string('n', 5000)],
            Labels = LabelSet.Create([.. longest.Select(key => KeyValuePair.Create(key, new string('x', 90_000))), new(SwarmLabels.Operation, new string('b', 32))]),
        };

        var unread = new EngineIntake(new EngineLimits()).Container(ContainerAbridger.Abridge(summary, isVeryLong ? ContainerDetail.Core : ContainerDetail.WithoutDetails));

        ContainerAbridger.Abridge(unread, ContainerDetail.Core).IsOfCluster.Should().BeTrue();
    }

    private static ContainerView Ours(string id) => new() { Id = id, Labels = LabelSet.Create([new(SwarmLabels.Operation, new string('a', 32))]) };

    private static ContainerView Others(string id) => new() { Id = id };

    private static EngineReading Reading(int uncounted, params ImmutableArray<ContainerView> kept) =>
        new(1, 1, new EngineSpecs { DaemonId = "D", Name = "host" }, (kept, uncounted), [], null, null, null);
}
