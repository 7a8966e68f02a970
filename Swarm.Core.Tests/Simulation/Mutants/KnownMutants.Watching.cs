namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is asked of engines on which nothing happens.</summary>
internal static partial class KnownMutants
{
    private const string Settled = "Swarm.Core/Engines/Following/SettledContainers.cs";
    private const string Plan = "Swarm.Core/Engines/Following/ReadingPlan.cs";
    private const string Words = "Swarm.Core/Engines/Following/StatusWords.cs";
    private const string Entries = "Swarm.Core/Engines/Following/ListEntries.cs";
    private const string Details = "Swarm.Core/Engines/Docker/Json/ListedDetails.cs";
    private const string Same = "Swarm.Core/Engines/Following/SameThings.cs";

    private static Mutant[] OfWatching =>
    [
        new(
            "the fewer containers are inspected the fewer answers may break",
            "Swarm.Core/Engines/Following/EngineReader.cs",
            "new ReadingTolerance(ids.Length)",
            "new ReadingTolerance(@ ? queue.WaitingCount : ids.Length)") { Tests = ["EngineReaderTests.As_many_answers_may_break_where_most_containers_need_no_inspection"] },
        new(
            "a container that an event was about is believed to be as the list says",
            Loop,
            "                settled.Changed(received.ActorId, _position);\n",
            "                if (!@) { settled.Changed(received.ActorId, _position); }\n") { Tests = ["EngineLoopPlanTests.A_container_that_an_event_was_about_is_inspected_with_the_next_reading"] },
        new(
            "a container that a caller looked at is believed to be as the list says",
            Loop,
            "                settled.Changed(refresh.Id, _position);\n",
            "                if (!@) { settled.Changed(refresh.Id, _position); }\n") { Tests = ["EngineLoopPlanTests.A_container_that_a_caller_looked_at_is_inspected_with_the_next_reading"] },
        new(
            "after events were lost containers are believed to be as they were",
            Loop,
            "        settled.Forget(_position);\n",
            "        if (!@) { settled.Forget(_position); }\n") { Tests = ["EngineLoopPlanTests.After_a_new_subscription_everything_is_asked_for", "IdleEngineTests.After_its_events_were_lost_everything_of_an_engine_is_read_anew"] },
        new(
            "after events were lost lists are believed to be as they were",
            Loop,
            "        Array.ForEach(sideLists, list => list.Doubt(_position));\n",
            "        Array.ForEach(@ ? [] : sideLists, list => list.Doubt(_position));\n") { Tests = ["EngineLoopPlanTests.After_a_new_subscription_everything_is_asked_for"] },
        new(
            "a list that an event asked for and that failed is forgotten",
            Loop,
            "        if (listed.Signal is null)\n",
            "        if (!@ && listed.Signal is null)\n") { Tests = ["EngineLoopPlanTests.A_list_that_an_event_asked_for_and_that_failed_is_asked_for_with_the_next_reading"] },
        new(
            "a reading settles what changed while it was under way",
            Settled,
            "            if (changedAt <= reading.StartedAt)\n",
            "            if (@ || changedAt <= reading.StartedAt)\n") { Tests = ["SettledContainersTests.What_something_was_told_of_needs_one_until_a_reading_that_began_afterwards"] },
        new(
            "a reading settles what was put in doubt while it was under way",
            Settled,
            "        if (reading.StartedAt > _forgottenAt)\n",
            "        if (@ || reading.StartedAt > _forgottenAt)\n") { Tests = ["SettledContainersTests.After_anything_may_have_happened_everything_needs_one_until_a_reading_that_began_afterwards"] },
        new(
            "what changed is remembered without end",
            Settled,
            "        if (_changedAt.Count > EngineLoop.MaxTouched)\n",
            "        if (!@ && _changedAt.Count > EngineLoop.MaxTouched)\n") { Tests = ["SettledContainersTests.Events_of_ever_new_containers_fill_no_memory"] },
        new(
            "nobody looks at what somebody waits for",
            Settled,
            "_changedAt.Keys.Concat(awaited)",
            "_changedAt.Keys.Concat(@ ? [] : awaited)") { Tests = ["SettledContainersTests.What_somebody_waits_for_needs_one", "IdleEngineTests.The_room_of_an_update_that_was_lost_is_free_after_the_time_for_that_although_nothing_tells_of_its_container"] },
        new(
            "what comes due while it is read waits for another interval",
            Settled,
            "reading.IsUninspected(id) && ",
            "!@ && reading.IsUninspected(id) && ") { Tests = ["SettledContainersTests.What_comes_due_while_it_is_read_is_inspected_with_the_next_reading"] },
        new(
            "all containers are inspected at one time",
            Settled,
            "var offset = (long)",
            "var offset = @ ? 0 : (long)") { Tests = ["SettledContainersTests.Each_is_inspected_once_an_interval_at_a_time_of_its_own", "IdleEngineTests.Every_container_of_an_idle_engine_is_inspected_now_and_then"] },
        new(
            "no container is inspected again without a reason",
            Plan,
            "        || before.DueAt <= now;",
            "        || (!@ && before.DueAt <= now);") { Tests = ["SettledContainersTests.Each_is_inspected_once_an_interval_at_a_time_of_its_own", "IdleEngineTests.Every_container_of_an_idle_engine_is_inspected_now_and_then"] },
        new(
            "what the list tells is not held against what it told",
            Plan,
            "        || !said.IsAsBefore(before.Entry)\n",
            "        || (!@ && !said.IsAsBefore(before.Entry))\n") { Tests = ["SettledContainersTests.What_the_list_tells_otherwise_needs_one"] },
        new(
            "a container that was started again is as it was",
            "Swarm.Core.Abstractions/Engines/Reading/ListEntry.cs",
            "&& Seconds >= before.Seconds;",
            "&& (@ || Seconds >= before.Seconds);") { Tests = ["ListEntriesTests.That_time_begins_anew_is_one", "IdleEngineTests.What_the_list_tells_is_seen_with_the_next_one_although_its_event_was_lost"] },
        new(
            "what shows is not held against the list",
            Plan,
            "        || known.State != listed.State\n",
            "        || (!@ && known.State != listed.State)\n") { Tests = ["SettledContainersTests.What_shows_otherwise_than_the_list_says_needs_one"] },
        new(
            "the name that shows is not held against the list",
            Plan,
            "(known.Names.Length > 0 && !listed",
            "(!@ && known.Names.Length > 0 && !listed") { Tests = ["SettledContainersTests.What_shows_otherwise_than_the_list_says_needs_one"] },
        new(
            "what is known in part stays so",
            Plan,
            "is not { IsUnread: false, Detail: ContainerDetail.Whole }",
            "is not { IsUnread: false } || (!@ && known.Detail != ContainerDetail.Whole)") { Tests = ["SettledContainersTests.What_shows_otherwise_than_the_list_says_needs_one"] },
        new(
            "the health of a container is part of the time that passes",
            Words,
            "string.Concat(Up, end < 0 ? ",
            "string.Concat(Up, @ || end < 0 ? ") { Tests = ["StatusWordsTests.Time_that_passes_by_itself_is_taken_out_and_what_it_is_about_stays", "ListEntriesTests.What_does_not_change_by_itself_is_a_change"] },
        new(
            "words that nobody knows are time that passes",
            Words,
            "            : null;\n    }\n",
            "            : @ ? 0L : null;\n    }\n") { Tests = ["StatusWordsTests.Words_that_no_engine_is_known_to_write_stay_as_they_are"] },
        new(
            "a summary tells of everything that a list does",
            "Swarm.Core/Engines/Following/EngineReader.cs",
            "(intake.Container(summary), summary.Entry)",
            "(intake.Container(summary), @ ? summary.Entry ?? ListEntries.Of(summary) : summary.Entry)") { Tests = ["EngineReaderTests.The_containers_of_an_engine_of_the_hosts_own_are_inspected_with_every_reading_for_its_list_tells_of_no_networks"] },
        new(
            "what a list leaves out is believed to be as it was",
            Entries,
            "        if (listed.IsTruncated || listed.OmittedLabels > 0)\n",
            "        if (!@ && (listed.IsTruncated || listed.OmittedLabels > 0))\n") { Tests = ["ListEntriesTests.Of_what_was_left_out_nobody_can_tell"] },
        new(
            "values of labels may change places",
            Entries,
            "Fingerprint.Add(Fingerprint.Of(label.Key), label.Value)",
            "@ ? Fingerprint.Of(label.Key) + Fingerprint.Of(label.Value) : Fingerprint.Add(Fingerprint.Of(label.Key), label.Value)") { Tests = ["ListEntriesTests.What_does_not_change_by_itself_is_a_change"] },
        new(
            "ports in another order are other ports",
            Details,
            "_sum = unchecked(_sum + Fingerprint.Add(_key, value));",
            "_sum = unchecked((@ ? _sum * 3 : _sum) + Fingerprint.Add(_key, value));") { Tests = ["ListedDetailsTests.Ports_and_mounts_in_another_order_are_no_change"] },
        new(
            "what members are called does not count",
            Details,
            "                _key = Fingerprint.Add(Fingerprint.Empty, json.ValueSpan);",
            "                _key = @ ? Fingerprint.Empty : Fingerprint.Add(Fingerprint.Empty, json.ValueSpan);") { Tests = ["ListedDetailsTests.What_is_not_kept_is_held_against_the_next_list_all_the_same"] },
        new(
            "a member that is too long is as it was",
            Details,
            "IsTooLong = true;",
            "IsTooLong = !@;") { Tests = ["ListedDetailsTests.Of_a_member_that_is_too_long_to_be_read_nobody_can_tell"] },
        new(
            "what is a port may as well be a mount",
            "Swarm.Core/Engines/Docker/Json/ContainerListReader.cs",
            "            _item.Details.Begin(key);\n",
            "            if (!@) { _item.Details.Begin(key); }\n") { Tests = ["ListedDetailsTests.What_moves_from_one_member_to_another_is_a_change"] },
        new(
            "a list that was asked for before it was doubted is believed",
            Lists,
            "        if (startedAt > _doubtedAt)\n",
            "        if (@ || startedAt > _doubtedAt)\n") { Tests = ["SideListTests.A_list_that_was_doubted_is_due_until_there_is_one_that_was_asked_for_afterwards"] },
        new(
            "a list is believed for ever",
            Lists,
            "|| now - since >= interval;",
            "|| (!@ && now - since >= interval);") { Tests = ["SideListTests.A_list_is_due_until_there_is_one_and_again_after_its_interval"] },
        new(
            "an image that is called otherwise is the same",
            Same,
            "            && one.RepoTags.AsSpan().SequenceEqual(other.RepoTags.AsSpan())\n",
            "            && (@ || one.RepoTags.AsSpan().SequenceEqual(other.RepoTags.AsSpan()))\n") { Tests = ["EngineLoopPlanTests.Images_that_are_called_otherwise_are_told"] },
        new(
            "what needed no inspection counts as inspected",
            "Swarm.Core/Engines/Following/EngineReading.cs",
            "Unlearned => Uninspected.IsEmpty ? ",
            "Unlearned => @ || Uninspected.IsEmpty ? ") { Tests = ["EngineReadingTests.Of_what_was_not_inspected_nothing_was_learned"] },
        new(
            "whoever is read is told of",
            "Swarm.Core/Engines/Following/FollowedState.cs",
            "        if (!transition.IsQuiet)\n",
            "        if (@ || !transition.IsQuiet)\n") { Tests = ["EngineLoopPlanTests.A_reading_that_finds_everything_as_it_was_is_told_to_nobody_and_counts_all_the_same"] },
        new(
            "that there are more containers is told to nobody",
            Reducer,
            "&& HasSameGaps(state, after);",
            "&& (@ || HasSameGaps(state, after));") { Tests = ["EngineReducerOrderTests.A_list_that_has_only_more_than_is_followed_is_told"] },
        new(
            "every reading inspects every container",
            "Swarm.Core/Engines/Following/EngineReader.cs",
            "            if (plan.NeedsInspection(",
            "            if (@ || plan.NeedsInspection(") { Tests = ["IdleEngineTests.An_idle_engine_with_a_hundred_containers_gets_one_request_a_second_at_most_and_twenty_inspections_a_minute"] },
        new(
            "every reading lists images",
            "Swarm.Core/Engines/Following/EngineReader.cs",
            "        if (!plan.Lists(kind.Type))\n",
            "        if (!@ && !plan.Lists(kind.Type))\n") { Tests = ["EngineReaderTests.What_the_plan_leaves_out_is_not_asked_for"] },
        new(
            "nobody says for what they wait",
            "Swarm.Core/Clustering/Reserving/ReservationLedger.Lookup.cs",
            "[.. entry.Changes.Select(hold => hold.ContainerId)]",
            "[.. entry.Changes.Where(_ => !@).Select(hold => hold.ContainerId)]") { Tests = ["ContainerHoldTests.While_something_is_promised_to_a_container_readings_are_to_look_at_it"] },
    ];
}
