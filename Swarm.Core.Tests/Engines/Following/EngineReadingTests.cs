using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class EngineReadingTests
{
    [Test]
    public void A_reading_of_everything_has_all_of_the_cluster() => Reading(0, Ours("1"), Ours("2")).HasAllOfTheCluster.Should().BeTrue();

    [Test]
    public void A_list_that_was_cut_may_have_left_containers_of_the_cluster_out() => Reading(1, Ours("1"), Ours("2")).HasAllOfTheCluster.Should().BeFalse();

    [Test]
    public void A_list_that_had_room_for_others_left_none_of_the_cluster_out() => Reading(1, Ours("1"), Others("2")).HasAllOfTheCluster.Should().BeTrue();

    [Test]
    public void Of_what_could_not_be_looked_at_nothing_tells_that_it_is_of_others() => Reading(1, Ours("1"), Others("2") with { IsUnread = true }).HasAllOfTheCluster.Should().BeFalse();

    [Test]
    public void A_container_of_which_not_even_the_labels_are_known_may_be_any() =>
        Reading(0, Ours("1"), Others("2") with { IsUnread = true, OmittedLabels = 3 }).HasAllOfTheCluster.Should().BeFalse();

    private static ContainerView Ours(string id) => new() { Id = id, Labels = LabelSet.Create([new(SwarmLabels.Operation, new string('a', 32))]) };

    private static ContainerView Others(string id) => new() { Id = id };

    private static EngineReading Reading(int uncounted, params ImmutableArray<ContainerView> kept) =>
        new(1, 1, new EngineSpecs { DaemonId = "D", Name = "host" }, (kept, uncounted), [], null, null, null);
}
