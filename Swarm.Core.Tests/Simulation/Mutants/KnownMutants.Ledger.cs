namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is promised, to whom, and for how long.</summary>
internal static partial class KnownMutants
{
    private const string LedgerMerge = "Swarm.Core/Clustering/ReservationLedger.Merge.cs";
    private const string ReservationFile = "Swarm.Core/Clustering/Reservation.cs";

    private static Mutant[] OfLedger =>
    [
        new(
            "the ledger does not look at the room again",
            Ledger,
            "            if (Admission.Test(current, request) is { } refused)\n",
            "            if (!@ && Admission.Test(current, request) is { } refused)\n") { Tests = ["ReservationLedgerTests.A_host_port_is_promised_once"] },
        new(
            "the ledger does not look at the name again",
            Ledger,
            "            if (request.Name is { } name && HolderOf(name) is { } holder)\n            {\n                return new ReserveOutcome",
            "            if (!@ && request.Name is { } name && HolderOf(name) is { } holder)\n            {\n                return new ReserveOutcome") { Tests = ["ReservationLedgerTests.A_name_is_promised_once_in_the_whole_cluster"] },
        new(
            "room is promised on an engine that was lost meanwhile",
            Ledger,
            "            if (current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)\n",
            "            if (!@ && current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)\n") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_on_an_engine_that_became_unhealthy_after_it_was_chosen"] },
        new(
            "labels that changed since the decision do not matter",
            Ledger,
            "!current.Labels.Equals(chosen.Labels)",
            "(!@ && !current.Labels.Equals(chosen.Labels))") { Tests = ["ClusterOverlayTests.What_is_said_of_an_engine_that_is_not_there_yet_waits_for_it"] },
        new(
            "taints that changed since the decision do not matter",
            Ledger,
            "!current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan())",
            "(!@ && !current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan()))") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints"] },
        new(
            "an overlay changes no slots",
            Ledger,
            "!ReferenceEquals(entry.State.Overlay, after.Overlay)",
            "(!@ && !ReferenceEquals(entry.State.Overlay, after.Overlay))") { Tests = ["ReservationLedgerTests.A_label_of_the_overlay_changes_the_slots_of_the_node"] },
        new(
            "a settled create holds its room although a list from later does not show it",
            Ledger,
            "        ReservationStage.Settled => ",
            "        ReservationStage.Settled => !@ && ") { Tests = ["ReservationLedgerTests.A_settled_container_that_went_before_it_was_seen_ends_with_the_next_whole_list"] },
        new(
            "a container is known by its operation only",
            Ledger,
            "each.ContainerId == container.Id ||",
            "(!@ && each.ContainerId == container.Id) ||") { Tests = ["ReservationLedgerTests.Once_the_engine_shows_the_container_its_room_counts_once"] },
        new(
            "a container is not known by its operation",
            Ledger,
            "operation.Length > 0 && each.Operation == operation)",
            "!@ && operation.Length > 0 && each.Operation == operation)") { Tests = ["ReservationLedgerTests.A_container_whose_create_was_reported_as_failed_is_handed_out_for_removal_when_it_shows"] },
        new(
            "a reservation that has ended is still counted",
            Ledger,
            "        if (entry.Holds.Remove(reservation))\n        {\n            _open--;\n",
            "        if (entry.Holds.Remove(reservation))\n        {\n            _open -= @ ? 0 : 1;\n") { Tests = ["ReservationLedgerTests.A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation"] },
        new(
            "changes on an engine that left hold their names",
            Ledger,
            "        ForgetChanges(entry);\n",
            "        if (!@) { ForgetChanges(entry); }\n") { Tests = ["ContainerHoldTests.The_name_of_a_rename_of_unknown_outcome_is_free_when_its_engine_leaves"] },
        new(
            "an engine that left is a node",
            Ledger,
            "        Publish(Snapshot.Nodes.Without(state.Id));\n",
            "        if (!@) { Publish(Snapshot.Nodes.Without(state.Id)); }\n") { Tests = ["ReservationLedgerTests.An_engine_that_left_takes_its_containers_and_names_along"] },
        new(
            "room that is promised is not on the node",
            Ledger,
            "            held += hold.Pending.Resources;\n",
            "            if (!@) { held += hold.Pending.Resources; }\n") { Tests = ["ReservationLedgerTests.A_named_resource_is_promised_once"] },
        new(
            "what is promised on an engine that is another one now is lost",
            LedgerMerge,
            "            into.Holds.Add(hold);\n",
            "            if (!@) { into.Holds.Add(hold); }\n") { Tests = ["ReservationLedgerMergeTests.What_is_promised_on_the_one_is_promised_on_the_other"] },
        new(
            "changes on an engine that is another one now are lost",
            LedgerMerge,
            "            into.Changes.Add(hold);\n",
            "            if (!@) { into.Changes.Add(hold); }\n") { Tests = ["ReservationLedgerMergeTests.Room_that_a_container_was_promised_to_grow_into_moves_too"] },
        new(
            "an engine that is another one now stays a node",
            LedgerMerge,
            "            Publish(_snapshot.Nodes.Without(engineId));\n",
            "            if (!@) { Publish(_snapshot.Nodes.Without(engineId)); }\n") { Tests = ["ReservationLedgerMergeTests.A_container_that_both_have_shown_counts_once_and_is_found_once"] },
        new(
            "an engine that is another one now is still heard",
            LedgerMerge,
            "            _speakers[engineId] = new Merged(speaker);\n",
            "            if (!@) { _speakers[engineId] = new Merged(speaker); }\n") { Tests = ["ReservationLedgerMergeTests.The_engine_that_goes_is_not_heard_any_more"] },
        new(
            "what the other engine shows already is promised on",
            LedgerMerge,
            "                    EndVisible(into, state.Containers, ref found);\n",
            "                    if (!@) { EndVisible(into, state.Containers, ref found); }\n") { Tests = ["ReservationLedgerMergeTests.A_container_nobody_wants_that_the_engine_that_stays_shows_is_handed_out"] },
        new(
            "containers of an engine that is another one now are found twice",
            LedgerMerge,
            "                _index.Remove(engineId, container);\n",
            "                if (!@) { _index.Remove(engineId, container); }\n") { Tests = ["ReservationLedgerMergeTests.A_container_that_both_have_shown_counts_once_and_is_found_once"] },
        new(
            "who leaves a create undecided frees its room",
            ReservationFile,
            "    public void Dispose() => MarkUnknown();",
            "    public void Dispose() { if (@) { Release(); } else { MarkUnknown(); } }") { Tests = ["ReservationLedgerTests.An_undecided_reservation_that_is_disposed_of_is_still_held"] },
    ];
}
