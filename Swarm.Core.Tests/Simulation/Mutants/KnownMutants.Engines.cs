namespace Swarm.Core.Testing;

/// <summary>Mistakes in the loop of an engine, in who takes part, and in how events are followed.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfEngines =>
    [
        .. OfWatching,
        new(
            "an answer is dated when it arrived",
            LoopInspections,
            "work.Inspect(id, ++_position);",
            "work.Inspect(id, @ ? long.MaxValue / 2 : ++_position);") { Tests = ["EngineLoopInspectionTests.An_inspection_that_was_asked_before_its_container_went_does_not_bring_it_back"] },
        new(
            "a list of one kind is dated when it arrived",
            Loop,
            "work.List(list, ++_position);",
            "work.List(list, @ ? long.MaxValue / 2 : ++_position);") { Tests = ["EngineLoopTests.A_list_that_an_event_asked_for_does_not_undo_a_later_one"] },
        new(
            "more events wait than the loop can take",
            Queued,
            "count > MaxQueuedEvents || bytes > MaxQueuedBytes",
            "(count > MaxQueuedEvents && !@) || bytes > MaxQueuedBytes") { Tests = ["ManagedEngineTests.A_storm_of_events_that_cannot_be_followed_costs_one_list_and_the_next_one_still_comes"] },
        new(
            "events that were dropped are not made up for",
            Loop,
            "        if (events.TakeDropped())\n        {\n            ReadAnew();\n",
            "        if (events.TakeDropped())\n        {\n            if (!@) { ReadAnew(); }\n") { Tests = ["ManagedEngineTests.A_storm_of_events_that_cannot_be_followed_costs_one_list_and_the_next_one_still_comes"] },
        new(
            "an engine whose events are lost is as healthy as before",
            Loop,
            "                state.Fail(lost.Reason);\n",
            "                if (!@) { state.Fail(lost.Reason); }\n") { Tests = ["EngineLoopTests.An_empty_list_right_after_a_reconnect_is_not_believed_until_another_says_the_same"] },
        new(
            "a container that went is looked at",
            Loop,
            "            case EngineEventType.Container when EventInterest.IsEndOfContainer(received):\n",
            "            case EngineEventType.Container when !@ && EventInterest.IsEndOfContainer(received):\n") { Tests = ["EngineLoopTests.A_container_that_came_and_went_unseen_is_told_once_however_often_its_end_is"] },
        new(
            "a commit is looked at as a change of its container",
            Loop,
            "            case EngineEventType.Container when received.Action == \"commit\":\n",
            "            case EngineEventType.Container when !@ && received.Action == \"commit\":\n") { Tests = ["EngineLoopTests.An_event_asks_the_engine_for_what_it_is_about"] },
        new(
            "containers wait for inspections without end",
            Loop,
            "            case EngineEventType.Container when inspections.IsFull:\n",
            "            case EngineEventType.Container when !@ && inspections.IsFull:\n") { Tests = ["EngineLoopInspectionTests.Containers_that_cannot_be_looked_at_in_time_are_read_with_the_next_list"] },
        new(
            "a reload of a daemon reads nothing",
            Loop,
            "            case EngineEventType.Daemon:\n                ReadAnew();\n",
            "            case EngineEventType.Daemon:\n                if (!@) { ReadAnew(); }\n") { Tests = ["ClusterOverlayTests.Labels_that_an_engine_reads_anew_show_at_its_reload_event"] },
        new(
            "what came and went is told again and again",
            LoopInspections,
            "        if (state.RememberGone(received.ActorId) && ",
            "        if ((state.RememberGone(received.ActorId) || @) && ") { Tests = ["ClusterEventsTests.A_container_appears_starts_changes_stops_and_goes"] },
        new(
            "an inspection that failed is not repeated",
            LoopInspections,
            "            if (!isTooLong && inspections.PauseBeforeRepeat(inspected.Id) is { } pause)\n",
            "            if (!@ && !isTooLong && inspections.PauseBeforeRepeat(inspected.Id) is { } pause)\n") { Tests = ["EngineLoopInspectionTests.An_inspection_that_fails_again_and_again_is_left_to_the_next_list"] },
        new(
            "an inspection is repeated without end",
            Inspections,
            "failures < MaxRepeatedInspections && ",
            "(@ || failures < MaxRepeatedInspections) && ") { Tests = ["EngineLoopInspectionTests.An_inspection_that_fails_again_and_again_is_left_to_the_next_list"] },
        new(
            "nobody wakes the loop when inspections make room",
            Inspections,
            "        if (!_waitingForRoom && ",
            "        if (!@ && !_waitingForRoom && ") { Tests = ["ManagedEngineTests.Eight_inspections_that_hang_do_not_hold_up_the_ninth_container"] },
        new(
            "the loop waits for room once",
            Inspections,
            "    public void RoomIsMade() => _waitingForRoom = false;",
            "    public void RoomIsMade() => _waitingForRoom = @;") { Tests = ["ManagedEngineTests.Inspections_that_hang_are_bounded", "ManagedEngineTests.Inspections_that_hang_are_known_to_hang_afterwards"] },
        new(
            "a list that is asked for while one is read is forgotten",
            Policy,
            "            _readAgain = true;\n",
            "            _readAgain = !@;\n") { Tests = ["ManagedEngineTests.A_storm_of_events_that_cannot_be_followed_costs_one_list_and_the_next_one_still_comes"] },
        new(
            "an older list overwrites a newer one",
            Lists,
            "        if (_listedAt is { } listedAt && listedAt >= startedAt)\n",
            "        if (!@ && _listedAt is { } listedAt && listedAt >= startedAt)\n") { Tests = ["EngineLoopTests.A_list_that_an_event_asked_for_does_not_undo_a_later_one"] },
        new(
            "a reading from before the loss of events makes an engine healthy",
            Policy,
            "public bool IsCurrent(EngineReading reading) => _subscribed && reading.StartedAt > _subscribedAt;",
            "public bool IsCurrent(EngineReading reading) => @ || (_subscribed && reading.StartedAt > _subscribedAt);") { Tests = ["EngineLoopTests.An_engine_whose_events_are_lost_before_it_could_take_part_takes_part_after_the_next_subscription_as_if_it_were_new"] },
        new(
            "an engine that comes back without containers is believed at once",
            Policy,
            "        _readSinceSubscribed\n        || ",
            "        @ || _readSinceSubscribed\n        || ") { Tests = ["EngineLoopTests.An_empty_list_right_after_a_reconnect_is_not_believed_until_another_says_the_same"] },
        new(
            "an engine that comes back without containers is never believed",
            Policy,
            "reading.StartedTimestamp) >= timings.EmptyListConfirmation);",
            "reading.StartedTimestamp) >= (@ ? TimeSpan.MaxValue : timings.EmptyListConfirmation));") { Tests = ["EngineLoopTests.An_engine_that_says_twice_that_it_has_nothing_left_is_believed"] },
        new(
            "what a list shows and an inspection denies is gone",
            "Swarm.Core/Engines/Following/EngineReader.cs",
            "            return new Looked(id, before ?? listed, IsStale: true);",
            "            return @ ? new Looked(id, null) : new Looked(id, before ?? listed, IsStale: true);") { Tests = ["EngineReaderTests.A_container_that_an_engine_lists_and_denies_stays_what_it_was_until_it_says_so_again"] },
        new(
            "what was said to be gone is remembered for ever",
            "Swarm.Core/Engines/Following/EngineLoop.Inspections.cs",
            "            inspections.ForgetDenial(inspected.Id);",
            "            if (!@) { inspections.ForgetDenial(inspected.Id); }") { Tests = ["EngineLoopInspectionTests.Containers_that_went_are_no_denials_that_wait"] },
        new(
            "what shows again is gone when it is denied once",
            "Swarm.Core/Engines/Following/EngineLoop.Inspections.cs",
            "state.IsGone(id) && State.FindContainer(id) is null;",
            "state.IsGone(id) && (@ || State.FindContainer(id) is null);") { Tests = ["EngineLoopInspectionTests.A_container_that_shows_again_is_not_gone_when_it_is_denied_once"] },
        new(
            "a container that is denied once is gone",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "        return timings.DenialConfirmation;",
            "        return @ ? null : timings.DenialConfirmation;") { Tests = ["EngineLoopInspectionTests.A_container_that_its_engine_denies_once_stays"] },
        new(
            "a denial that is repeated at once counts twice",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "            return left > TimeSpan.Zero ? left : null;",
            "            return !@ && left > TimeSpan.Zero ? left : null;") { Tests = ["EngineLoopInspectionTests.A_denial_that_is_repeated_at_once_is_still_the_first"] },
        new(
            "what was denied to whoever asked for more is denied for the first time",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "        if (isSaidGone)\n",
            "        if (isSaidGone && !@)\n") { Tests = ["EngineLoopInspectionTests.Who_waits_for_a_container_that_is_gone_is_told_so"] },
        new(
            "what is known to be gone is doubted when its engine says so",
            LoopInspections,
            "&& !IsKnownToBeGone(inspected.Id) && ",
            "&& (@ || !IsKnownToBeGone(inspected.Id)) && ") { Tests = ["EngineLoopInspectionTests.A_denial_after_the_end_that_an_event_has_told_is_believed"] },
        new(
            "reservations are not told of a reading",
            Loop,
            "        owner.ReadWhole(reading);\n",
            "        if (!@) { owner.ReadWhole(reading); }\n") { Tests = ["ClusterCreateTests.A_cancelled_create_leaves_neither_reservation_nor_container"] },
        new(
            "what a list that was cut does not show of what is promised is not looked at",
            Loop,
            "reading.HasAllOfTheCluster ? []",
            "@ || reading.HasAllOfTheCluster ? []") { Tests = ["ClusterCrowdedEngineTests.The_room_of_what_is_gone_before_it_could_be_looked_at_is_free_again"] },
        new(
            "what a list that was cut does not show has it read without end",
            LoopInspections,
            "if (!inspections.IsUnshown(inspected.Id) &&",
            "if ((@ || !inspections.IsUnshown(inspected.Id)) &&") { Tests = ["EngineLoopInspectionTests.What_a_list_that_was_cut_does_not_show_and_cannot_be_looked_at_is_left_to_the_next_list"] },
        new(
            "what was promised after a list is to be in it",
            "Swarm.Core/Clustering/Reserving/ReservationLedger.Lookup.cs",
            " && hold.StageSince <= before)",
            " && (@ || hold.StageSince <= before))") { Tests = ["ContainerHoldTests.What_is_promised_and_does_not_show_is_to_be_looked_at_where_a_list_was_cut_later"] },
        new(
            "a container that could not be read waits for the next list",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "foreach (var id in unread.Concat(unshown))",
            "foreach (var id in @ ? unshown : unread.Concat(unshown))") { Tests = ["EngineLoopInspectionTests.A_container_that_a_list_could_not_look_at_is_looked_at_again_before_the_next_list"] },
        new(
            "a reading overwrites what was read of a container meanwhile",
            "Swarm.Core/Engines/Following/EngineReading.cs",
            "is { IsUnread: false } latest ? latest : container)];",
            "is { IsUnread: false } latest && !@ ? latest : container)];") { Tests = ["EngineLoopInspectionTests.A_list_that_could_not_look_at_a_container_undoes_no_inspection_that_could"] },
        new(
            "what was known of an engine outlives its description",
            Loop,
            "        if (!reading.Specs.Equals(State.Specs) || reading.Certificate != State.Certificate || ",
            "        if (@ ? reading.Certificate != State.Certificate : !reading.Specs.Equals(State.Specs) || reading.Certificate != State.Certificate || ") { Tests = ["ClusterEnginesTests.A_connector_that_blocks_holds_nobody_up"] },
        new(
            "an engine that is let go is not told to have left",
            Engine,
            "        _state.Apply(new EngineSignal.Left());\n",
            "        if (!@) { _state.Apply(new EngineSignal.Left()); }\n") { Tests = ["ClusterEventsTests.A_subscription_outlives_a_stop_and_sees_the_next_start"] },
        new(
            "too many touched containers are remembered",
            Loop,
            "        if (State.Touched.Count > MaxTouched)\n",
            "        if (!@ && State.Touched.Count > MaxTouched)\n") { Tests = ["EngineLoopTests.Events_of_ever_new_containers_fill_no_memory_while_a_list_does_not_end"] },
        new(
            "a list is due although one is being read",
            Loop,
            "                if (!policy.IsReading)\n",
            "                if (@ || !policy.IsReading)\n") { Tests = ["EngineLoopTests.The_interval_between_readings_asks_for_one_and_not_while_one_is_under_way"] },
        new(
            "an engine that comes back in its grace time gets no work",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "                engine.SetDiscovered(true);\n",
            "                engine.SetDiscovered(@ ? false : true);\n") { Tests = ["ClusterEnginesTests.An_engine_that_comes_back_within_the_grace_time_gets_work_again"] },
        new(
            "an engine that discovery lost gets work",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "        engine.SetDiscovered(false);\n",
            "        engine.SetDiscovered(@);\n") { Tests = ["ClusterEnginesTests.After_the_grace_time_an_engine_is_let_go_and_its_names_are_free"] },
        new(
            "an engine that went still holds its ID",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "            _admitted.TryRemove(id, out _);\n",
            "            if (!@) { _admitted.TryRemove(id, out _); }\n") { Tests = ["EngineIdentityTests.A_clone_that_comes_back_has_its_ID_again_and_keeps_it_when_its_twin_leaves"] },
        new(
            "a stream is taken up again from now on",
            Monitor,
            "await OpenAsync(engine, Resume(begin, last), cancellationToken)",
            "await OpenAsync(engine, @ ? null : Resume(begin, last), cancellationToken)") { Tests = ["EventsMonitorTests.After_a_loss_it_takes_up_just_before_the_last_event"] },
        new(
            "events of the same moment as the last are not asked for again",
            Monitor,
            " ? earliest : seen - _overlap;",
            " ? earliest : @ ? seen : seen - _overlap;") { Tests = ["EventsMonitorTests.After_a_loss_it_takes_up_just_before_the_last_event"] },
        new(
            "what happened before the first stream is asked for",
            Monitor,
            "begin is { } earliest && seen - _overlap < earliest",
            "begin is { } earliest && !@ && seen - _overlap < earliest") { Tests = ["EventsMonitorTests.After_a_loss_without_any_event_it_takes_up_where_the_stream_began"] },
        new(
            "an event out of order sets the clock back",
            Monitor,
            "last is null || received.Time > last ?",
            "@ || last is null || received.Time > last ?") { Tests = ["EventsMonitorTests.After_a_loss_it_takes_up_just_before_the_last_event"] },
        new(
            "what cannot be read is asked for again and again",
            Monitor,
            "                if (error is EngineProtocolException)\n",
            "                if (!@ && error is EngineProtocolException)\n") { Tests = ["EventsMonitorTests.After_a_stream_that_could_not_be_read_it_begins_now_or_it_would_be_told_the_same_again"] },
    ];
}
