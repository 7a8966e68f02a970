namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is promised, to whom, and for how long.</summary>
internal static partial class KnownMutants
{
    private const string LedgerChanges = "Swarm.Core/Clustering/ReservationLedger.Changes.cs";
    private const string LedgerMerge = "Swarm.Core/Clustering/ReservationLedger.Merge.cs";
    private const string ReservationFile = "Swarm.Core/Clustering/Reservation.cs";
    private const string HoldFile = "Swarm.Core/Clustering/ContainerHold.cs";

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
            "(!@ && !current.Labels.Equals(chosen.Labels))") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints"] },
        new(
            "taints that changed since the decision do not matter",
            Ledger,
            "!current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan())",
            "(!@ && !current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan()))") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints"] },
        new(
            "a create is refused on an engine that is gone as one on a full engine",
            Ledger,
            "            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))\n            {\n                return new ReserveOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);",
            "            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))\n            {\n                return new ReserveOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, @ ? RejectionCodes.Resources : RejectionCodes.Unhealthy), null);") { Tests = ["ReservationLedgerOrderTests.Nothing_is_reserved_on_an_engine_that_is_gone"] },
        new(
            "what a former speaker says is heard",
            Ledger,
            "        !_speakers.TryGetValue(engineId, out var heard) || ReferenceEquals(heard, speaker);",
            "        @ || !_speakers.TryGetValue(engineId, out var heard) || ReferenceEquals(heard, speaker);") { Tests = ["ReservationLedgerOrderTests.Who_does_not_speak_for_an_engine_any_more_is_not_heard"] },
        new(
            "whoever ends speaking takes the engine along",
            Ledger,
            "            _speakers.Remove(engineId);\n            if (",
            "            _speakers.Remove(engineId);\n            if (!@ && ") { Tests = ["ReservationLedgerOrderTests.Who_has_handed_an_engine_over_does_not_take_it_along"] },
        new(
            "a former speaker that ends takes the engine of the new one along",
            Ledger,
            ": ReferenceEquals(heard, speaker)))\n            {\n                return;",
            ": @ || ReferenceEquals(heard, speaker)))\n            {\n                return;") { Tests = ["ReservationLedgerOrderTests.Who_has_handed_an_engine_over_does_not_take_it_along"] },
        new(
            "what a handed over engine showed is found twice",
            Ledger,
            "                    _index.Remove(former.Id, container);\n",
            "                    if (!@) { _index.Remove(former.Id, container); }\n") { Tests = ["ReservationLedgerOrderTests.What_a_handed_over_engine_holds_is_found_once"] },
        new(
            "an engine keeps the size it had at first",
            Ledger,
            "!ReferenceEquals(entry.State.Specs, after.Specs)",
            "(!@ && !ReferenceEquals(entry.State.Specs, after.Specs))") { Tests = ["ReservationLedgerOrderTests.The_size_of_a_node_follows_its_engine"] },
        new(
            "an overlay changes no slots",
            Ledger,
            "!ReferenceEquals(entry.State.Overlay, after.Overlay)",
            "(!@ && !ReferenceEquals(entry.State.Overlay, after.Overlay))") { Tests = ["ReservationLedgerTests.A_label_of_the_overlay_changes_the_slots_of_the_node"] },
        new(
            "the names of an engine that comes back late are not held again",
            Ledger,
            "                HoldNamesAgain(entry);\n",
            "                if (!@) { HoldNamesAgain(entry); }\n") { Tests = ["ContainerHoldTests.A_rename_nobody_decided_holds_its_name_again_when_its_engine_comes_back"] },
        new(
            "a change that shows is held on",
            Ledger,
            "                EndShown(entry, transition.Containers);\n",
            "                if (!@) { EndShown(entry, transition.Containers); }\n") { Tests = ["ContainerHoldTests.A_name_that_shows_is_held_by_its_container"] },
        new(
            "a container that was not read ends the change of it",
            Ledger,
            "!unread.Contains(hold.ContainerId) && (isComplete",
            "(@ || !unread.Contains(hold.ContainerId)) && (isComplete") { Tests = ["ContainerHoldTests.A_promise_to_a_container_that_a_reading_left_out_is_kept"] },
        new(
            "nobody hears that a create made nothing",
            Ledger,
            "        Announce(missing, exists: false);\n",
            "        Announce(@ ? null : missing, exists: false);\n") { Tests = ["ReservationLedgerOrderTests.Whoever_asks_hears_what_became_of_what_nobody_knew"] },
        new(
            "a settled create holds its room although a list from later does not show it",
            Ledger,
            "        ReservationStage.Settled => ",
            "        ReservationStage.Settled => !@ && ") { Tests = ["ReservationLedgerTests.A_settled_container_that_went_before_it_was_seen_ends_with_the_next_whole_list"] },
        new(
            "a list from before the answer ends a settled create",
            Ledger,
            "decidedAt <= readFrom,",
            "(@ || decidedAt <= readFrom),") { Tests = ["ReservationLedgerOrderTests.A_list_that_began_before_the_answer_of_a_create_does_not_end_it"] },
        new(
            "a create under way is dropped by any list",
            Ledger,
            "        _ => false,\n    };\n\n    private bool IsHeard",
            "        _ => @,\n    };\n\n    private bool IsHeard") { Tests = ["ReservationLedgerOrderTests.A_create_under_way_is_ended_by_no_list"] },
        new(
            "a container is known by its operation only",
            Ledger,
            "each.ContainerId == container.Id ||",
            "(!@ && each.ContainerId == container.Id) ||") { Tests = ["ReservationLedgerTests.Once_the_engine_shows_the_container_its_room_counts_once"] },
        new(
            "a container is not known by its operation",
            Ledger,
            "operation.Length > 0 && each.Operation == operation)",
            "!@ && operation.Length > 0 && each.Operation == operation)") { Tests = ["ReservationLedgerTests.A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation"] },
        new(
            "a name is not freed when its reservation ends",
            Ledger,
            "            _heldNames.Remove(name);\n",
            "            if (!@) { _heldNames.Remove(name); }\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "a reservation that has ended is still counted",
            Ledger,
            "        if (entry.Holds.Remove(reservation))\n        {\n            _open--;\n",
            "        if (entry.Holds.Remove(reservation))\n        {\n            _open -= @ ? 0 : 1;\n") { Tests = ["ReservationLedgerTests.A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation"] },
        new(
            "stages are not counted when they change",
            Ledger,
            "        _byStage[(int)before]--;\n",
            "        _byStage[(int)before] -= @ ? 0 : 1;\n") { Tests = ["ReservationLedgerOrderTests.A_list_that_began_before_the_answer_of_a_create_does_not_end_it"] },
        new(
            "what an engine that left had made holds its name",
            Ledger,
            "            if (hold.Stage is ReservationStage.Settled)\n            {\n                End(entry, hold);\n",
            "            if (hold.Stage is ReservationStage.Settled)\n            {\n                if (!@) { End(entry, hold); }\n") { Tests = ["ReservationLedgerOrderTests.What_was_made_on_an_engine_that_left_frees_its_name_and_its_reservation"] },
        new(
            "changes on an engine that left hold their names",
            Ledger,
            "        ForgetChanges(entry);\n",
            "        if (!@) { ForgetChanges(entry); }\n") { Tests = ["ContainerHoldTests.The_name_of_a_rename_of_unknown_outcome_is_free_when_its_engine_leaves"] },
        new(
            "what is undecided on an engine that is gone is remembered for ever",
            Ledger,
            "time.GetElapsedTime(decidedAt) >= _absentHoldTime;",
            "!@ && time.GetElapsedTime(decidedAt) >= _absentHoldTime;") { Tests = ["ContainerHoldTests.A_promise_nobody_decided_is_remembered_for_a_day_once_its_engine_is_gone"] },
        new(
            "an engine that left is a node",
            Ledger,
            "        Publish(Snapshot.Nodes.Without(state.Id));\n",
            "        if (!@) { Publish(Snapshot.Nodes.Without(state.Id)); }\n") { Tests = ["ReservationLedgerTests.An_engine_that_left_takes_its_containers_and_names_along"] },
        new(
            "what an engine that left showed is found",
            Ledger,
            "            _index.Remove(state.Id, container);\n        }\n\n        var entry",
            "            if (!@) { _index.Remove(state.Id, container); }\n        }\n\n        var entry") { Tests = ["ReservationLedgerTests.An_engine_that_left_takes_its_containers_and_names_along"] },
        new(
            "a create of an unknown outcome on an engine that left holds its name",
            Ledger,
            "                    FreeName(reservation.Name, reservation);\n                    NoteAbsent",
            "                    if (!@) { FreeName(reservation.Name, reservation); }\n                    NoteAbsent") { Tests = ["ReservationLedgerOrderTests.A_create_that_is_left_undecided_after_its_engine_left_frees_its_name"] },
        new(
            "engine/name finds on every engine",
            Ledger,
            "id => id == engine || NameOf(id) == engine",
            "id => @ || id == engine || NameOf(id) == engine") { Tests = ["ClusterLookupTests.A_name_that_two_engines_have_is_ambiguous_and_lists_both"] },
        new(
            "a new version of a container is not found by its new names",
            Ledger,
            "            _index.Add(engineId, change.After);\n",
            "            if (!@ || change.Before is null) { _index.Add(engineId, change.After); }\n") { Tests = ["ClusterRenameTests.A_cancelled_rename_ends_by_what_the_engine_made_of_it"] },
        new(
            "room that is promised is not on the node",
            Ledger,
            "            held += hold.Pending.Resources;\n",
            "            if (!@) { held += hold.Pending.Resources; }\n") { Tests = ["ReservationLedgerTests.A_named_resource_is_promised_once"] },
        new(
            "a rename holds no name",
            LedgerChanges,
            "            _heldNames[name] = hold;\n",
            "            if (!@) { _heldNames[name] = hold; }\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "a rename does not ask who has the name",
            LedgerChanges,
            "            if (!isItsOwn && HolderOf(name) is { } holder)\n",
            "            if (!@ && !isItsOwn && HolderOf(name) is { } holder)\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "another container may try a rename again",
            LedgerChanges,
            "earlier.ContainerId == containerId &&",
            "(@ || earlier.ContainerId == containerId) &&") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "two renames to one name do not know of each other",
            LedgerChanges,
            "                rival.HasRival = hold.HasRival = true;\n",
            "                rival.HasRival = hold.HasRival = !@;\n") { Tests = ["ClusterRenameTests.A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same"] },
        new(
            "an update is made without a look at the room",
            LedgerChanges,
            "            if (growth != default && Admission",
            "            if (!@ && growth != default && Admission") { Tests = ["ContainerHoldTests.A_container_that_its_engine_does_not_show_yet_grows_from_what_its_create_was_promised"] },
        new(
            "an update asks for what the container has already",
            LedgerChanges,
            "            var growth = GrowthOf(entry, containerId, floor) - GrowthOf(entry, containerId, default);\n",
            "            var growth = @ ? floor : GrowthOf(entry, containerId, floor) - GrowthOf(entry, containerId, default);\n") { Tests = ["ContainerHoldTests.A_container_counts_for_the_most_of_what_it_shows_and_what_it_is_promised"] },
        new(
            "what was promised to an update is not on the node",
            LedgerChanges,
            "name: null, update, floor));\n            Republish(entry);\n",
            "name: null, update, floor));\n            if (!@) { Republish(entry); }\n") { Tests = ["ContainerHoldTests.A_container_counts_for_the_most_of_what_it_shows_and_what_it_is_promised"] },
        new(
            "an update of a container that is not known is let through",
            LedgerChanges,
            "            if (TakenBy(entry, containerId) is null)\n",
            "            if (!@ && TakenBy(entry, containerId) is null)\n") { Tests = ["ContainerHoldTests.A_container_that_nothing_is_known_of_is_promised_nothing"] },
        new(
            "updates that were made count as unknown",
            LedgerChanges,
            "hold.ContainerId == containerId && hold.Stage == ReservationStage.Unknown)",
            "hold.ContainerId == containerId && (@ || hold.Stage == ReservationStage.Unknown))") { Tests = ["ContainerHoldOrderTests.Only_updates_that_nobody_decided_may_or_may_not_have_been_made"] },
        new(
            "a change that was decided is decided again",
            LedgerChanges,
            "            if (hold.Stage is ReservationStage.Reserved)\n            {\n                Decide(hold, ReservationStage.Unknown);",
            "            if (@ ? hold.Stage is not ReservationStage.Ended : hold.Stage is ReservationStage.Reserved)\n            {\n                Decide(hold, ReservationStage.Unknown);") { Tests = ["ContainerHoldOrderTests.A_change_that_was_decided_is_not_undecided_by_disposing_of_it"] },
        new(
            "a change is dated when it was begun",
            LedgerChanges,
            "        hold.DecidedAt = time.GetTimestamp();\n",
            "        hold.DecidedAt = @ ? 0 : time.GetTimestamp();\n") { Tests = ["ContainerHoldTests.A_promise_nobody_decided_is_remembered_for_a_day_once_its_engine_is_gone"] },
        new(
            "a change on an engine that left holds its name",
            LedgerChanges,
            "            FreeName(hold.Name, hold);\n            NoteAbsent(entry);\n",
            "            if (!@) { FreeName(hold.Name, hold); }\n            NoteAbsent(entry);\n") { Tests = ["ContainerHoldOrderTests.A_rename_that_is_left_undecided_after_its_engine_left_frees_its_name"] },
        new(
            "an earlier rename does not get its name back",
            LedgerChanges,
            "            _heldNames.TryAdd(name, earlier);\n",
            "            if (!@) { _heldNames.TryAdd(name, earlier); }\n") { Tests = ["ContainerHoldTests.A_rename_of_unknown_outcome_can_be_tried_again_and_the_name_is_held_until_both_are_over"] },
        new(
            "a rename that may come late lets go of its name when that shows",
            LedgerChanges,
            "(hold.Stage is ReservationStage.Settled && hold.Name is not null && change.After.Name == hold.Name)",
            "((@ || hold.Stage is ReservationStage.Settled) && hold.Name is not null && change.After.Name == hold.Name)") { Tests = ["ContainerHoldTests.A_name_that_shows_does_not_end_a_rename_nobody_decided"] },
        new(
            "a change of a container that is gone is held",
            LedgerChanges,
            "== hold.ContainerId && (change.After is null || ",
            "== hold.ContainerId && ((!@ && change.After is null) || ") { Tests = ["ContainerHoldOrderTests.Changes_end_with_their_container"] },
        new(
            "any change of a container ends those under way",
            LedgerChanges,
            "            if (hold.Stage is not (ReservationStage.Settled or ReservationStage.Unknown))\n",
            "            if (!@ && hold.Stage is not (ReservationStage.Settled or ReservationStage.Unknown))\n") { Tests = ["ContainerHoldOrderTests.A_rename_under_way_holds_its_name_although_its_container_seems_to_have_gone"] },
        new(
            "the last of several changes counts, not the most",
            LedgerChanges,
            "Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);",
            "@ ? hold.Floor : Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);") { Tests = ["ContainerHoldOrderTests.The_order_of_promises_does_not_matter"] },
        new(
            "CPUs promised to an update do not count",
            LedgerChanges,
            "        NanoCpus = Math.Max(one.NanoCpus, other.NanoCpus),\n",
            "        NanoCpus = @ ? one.NanoCpus : Math.Max(one.NanoCpus, other.NanoCpus),\n") { Tests = ["ContainerHoldOrderTests.CPUs_that_a_container_is_to_grow_to_are_used"] },
        new(
            "what a container is to give back is free already",
            LedgerChanges,
            "MemoryBytes = Math.Max(0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),",
            "MemoryBytes = Math.Max(@ ? long.MinValue : 0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),") { Tests = ["ContainerHoldOrderTests.A_container_that_gives_back_does_not_free_it_for_others_before_it_shows"] },
        new(
            "what an engine was told of containers without changes does not count",
            LedgerChanges,
            "            floors.Add(containerId, ToldOf(entry, containerId));\n",
            "            if (!@) { floors.Add(containerId, ToldOf(entry, containerId)); }\n") { Tests = ["ClusterDemandTests.What_an_engine_that_forgets_limits_was_told_by_an_update_counts_while_the_program_runs"] },
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
            "                    if (!@) { EndVisible(into, state.Containers, ref found); }\n") { Tests = ["ReservationLedgerMergeTests.A_create_under_way_that_the_engine_that_stays_shows_already_counts_once"] },
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
        new(
            "a create that is given up is wanted",
            ReservationFile,
            "ledger.MarkUnknown(this, unwanted: true, atWork);",
            "ledger.MarkUnknown(this, unwanted: !@, atWork);") { Tests = ["AbandonedCreateTests.A_create_that_a_stop_cut_short_is_removed_after_the_next_start"] },
        new(
            "a change that is left undecided is over",
            HoldFile,
            "    public void Dispose() => MarkUnknown();",
            "    public void Dispose() { if (@) { End(); } else { MarkUnknown(); } }") { Tests = ["ContainerHoldTests.A_promise_nobody_decided_lasts_as_long_as_that_of_a_create"] },
    ];
}
