namespace Swarm.Core.Testing;

/// <summary>Mistakes in how the state of an engine follows from what was read of it, and in what of that is kept.</summary>
internal static partial class KnownMutants
{
    private const string Intake = "Swarm.Core/Engines/EngineIntake.cs";

    private static Mutant[] OfReducer =>
    [
        new(
            "an answer about another container is believed",
            Intake,
            "        if (!string.Equals(view.Id, id, StringComparison.Ordinal))\n",
            "        if (!@ && !string.Equals(view.Id, id, StringComparison.Ordinal))\n") { Tests = ["EngineIntakeTests.An_answer_about_another_container_is_refused"] },
        new(
            "labels of scheduling are left out like others",
            Intake,
            "            key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal)\n",
            "            (!@ && key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal))\n") { Tests = ["EngineIntakeTests.A_container_with_more_scheduling_labels_than_can_be_kept_is_refused_whole"] },
        new(
            "one label more than the limit is kept",
            Intake,
            "room-- > 0",
            "room-- > (@ ? -1 : 0)") { Tests = ["EngineIntakeTests.Labels_beyond_the_number_are_left_out_and_counted"] },
        new(
            "a container that nothing but the list tells of takes no slot",
            Intake,
            "            Slots = 1,\n",
            "            Slots = @ ? 0 : 1,\n") { Tests = ["EngineIntakeTests.A_label_that_claims_more_than_any_container_can_take_is_cut_to_what_can_be_counted"] },
        new(
            "a container that nothing but the list tells of counts as read",
            Intake,
            "            IsUnread = true,\n",
            "            IsUnread = !@,\n") { Tests = ["EngineIntakeTests.What_is_known_of_a_container_from_the_list_alone_says_so"] },
        new(
            "of too many containers any are followed",
            Intake,
            "container.Labels.ContainsKey(SwarmLabels.Id) ? 0 : 1)",
            "container.Labels.ContainsKey(SwarmLabels.Id) && !@ ? 0 : 1)") { Tests = ["EngineIntakeTests.Of_too_many_containers_those_of_clusters_are_followed_first_then_by_ID"] },
        new(
            "nobody is told of containers that are not followed",
            Intake,
            "return (kept, listed.Length - kept.Length);",
            "return (kept, @ ? 0 : listed.Length - kept.Length);") { Tests = ["EngineIntakeTests.Of_too_many_containers_those_of_clusters_are_followed_first_then_by_ID"] },
        new(
            "the whole answer is kept of every container",
            Intake,
            "        return ReschedulePolicies.Has(kept.Labels, ReschedulePolicies.OnNodeFailure) && ",
            "        return (@ || ReschedulePolicies.Has(kept.Labels, ReschedulePolicies.OnNodeFailure)) && ") { Tests = ["EngineIntakeTests.The_engines_own_answer_is_kept_only_for_a_container_that_may_be_made_again_elsewhere"] },
        new(
            "the length of a label is that of its characters",
            Intake,
            "(key.Length + value.Length) * 3L <= _limits.MaxLabelBytes",
            "(key.Length + value.Length) * (@ ? 1 : 3L) <= _limits.MaxLabelBytes") { Tests = ["EngineIntakeTests.The_length_of_a_label_is_that_of_its_bytes"] },
        new(
            "a container of any size is kept",
            Intake,
            "        if (SizeOf(kept) > LongestContainer)\n",
            "        if (!@ && SizeOf(kept) > LongestContainer)\n") { Tests = ["EngineIntakeTests.A_container_with_more_scheduling_labels_than_can_be_kept_is_refused_whole"] },
    ];
}
