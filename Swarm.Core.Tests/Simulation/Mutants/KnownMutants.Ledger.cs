namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is promised, to whom, and for how long.</summary>
internal static partial class KnownMutants
{
    private const string LedgerHolds = "Swarm.Core/Clustering/Reserving/ReservationLedger.Holds.cs";
    private const string LedgerEndings = "Swarm.Core/Clustering/Reserving/ReservationLedger.Endings.cs";
    private const string LedgerLookup = "Swarm.Core/Clustering/Reserving/ReservationLedger.Lookup.cs";
    private const string EngineHoldsFile = "Swarm.Core/Clustering/Reserving/EngineHolds.cs";
    private const string HeldNamesFile = "Swarm.Core/Clustering/Reserving/HeldNames.cs";
    private const string SpeakersFile = "Swarm.Core/Clustering/Reserving/Speakers.cs";
    private const string AbsentFile = "Swarm.Core/Clustering/Reserving/AbsentEngines.cs";
    private const string LedgerMerge = "Swarm.Core/Clustering/Reserving/ReservationLedger.Merge.cs";
    private const string HoldFile = "Swarm.Core/Clustering/Reserving/Hold.cs";

    private static Mutant[] OfLedger =>
    [
        new(
            "the ledger does not look at the room again",
            LedgerHolds,
            "            if (Admission.Test(current, request) is { } rejection)\n",
            "            if (!@ && Admission.Test(current, request) is { } rejection)\n") { Tests = ["ReservationLedgerTests.A_host_port_is_promised_once"] },
        new(
            "the ledger does not look at the name again",
            LedgerHolds,
            "            if (request.Name is { } name && HolderOf(name) is { } holder)\n            {\n                return new HoldOutcome<Reservation>",
            "            if (!@ && request.Name is { } name && HolderOf(name) is { } holder)\n            {\n                return new HoldOutcome<Reservation>") { Tests = ["ReservationLedgerTests.A_name_is_promised_once_in_the_whole_cluster"] },
        new(
            "room is promised on an engine that was lost meanwhile",
            LedgerHolds,
            "            if (current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)\n",
            "            if (!@ && current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)\n") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_on_an_engine_that_became_unhealthy_after_it_was_chosen"] },
        new(
            "labels that changed since the decision do not matter",
            LedgerHolds,
            "!current.Labels.Equals(chosen.Labels)",
            "(!@ && !current.Labels.Equals(chosen.Labels))") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints"] },
        new(
            "taints that changed since the decision do not matter",
            LedgerHolds,
            "!current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan())",
            "(!@ && !current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan()))") { Tests = ["ReservationLedgerTests.Nothing_is_reserved_by_a_decision_that_saw_other_labels_or_taints"] },
        new(
            "a create is refused on an engine that is gone as one on a full engine",
            LedgerHolds,
            "            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))\n            {\n                return new HoldOutcome<Reservation>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);",
            "            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))\n            {\n                return new HoldOutcome<Reservation>(null, new Rejection(RejectionCodes.AdmissionFilter, @ ? RejectionCodes.Resources : RejectionCodes.Unhealthy), null);") { Tests = ["ReservationLedgerOrderTests.Nothing_is_reserved_on_an_engine_that_is_gone"] },
        new(
            "what a former speaker says is heard",
            SpeakersFile,
            "        !_speakers.TryGetValue(engineId, out var heard) || (!heard.IsMuted && ",
            "        @ || !_speakers.TryGetValue(engineId, out var heard) || (!heard.IsMuted && ") { Tests = ["ReservationLedgerOrderTests.Who_does_not_speak_for_an_engine_any_more_is_not_heard"] },
        new(
            "whoever ends speaking takes the engine along",
            Ledger,
            "            if (_speakers.TryEnd(engineId, speaker) && ",
            "            if (_speakers.TryEnd(engineId, speaker) && !@ && ") { Tests = ["ReservationLedgerOrderTests.Who_has_handed_an_engine_over_does_not_take_it_along"] },
        new(
            "a former speaker that ends takes the engine of the new one along",
            SpeakersFile,
            "out var heard) && ReferenceEquals(heard.Engine, speaker) && ",
            "out var heard) && (@ || ReferenceEquals(heard.Engine, speaker)) && ") { Tests = ["ReservationLedgerOrderTests.Who_has_handed_an_engine_over_does_not_take_it_along"] },
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
            "                if (!@) { HoldNamesAgain(entry); }\n") { Tests = ["ContainerHoldTests.A_rename_of_which_nobody_knows_holds_its_name_again_when_its_engine_comes_back"] },
        new(
            "a change that shows is held on",
            Ledger,
            "                EndShownChanges(entry, transition.Containers);\n",
            "                if (!@) { EndShownChanges(entry, transition.Containers); }\n") { Tests = ["ContainerHoldTests.A_name_that_shows_is_held_by_its_container"] },
        new(
            "a container that was not read ends the change of it",
            LedgerEndings,
            "unread.BinarySearch(hold.ContainerId, StringComparer.Ordinal) < 0 && (isComplete",
            "(@ || unread.BinarySearch(hold.ContainerId, StringComparer.Ordinal) < 0) && (isComplete") { Tests = ["ContainerHoldTests.A_promise_to_a_container_that_a_reading_left_out_is_kept"] },
        new(
            "nobody hears that a create made nothing",
            Ledger,
            "        NotifyResolved(missing, exists: false);\n",
            "        NotifyResolved(@ ? null : missing, exists: false);\n") { Tests = ["ReservationLedgerOrderTests.Whoever_asks_hears_what_became_of_what_nobody_knew"] },
        new(
            "a settled create holds its room although a list from later does not show it",
            LedgerEndings,
            "        HoldStage.Settled => ",
            "        HoldStage.Settled => !@ && ") { Tests = ["ReservationLedgerTests.A_settled_container_that_went_before_it_was_seen_ends_with_the_next_whole_list"] },
        new(
            "a list from before the answer ends a settled create",
            LedgerEndings,
            "hold.StageSince <= readFrom,",
            "(@ || hold.StageSince <= readFrom),") { Tests = ["ReservationLedgerOrderTests.A_list_that_began_before_the_answer_of_a_create_does_not_end_it"] },
        new(
            "a create under way is dropped by any list",
            LedgerEndings,
            "        _ => false,\n    };\n\n    // It is there",
            "        _ => @,\n    };\n\n    // It is there") { Tests = ["ReservationLedgerOrderTests.A_create_under_way_is_ended_by_no_list"] },
        new(
            "a container is known by its operation only",
            LedgerEndings,
            "each.ContainerId == container.Id ||",
            "(!@ && each.ContainerId == container.Id) ||") { Tests = ["ReservationLedgerTests.Once_the_engine_shows_the_container_its_room_counts_once"] },
        new(
            "a container is not known by its operation",
            LedgerEndings,
            "operation.Length > 0 && each.Operation == operation)",
            "!@ && operation.Length > 0 && each.Operation == operation)") { Tests = ["ReservationLedgerTests.A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation"] },
        new(
            "a name is not freed when its reservation ends",
            HeldNamesFile,
            "            _holds.Remove(name);\n",
            "            if (!@) { _holds.Remove(name); }\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "a reservation that has ended is still counted",
            LedgerHolds,
            "            _open--;\n",
            "            _open -= @ ? 0 : 1;\n") { Tests = ["ReservationLedgerTests.A_container_that_shows_before_its_create_is_answered_is_recognised_by_its_operation"] },
        new(
            "stages are not counted when they change",
            LedgerHolds,
            "        _byStage[(int)before]--;\n",
            "        _byStage[(int)before] -= @ ? 0 : 1;\n") { Tests = ["ReservationLedgerOrderTests.A_list_that_began_before_the_answer_of_a_create_does_not_end_it"] },
        new(
            "what an engine that left had made holds its name",
            Ledger,
            "            if (hold.Stage is HoldStage.Settled)\n            {\n                End(entry, hold);\n",
            "            if (hold.Stage is HoldStage.Settled)\n            {\n                if (!@) { End(entry, hold); }\n") { Tests = ["ReservationLedgerOrderTests.What_was_made_on_an_engine_that_left_frees_its_name_and_its_reservation"] },
        new(
            "changes on an engine that left hold their names",
            Ledger,
            "            else if (hold.Stage is HoldStage.Unknown)\n            {\n                _names.Free(hold);\n",
            "            else if (hold.Stage is HoldStage.Unknown)\n            {\n                if (!@ || hold is Reservation) { _names.Free(hold); }\n") { Tests = ["ContainerHoldTests.The_name_of_a_rename_of_unknown_outcome_is_free_when_its_engine_leaves"] },
        new(
            "what is open on an engine that is gone is remembered for ever",
            AbsentFile,
            "time.GetElapsedTime(hold.StageSince) >= _holdTime;",
            "!@ && time.GetElapsedTime(hold.StageSince) >= _holdTime;") { Tests = ["ContainerHoldTests.A_promise_of_which_nobody_knows_is_remembered_for_a_day_once_its_engine_is_gone"] },
        new(
            "an engine that left is a node",
            Ledger,
            "        SetSnapshot(Snapshot.Nodes.Without(state.Id));\n",
            "        if (!@) { SetSnapshot(Snapshot.Nodes.Without(state.Id)); }\n") { Tests = ["ReservationLedgerTests.An_engine_that_left_takes_its_containers_and_names_along"] },
        new(
            "what an engine that left showed is found",
            Ledger,
            "            _index.Remove(state.Id, container);\n        }\n\n        var entry",
            "            if (!@) { _index.Remove(state.Id, container); }\n        }\n\n        var entry") { Tests = ["ReservationLedgerTests.An_engine_that_left_takes_its_containers_and_names_along"] },
        new(
            "a create of an unknown outcome on an engine that left holds its name",
            LedgerHolds,
            "            _names.Free(hold);\n            _absent.Add(entry);\n",
            "            if (!@ || hold is ContainerHold) { _names.Free(hold); }\n            _absent.Add(entry);\n") { Tests = ["ReservationLedgerOrderTests.A_create_that_is_left_open_after_its_engine_left_frees_its_name"] },
        new(
            "engine/name finds on every engine",
            LedgerLookup,
            "id => id == engine || NameOf(id) == engine",
            "id => @ || id == engine || NameOf(id) == engine") { Tests = ["ClusterLookupTests.A_name_that_two_engines_have_is_ambiguous_and_lists_both"] },
        new(
            "a new version of a container is not found by its new names",
            Ledger,
            "            _index.Add(engineId, change.After);\n",
            "            if (!@ || change.Before is null) { _index.Add(engineId, change.After); }\n") { Tests = ["ClusterRenameTests.A_renamed_container_is_found_by_its_new_name_and_the_old_one_is_free"] },
        new(
            "room that is promised is not on the node",
            Ledger,
            "            held += hold.Pending.Resources;\n",
            "            if (!@) { held += hold.Pending.Resources; }\n") { Tests = ["ReservationLedgerTests.A_named_resource_is_promised_once"] },
        new(
            "a rename holds no name",
            LedgerHolds,
            "        _names.Put(hold);\n",
            "        if (!@ || hold is Reservation) { _names.Put(hold); }\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "a rename does not ask who has the name",
            LedgerHolds,
            "            if (!isItsOwn && HolderOf(name) is { } holder)\n",
            "            if (!@ && !isItsOwn && HolderOf(name) is { } holder)\n") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "another container may try a rename again",
            LedgerHolds,
            "earlier.ContainerId == containerId &&",
            "(@ || earlier.ContainerId == containerId) &&") { Tests = ["ContainerHoldTests.A_name_is_held_once"] },
        new(
            "two renames to one name do not know of each other",
            LedgerHolds,
            "                rival.HasRival = hold.HasRival = true;\n",
            "                rival.HasRival = hold.HasRival = !@;\n") { Tests = ["ClusterRenameTests.A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same"] },
        new(
            "an update is made without a look at the room",
            LedgerHolds,
            "            if (growth != default && Admission",
            "            if (!@ && growth != default && Admission") { Tests = ["ContainerHoldTests.A_container_that_its_engine_does_not_show_yet_grows_from_what_its_create_was_promised"] },
        new(
            "an update asks for what the container has already",
            LedgerHolds,
            "            var growth = entry.Growth(containerId, floor) - entry.Growth(containerId, default);\n",
            "            var growth = @ ? floor : entry.Growth(containerId, floor) - entry.Growth(containerId, default);\n") { Tests = ["ContainerHoldTests.A_container_counts_for_the_most_of_what_it_shows_and_what_it_is_promised"] },
        new(
            "what was promised to an update is not on the node",
            LedgerHolds,
            "name: null, update, floor);\n            entry.Changes.Add(hold);\n            Open(hold);\n            Republish(entry);\n",
            "name: null, update, floor);\n            entry.Changes.Add(hold);\n            Open(hold);\n            if (!@) { Republish(entry); }\n") { Tests = ["ContainerHoldTests.A_container_counts_for_the_most_of_what_it_shows_and_what_it_is_promised"] },
        new(
            "an update of a container that is not known is let through",
            LedgerHolds,
            "            if (entry.DemandOf(containerId) is null)\n",
            "            if (!@ && entry.DemandOf(containerId) is null)\n") { Tests = ["ContainerHoldTests.A_container_that_nothing_is_known_of_is_promised_nothing"] },
        new(
            "updates that were made count as unknown",
            LedgerHolds,
            "hold.ContainerId == containerId && hold.Stage == HoldStage.Unknown)",
            "hold.ContainerId == containerId && (@ || hold.Stage == HoldStage.Unknown))") { Tests = ["ContainerHoldOrderTests.Only_updates_of_which_nobody_knows_may_or_may_not_have_been_made"] },
        new(
            "what became of a change is said twice",
            LedgerHolds,
            "            if (hold.Stage is HoldStage.Reserved)\n            {\n                MoveTo(hold, HoldStage.Unknown);",
            "            if (@ && hold is ContainerHold ? hold.Stage is not HoldStage.Ended : hold.Stage is HoldStage.Reserved)\n            {\n                MoveTo(hold, HoldStage.Unknown);") { Tests = ["ContainerHoldOrderTests.What_is_known_of_a_change_is_not_forgotten_by_disposing_of_it"] },
        new(
            "a change is dated when it was begun",
            LedgerHolds,
            "        hold.StageSince = time.GetTimestamp();\n",
            "        hold.StageSince = @ ? 0 : time.GetTimestamp();\n") { Tests = ["ContainerHoldTests.A_promise_of_which_nobody_knows_is_remembered_for_a_day_once_its_engine_is_gone"] },
        new(
            "a change on an engine that left holds its name",
            LedgerHolds,
            "        else if (entry.State is null)\n        {\n            // What may",
            "        else if (entry.State is null && !(@ && hold is ContainerHold))\n        {\n            // What may") { Tests = ["ContainerHoldOrderTests.A_rename_that_is_left_open_after_its_engine_left_frees_its_name"] },
        new(
            "an earlier rename does not get its name back",
            LedgerHolds,
            "            _names.PutIfFree(earlier);\n",
            "            if (!@) { _names.PutIfFree(earlier); }\n") { Tests = ["ContainerHoldTests.A_rename_of_unknown_outcome_can_be_tried_again_and_the_name_is_held_until_both_are_over"] },
        new(
            "a rename that may come late lets go of its name when that shows",
            LedgerEndings,
            "(hold.Stage is HoldStage.Settled && hold.Name is not null && change.After.Name == hold.Name)",
            "((@ || hold.Stage is HoldStage.Settled) && hold.Name is not null && change.After.Name == hold.Name)") { Tests = ["ContainerHoldTests.A_name_that_shows_does_not_end_a_rename_of_which_nobody_knows"] },
        new(
            "a change of a container that is gone is held",
            LedgerEndings,
            "== hold.ContainerId && (change.After is null || ",
            "== hold.ContainerId && ((!@ && change.After is null) || ") { Tests = ["ContainerHoldOrderTests.Changes_end_when_a_reading_does_not_show_their_container"] },
        new(
            "any change of a container ends those under way",
            LedgerEndings,
            "            if (hold.Stage is not (HoldStage.Settled or HoldStage.Unknown))\n",
            "            if (!@ && hold.Stage is not (HoldStage.Settled or HoldStage.Unknown))\n") { Tests = ["ContainerHoldOrderTests.A_rename_under_way_holds_its_name_although_its_container_seems_to_have_gone"] },
        new(
            "the last of several changes counts, not the most",
            EngineHoldsFile,
            "Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);",
            "@ ? hold.Floor : Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);") { Tests = ["ContainerHoldOrderTests.The_order_of_promises_does_not_matter"] },
        new(
            "CPUs promised to an update do not count",
            EngineHoldsFile,
            "        NanoCpus = Math.Max(one.NanoCpus, other.NanoCpus),\n",
            "        NanoCpus = @ ? one.NanoCpus : Math.Max(one.NanoCpus, other.NanoCpus),\n") { Tests = ["ContainerHoldOrderTests.CPUs_that_a_container_is_to_grow_to_are_used"] },
        new(
            "what a container is to give back is free already",
            EngineHoldsFile,
            "MemoryBytes = Math.Max(0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),",
            "MemoryBytes = Math.Max(@ ? long.MinValue : 0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),") { Tests = ["ContainerHoldOrderTests.A_container_that_gives_back_does_not_free_it_for_others_before_it_shows"] },
        new(
            "what an engine was told of containers without changes does not count",
            EngineHoldsFile,
            "            floors.Add(containerId, UnshownOf(containerId));\n",
            "            if (!@) { floors.Add(containerId, UnshownOf(containerId)); }\n") { Tests = ["ClusterDemandTests.What_an_engine_that_forgets_limits_was_told_by_an_update_counts_while_the_program_runs"] },
        new(
            "what is promised on an engine that is another one now is lost",
            EngineHoldsFile,
            "        Creates.AddRange(from.Creates);\n",
            "        if (!@) { Creates.AddRange(from.Creates); }\n") { Tests = ["ReservationLedgerMergeTests.What_is_promised_on_the_one_is_promised_on_the_other"] },
        new(
            "changes on an engine that is another one now are lost",
            EngineHoldsFile,
            "        Changes.AddRange(from.Changes);\n",
            "        if (!@) { Changes.AddRange(from.Changes); }\n") { Tests = ["ReservationLedgerMergeTests.Room_that_a_container_was_promised_to_grow_into_moves_too"] },
        new(
            "an engine that is another one now stays a node",
            LedgerMerge,
            "            SetSnapshot(_snapshot.Nodes.Without(engineId));\n",
            "            if (!@) { SetSnapshot(_snapshot.Nodes.Without(engineId)); }\n") { Tests = ["ReservationLedgerMergeTests.A_container_that_both_have_shown_counts_once_and_is_found_once"] },
        new(
            "an engine that is another one now is still heard",
            LedgerMerge,
            "            _speakers.Mute(engineId, speaker);\n",
            "            if (!@) { _speakers.Mute(engineId, speaker); }\n") { Tests = ["ReservationLedgerMergeTests.The_engine_that_goes_is_not_heard_any_more"] },
        new(
            "what the other engine shows already is promised on",
            LedgerMerge,
            "                    EndShownCreates(into, state.Containers, ref found);\n",
            "                    if (!@) { EndShownCreates(into, state.Containers, ref found); }\n") { Tests = ["ReservationLedgerMergeTests.A_create_under_way_that_the_engine_that_stays_shows_already_counts_once"] },
        new(
            "containers of an engine that is another one now are found twice",
            LedgerMerge,
            "                _index.Remove(engineId, container);\n",
            "                if (!@) { _index.Remove(engineId, container); }\n") { Tests = ["ReservationLedgerMergeTests.A_container_that_both_have_shown_counts_once_and_is_found_once"] },
        new(
            "who says nothing of a create frees its room",
            HoldFile,
            "    public void Dispose() => MarkUnknown();",
            "    public void Dispose() { if (@ && this is Reservation) { Release(); } else { MarkUnknown(); } }") { Tests = ["ReservationLedgerTests.A_reservation_that_is_disposed_of_before_anybody_knows_is_still_held"] },
        new(
            "a create that is given up is wanted",
            LedgerHolds,
            "                if (shown is null)\n",
            "                if (!@ && shown is null)\n") { Tests = ["AbandonedCreateTests.A_create_that_a_stop_cut_short_is_removed_after_the_next_start"] },
        new(
            "a change of which nothing was said is over",
            HoldFile,
            "    public void MarkUnknown() => ledger.MarkUnknown(this);",
            "    public void MarkUnknown() { if (@ && this is ContainerHold) { Release(); } else { ledger.MarkUnknown(this); } }") { Tests = ["ContainerHoldTests.A_promise_of_which_nobody_knows_lasts_as_long_as_that_of_a_create"] },
    ];
}
