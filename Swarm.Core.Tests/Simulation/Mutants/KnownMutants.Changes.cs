namespace Swarm.Core.Testing;

/// <summary>Mistakes in the stories of creates, changes, removals and waits, and in what of them is told.</summary>
internal static partial class KnownMutants
{
    private const string Answers = "Swarm.Core/Clustering/Calls/EngineAnswers.cs";
    private const string Changer = "Swarm.Core/Clustering/Changing/ContainerChanger.cs";
    private const string State = "Swarm.Core/Clustering/Events/EngineChangeRouter.cs";
    private const string Overlays = "Swarm.Core/Clustering/Membership/OverlayBook.cs";

    private static Mutant[] OfChanges =>
    [
        new(
            "a rename is made without a promise of its name",
            Changer,
            "        if (outcome.NameHolder is { } holder)\n",
            "        if (!@ && outcome.NameHolder is { } holder)\n") { Tests = ["ClusterRenameTests.A_name_that_a_container_of_another_engine_has_is_taken"] },
        new(
            "a rename to the name that a container has is asked for",
            Changer,
            "            {\n                return container;",
            "            {\n                if (!@) { return container; }") { Tests = ["ClusterRenameTests.A_container_that_has_the_name_stays_as_it_is"] },
        new(
            "a rename to the name that a container had is not asked for",
            Changer,
            "            container = await refresher.RefreshAsync(container, cancellationToken);\n",
            "            container = @ ? container : await refresher.RefreshAsync(container, cancellationToken);\n") { Tests = ["ClusterRenameTests.A_container_that_lost_the_name_behind_the_clusters_back_gets_it_again"] },
        new(
            "a name that its engine refuses is an error of the engine",
            Changer,
            "            catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))\n",
            "            catch (EngineApiException exception) when (!@ && EngineAnswers.IsConflict(exception))\n") { Tests = ["ClusterRenameTests.A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too"] },
        new(
            "two updates of a container are made at once",
            Changer,
            "_updates.EnterAsync(container.Id, cancellationToken)",
            "_updates.EnterAsync(@ ? Guid.NewGuid().ToString() : container.Id, cancellationToken)") { Tests = ["ClusterUpdateTests.Updates_of_one_container_take_turns"] },
        new(
            "an update that was refused for lack of room is one on a lost engine",
            Changer,
            "            { Rejection: { Code: RejectionCodes.Resources } rejection } =>\n",
            "            { Rejection: { Code: RejectionCodes.Resources } rejection } when !@ =>\n") { Tests = ["ClusterUpdateTests.A_container_that_its_engine_does_not_show_yet_grows_only_where_there_is_room"] },
        new(
            "an update that shows already is taken for made",
            Changer,
            "var tells = unknown.IsEmpty && !Shows(before, before, update);",
            "var tells = unknown.IsEmpty && (@ || !Shows(before, before, update));") { Tests = ["ClusterUpdateTests.A_lost_update_that_the_container_showed_before_is_reported_as_made_and_holds_its_room_all_the_same"] },
        new(
            "what the library cannot read of an update is taken for made",
            Changer,
            "(!update.HasOthers || before.With(update.Typed) != before)",
            "(@ || !update.HasOthers || before.With(update.Typed) != before)") { Tests = ["ClusterUpdateTests.A_lost_update_with_parts_the_library_does_not_know_is_believed_only_when_something_else_of_it_shows"] },
        new(
            "who asks for a container that is denied once is told that it is gone",
            "Swarm.Core/Clustering/Calls/ContainerCalls.cs",
            "                if (isRepeat || ",
            "                if (@ || isRepeat || ") { Tests = ["DeniedContainerTests.Who_asks_for_a_container_that_is_denied_once_hears_of_it_all_the_same"] },
        new(
            "a container that is gone cannot be reached",
            "Swarm.Core/Clustering/Calls/ContainerCalls.cs",
            "        if (await refresher.IsGoneAsync(container, isSaidGone: true, cancellationToken))\n",
            "        if (!@ && await refresher.IsGoneAsync(container, isSaidGone: true, cancellationToken))\n") { Tests = ["ClusterControlTests.What_vanished_behind_the_clusters_back_is_not_found_and_forgotten"] },
        new(
            "a change is held although its container was read",
            Changer,
            "        if (isRead)\n",
            "        if (!@ && isRead)\n") { Tests = ["ClusterUpdateTests.A_container_that_grew_counts_for_what_it_takes_when_the_call_returns"] },
        new(
            "a change that was not sent may come late",
            Changer,
            "        catch (EngineUnreachableException exception) when (exception.NotSent)\n",
            "        catch (EngineUnreachableException exception) when (!@ && exception.NotSent)\n") { Tests = ["ClusterRefusalTests.A_rename_that_was_not_sent_gives_its_name_back_at_once"] },
        new(
            "nobody looks what became of a change whose answer was lost",
            Changer,
            "resultIfMade, stopping) is { } ",
            "@ ? _ => null : resultIfMade, stopping) is { } ") { Tests = ["ClusterRenameTests.A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same"] },
        new(
            "what shows of a change that others may have made is taken for this one",
            Changer,
            "seen => seen.View.Name == name ? (true, !hold.HasRival) : null,",
            "seen => seen.View.Name == name ? (true, @ || !hold.HasRival) : null,") { Tests = ["ClusterRenameTests.A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same"] },
        new(
            "a 503 is taken for a refusal",
            Answers,
            "        exception.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);",
            "        (@ && exception.StatusCode is HttpStatusCode.ServiceUnavailable) || exception.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);") { Tests = ["ClusterRefusalTests.The_room_of_a_create_that_a_gateway_refused_is_held_until_that_is_certain"] },
        new(
            "a create is decided once",
            "Swarm.Core/Clustering/Creating/PlacementDecider.cs",
            "                if (attempt >= MaxDecisions)\n",
            "                if (@ || attempt >= MaxDecisions)\n") { Tests = ["ClusterRefusalTests.A_decision_that_was_overtaken_is_taken_again"] },
        new(
            "an operation is not written on its container",
            "Swarm.Core/Placement/PlacementRequestFactory.cs",
            "yield return new(SwarmLabels.Operation, operation);",
            "yield return new(SwarmLabels.Operation, @ ? \"\" : operation);") { Tests = ["ClusterCreateTests.Every_create_carries_an_operation_of_its_own_and_a_swarm_id"] },
        new(
            "a container made again gets another Swarm ID",
            "Swarm.Core/Placement/PlacementRequestFactory.cs",
            "config.Typed.Labels.ValueOrEmpty(SwarmLabels.Id).Length == 0;",
            "(@ || config.Typed.Labels.ValueOrEmpty(SwarmLabels.Id).Length == 0);") { Tests = ["ClusterCreateTests.A_swarm_id_of_the_callers_own_is_kept"] },
        new(
            "the room of a create whose image cannot be had stays promised",
            Creator,
            "            reserved.Release(); // whatever became of the image, no container was made\n",
            "            if (!@) { reserved.Release(); } // whatever became of the image, no container was made\n") { Tests = ["ClusterCreateTests.An_image_that_no_registry_has_leaves_neither_reservation_nor_container"] },
        new(
            "a missing image is not fetched",
            Creator,
            "            catch (ImageNotFoundException) when (pulls > 0)\n",
            "            catch (ImageNotFoundException) when (!@ && pulls > 0)\n") { Tests = ["ClusterCreateTests.An_image_that_no_registry_has_leaves_neither_reservation_nor_container"] },
        new(
            "a create on a name that its engine has is an error of the engine",
            Creator,
            "            if (EngineAnswers.IsConflict(exception) && config.Name is { } name)\n",
            "            if (!@ && EngineAnswers.IsConflict(exception) && config.Name is { } name)\n") { Tests = ["ClusterCreateTests.A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too"] },
        new(
            "what nobody waits for any more is not looked for",
            Creator,
            "            var id = shown ?? await FindAsync(engine, reserved.Operation, stopping);\n",
            "            var id = shown ?? (@ ? null : await FindAsync(engine, reserved.Operation, stopping));\n") { Tests = ["ClusterCreateTests.A_create_that_is_cancelled_while_its_lost_answer_is_looked_for_leaves_nothing"] },
        new(
            "a create that is given up while its engine asks is not given up",
            Creator,
            "            // Cancelled, or the host's own connector failed: whatever becomes of the call, its container is not wanted.\n",
            "            if (@) { throw; }\n") { Tests = ["AbandonedCreateTests.A_create_that_a_stop_cut_short_is_removed_after_the_next_start"] },
        new(
            "an engine that comes back is told to be admitted",
            State,
            "before.Status == EngineStatus.Unhealthy ? EngineEventKind.Reconnected",
            "before.Status == EngineStatus.Unhealthy && !@ ? EngineEventKind.Reconnected") { Tests = ["ClusterEventsTests.An_engine_that_fails_and_recovers_is_disconnected_once_and_reconnected_once"] },
        new(
            "what an engine held when it was first read is told to have appeared",
            State,
            "        if (transition.Before.Id.Length == 0)\n",
            "        if (!@ && transition.Before.Id.Length == 0)\n") { Tests = ["ClusterEventsTests.What_an_engine_held_when_it_was_admitted_is_not_announced"] },
        new(
            "a container that ran unseen is not told to have stopped",
            State,
            "when !IsUp(after.State) && before.FinishedAt != after.FinishedAt =>",
            "when !@ && !IsUp(after.State) && before.FinishedAt != after.FinishedAt =>") { Tests = ["ClusterEventsTests.A_container_that_ran_too_briefly_to_be_seen_running_stops"] },
        new(
            "a pause is told as a stop",
            State,
            "state is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;",
            "state is ContainerState.Running or ContainerState.Restarting || (!@ && state is ContainerState.Paused);") { Tests = ["ClusterEventsTests.A_container_appears_starts_changes_stops_and_goes"] },
        new(
            "a container that came and went is told to have gone only",
            State,
            "            Announce(ContainerEventKind.Appeared, engine, container);\n",
            "            if (!@) { Announce(ContainerEventKind.Appeared, engine, container); }\n") { Tests = ["ClusterEventsTests.A_container_that_lives_between_two_connections_is_told_of_once"] },
        new(
            "a change of labels is not told",
            State,
            "        AddUnless(before.Labels.Equals(after.Labels), \"its labels\");\n",
            "        AddUnless(@ || before.Labels.Equals(after.Labels), \"its labels\");\n") { Tests = ["ClusterOverlayTests.A_change_is_announced_once_and_saying_the_same_again_is_none"] },
        new(
            "a change of taints is not told",
            State,
            "        AddUnless(before.Overlay.TaintArray",
            "        AddUnless(@ || before.Overlay.TaintArray") { Tests = ["ClusterOverlayTests.A_change_is_announced_once_and_saying_the_same_again_is_none"] },
        new(
            "an engine that is whole again is not told to be",
            State,
            "        if (!known.IsEmpty && !after.IsDegraded)\n",
            "        if (!@ && !known.IsEmpty && !after.IsDegraded)\n") { Tests = ["ClusterDegradationTests.An_engine_with_too_many_containers_gets_no_new_work_works_on_and_recovers"] },
        new(
            "a degradation is told whenever its number changes",
            State,
            "after.IsDegraded && !known.Select(each => each.Kind).SequenceEqual(after.Degradations.Select(each => each.Kind))",
            "after.IsDegraded && (@ || !known.Select(each => each.Kind).SequenceEqual(after.Degradations.Select(each => each.Kind)))") { Tests = ["ClusterDegradationTests.An_engine_that_is_degraded_from_the_start_is_announced_as_such_under_its_ID"] },
        new(
            "those who wait for a change are not woken",
            State,
            "        journal?.Changed(transition);\n        changes.Signal();\n",
            "        journal?.Changed(transition);\n        if (!@) { changes.Signal(); }\n") { Tests = ["ClusterEnginesTests.Waiting_ends_with_the_change_that_was_waited_for"] },
        new(
            "an overlay stays behind when its engine moves",
            Overlays,
            "            if (id.Length > 0 && HasRoom(id, ",
            "            if (!@ && id.Length > 0 && HasRoom(id, ") { Tests = ["ClusterOverlayTests.What_was_said_by_address_or_name_goes_with_the_engine_and_its_certificate_to_another_address"] },
        new(
            "an overlay by name goes before one by ID",
            Overlays,
            "        var key = OverlayKey.OfId(id);\n        if (FindSaid(key)",
            "        var key = OverlayKey.OfId(id);\n        if (FindSaid(@ && _entries.ContainsKey(OverlayKey.OfWord(name)) ? OverlayKey.OfWord(name) : key)") { Tests = ["ClusterOverlayTests.A_change_starts_from_what_waits_for_the_engine"] },
        new(
            "an exit that another followed is told",
            Waiter,
            "var isFirst = !IsRunning(before) || now.StartedAt == before.StartedAt;",
            "var isFirst = @ || !IsRunning(before) || now.StartedAt == before.StartedAt;") { Tests = ["ClusterWaitTests.An_exit_during_an_outage_that_a_later_one_hides_is_said_to_be_lost"] },
        new(
            "a create that is overtaken is decided for ever",
            "Swarm.Core/Clustering/Creating/PlacementDecider.cs",
            "                    throw new EngineNotAdmittedException(engineId, $\"it changed each of",
            "                    if (!@) throw new EngineNotAdmittedException(engineId, $\"it changed each of") { Tests = ["ClusterRefusalTests.A_decision_that_is_overtaken_every_time_is_given_up"] },
    ];
}
