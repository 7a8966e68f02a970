namespace Swarm.Core.Testing;

/// <summary>Mistakes about containers that go, by whomever they are removed, and about their names after them.</summary>
internal static partial class KnownMutants
{
    private const string Remover = "Swarm.Core/Clustering/Creating/ContainerRemover.cs";
    private const string Orphans = "Swarm.Core/Clustering/Creating/OrphanRemover.cs";
    private const string Refresher = "Swarm.Core/Clustering/Calls/ContainerRefresher.cs";
    private const string Starter = "Swarm.Core/Clustering/Creating/ContainerStarter.cs";
    private const string Jobs = "Swarm.Core/Clustering/Jobs/JobRunner.cs";
    private const string Leaving = "Swarm.Core/Clustering/Reserving/LeavingContainer.cs";

    private static Mutant[] OfRemovals =>
    [
        new(
            "a removal that is under way already is a failure",
            Remover,
            "            catch (EngineApiException exception) when (EngineAnswers.IsConflict(exception))\n",
            "            catch (EngineApiException exception) when (!@ && EngineAnswers.IsConflict(exception))\n") { Tests = ["ClusterRemovalTests.Two_that_remove_a_container_at_once_both_succeed"] },
        new(
            "what runs is waited for as if it were being removed",
            Remover,
            "(!force && IsUp(state))",
            "(!@ && !force && IsUp(state))") { Tests = ["ClusterRemovalTests.What_runs_is_not_removed_without_force_and_that_is_told_at_once"] },
        new(
            "what somebody was quicker to remove is a failure",
            Remover,
            "        catch (ContainerNotFoundException)\n",
            "        catch (ContainerNotFoundException) when (!@)\n") { Tests = ["ClusterRemovalTests.What_somebody_was_quicker_to_remove_is_removed"] },
        new(
            "the end of a removal of somebody else's is not known for one",
            Remover,
            "when (wasRefused && EngineAnswers.IsNotFound(exception))",
            "when (!@ && wasRefused && EngineAnswers.IsNotFound(exception))") { Tests = ["OrphanRemoverTests.What_somebody_else_removes_meanwhile_is_gone_and_forgotten"] },
        new(
            "an engine that removes something is asked again and again without longer pauses",
            Remover,
            "pause = pause + pause < LongestPause ? pause + pause : LongestPause;",
            "pause = @ ? pause : pause + pause < LongestPause ? pause + pause : LongestPause;") { Tests = ["ClusterRemovalTests.A_removal_of_somebody_elses_that_does_not_end_is_told_when_the_time_is_over"] },
        new(
            "what an engine refuses to remove is waited for as if it were being removed",
            Remover,
            "time.GetElapsedTime(since) >= Grace)",
            "!@ && time.GetElapsedTime(since) >= Grace)") { Tests = ["ClusterRemovalTests.A_removal_that_an_engine_refuses_although_nobody_else_is_at_it_is_told_soon"] },
        new(
            "what is being removed is given up as if its engine refused it",
            Remover,
            "staysSince = state == ContainerState.Removing ? null",
            "staysSince = !@ && state == ContainerState.Removing ? null") { Tests = ["ClusterRemovalTests.A_removal_of_somebody_elses_that_does_not_end_is_told_when_the_time_is_over"] },
        new(
            "a removal that was refused once names the rest of its time",
            Remover,
            "catch (EngineTimeoutException exception) when (wasRefused)",
            "catch (EngineTimeoutException exception) when (!@ && wasRefused)") { Tests = ["ContainerRemoverTests.A_removal_that_is_not_answered_after_it_was_refused_once_names_all_its_time_too"] },
        new(
            "a container that was denied before its start stays when it shows again",
            Starter,
            "goes when it shows again.\n                RemoveSoon(container, isDenied: true);",
            "goes when it shows again.\n                if (!@) { RemoveSoon(container, isDenied: true); }") { Tests = ["DeniedContainerTests.A_container_that_was_denied_before_its_start_goes_when_it_shows_again_and_the_one_in_its_place_stays"] },
        new(
            "a job whose container was denied stays when it shows again",
            Jobs,
            "if (!wasThere &&",
            "if (!@ && !wasThere &&") { Tests = ["DeniedContainerTests.A_job_whose_container_was_denied_when_it_was_to_be_removed_is_removed_when_it_shows_again"] },
        new(
            "a job that removes itself is remembered as left behind",
            Jobs,
            "!mayBeGone &&",
            "(@ || !mayBeGone) &&") { Tests = ["JobRunnerTests.A_job_that_removes_itself_is_not_remembered_as_left_behind"] },
        new(
            "a job that the host has removed itself is left behind",
            Jobs,
            "!byHost)",
            "(@ || !byHost))") { Tests = ["DeniedContainerTests.A_job_that_the_host_has_removed_itself_stays_when_it_shows_again"] },
        new(
            "what the host has removed itself before its start is left behind",
            Starter,
            "if (!removals.End(container, isDenied))",
            "if (!removals.End(container, isDenied) || @)") { Tests = ["DeniedContainerTests.What_the_host_has_removed_itself_before_its_start_stays_when_it_shows_again"] },
        new(
            "a removal of the host's that failed makes a container its own",
            "Swarm.Core/Clustering/Creating/HostRemovals.cs",
            "isDone ? static seen => (seen.UnderWay - 1, true)",
            "isDone || @ ? static seen => (seen.UnderWay - 1, true)") { Tests = ["HostRemovalsTests.What_the_host_could_not_remove_is_not_its_own"] },
        new(
            "what the host is about to remove is not its own",
            "Swarm.Core/Clustering/Creating/HostRemovals.cs",
            "(isDenied && seen.UnderWay > 0)",
            "(!@ && isDenied && seen.UnderWay > 0)") { Tests = ["HostRemovalsTests.What_the_host_is_about_to_remove_is_its_own_once_it_is_gone"] },
        new(
            "what is said not to be there takes the room of what is",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "_denied.First?.Value ??",
            "(@ ? null : _denied.First?.Value) ??") { Tests = ["AbandonedOperationsTests.Beyond_what_there_is_room_for_what_is_said_not_to_be_there_is_forgotten_first"] },
        new(
            "what shows again is still said not to be there",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "            SetDenied(operation, isDenied: false);\n            return true;\n",
            "            SetDenied(operation, isDenied: @ && operation.IsDenied);\n            return true;\n") { Tests = ["AbandonedOperationsTests.What_shows_again_is_not_said_not_to_be_there_any_more"] },
        new(
            "the name of what the cluster removes itself is taken for good where an engine refuses it",
            "Swarm.Core/Clustering/Creating/TakenName.cs",
            "|| orphans.TryRemoveSoon(engine.State.Id, found.View);",
            "|| (!@ && orphans.TryRemoveSoon(engine.State.Id, found.View));") { Tests = ["OrphanRemoverTests.The_name_of_what_is_remembered_as_left_behind_is_about_to_be_free"] },
        new(
            "what was denied for a day is said to stay",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "if (!oldest.IsDenied)",
            "if (@ || !oldest.IsDenied)") { Tests = ["AbandonedOperationsTests.What_its_engine_has_said_is_not_there_is_forgotten_after_a_day_without_a_word"] },
        new(
            "what could not be started is not known to go before anything in the background has begun",
            Orphans,
            "        abandoned.Remember(engineId, EngineRegistry.DaemonIdOf(engineId), operation, container.Id, why);\n        work",
            "        if (!@) { abandoned.Remember(engineId, EngineRegistry.DaemonIdOf(engineId), operation, container.Id, why); }\n        work") { Tests = ["OrphanRemoverTests.What_is_to_be_removed_is_known_at_once"] },
        new(
            "what was removed in the background goes on having its name",
            Orphans,
            "            Log.Removed(logger, containerId, engine.State.Id, why);\n            await ShowAsync(engine, containerId, stopping);\n",
            "            Log.Removed(logger, containerId, engine.State.Id, why);\n            if (!@) { await ShowAsync(engine, containerId, stopping); }\n") { Tests = ["ContainerPlacerTests.The_name_of_what_could_not_be_started_is_waited_for_while_it_is_removed"] },
        new(
            "what somebody else has removed goes on having its name",
            Orphans,
            "var look = await ShowAsync(engine, containerId, stopping);",
            "var look = @ ? ContainerLook.Gone : await ShowAsync(engine, containerId, stopping);") { Tests = ["OrphanRemoverTests.What_somebody_else_has_removed_is_not_shown_any_more"] },
        new(
            "what an engine denies and shows is left to it",
            Orphans,
            "(look is ContainerLook.There ? exception : null, ",
            "(!@ && look is ContainerLook.There ? exception : null, ") { Tests = ["OrphanRemoverTests.What_its_engine_denies_and_shows_all_the_same_is_tried_again_after_a_pause"] },
        new(
            "what nobody could look at is gone for its engine has said so",
            Orphans,
            "look is ContainerLook.Gone);",
            "look is ContainerLook.Gone || @);") { Tests = ["OrphanRemoverTests.What_its_engine_denies_counts_as_denied_only_where_a_look_does_not_find_it_either"] },
        new(
            "what a look throws hides what an engine has said to a removal",
            Remover,
            "catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)",
            "catch (Exception exception) when (!@ && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))") { Tests = ["ContainerRemoverTests.The_refusal_is_told_whatever_a_look_throws"] },
        new(
            "what the cluster removes itself is not known to go",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "container.Id) is { } known && time",
            "container.Id) is { } known && !@ && time") { Tests = ["ContainerPlacerTests.The_name_of_what_could_not_be_started_is_waited_for_while_it_is_removed"] },
        new(
            "what was to be removed a day ago still is",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "known.Since) < Lifetime;\n",
            "known.Since) < (@ ? TimeSpan.MaxValue : Lifetime);\n") { Tests = ["AbandonedOperationsTests.An_operation_is_remembered_for_a_day"] },
        new(
            "a container that is being removed is taken to stay",
            Leaving,
            "        container.State == ContainerState.Removing ||",
            "        (!@ && container.State == ContainerState.Removing) ||") { Tests = ["LeavingContainerTests.A_container_leaves_that_is_being_removed_or_will_remove_itself_now_that_it_has_ended"] },
        new(
            "a container that has ended and removes itself is taken to stay",
            Leaving,
            "(container is { RemovesItself: true,",
            "(!@ && container is { RemovesItself: true,") { Tests = ["LeavingContainerTests.A_container_leaves_that_is_being_removed_or_will_remove_itself_now_that_it_has_ended"] },
        new(
            "the name of what is being removed is taken at once",
            "Swarm.Core/Clustering/Creating/PlacementDecider.cs",
            "if (!ledger.IsNameLeaving(request.Name!) ||",
            "if (@ || !ledger.IsNameLeaving(request.Name!) ||") { Tests = ["ContainerPlacerTests.A_name_whose_container_is_being_removed_is_waited_for"] },
        new(
            "a name is waited for in vain",
            "Swarm.Core/Clustering/Creating/NameWait.cs",
            "        if (time.GetElapsedTime(since) >= Longest)\n",
            "        if (@ || time.GetElapsedTime(since) >= Longest)\n") { Tests = ["ContainerPlacerTests.A_name_whose_container_is_being_removed_is_waited_for"] },
        new(
            "a name that an engine refuses although nothing has it is taken for good",
            "Swarm.Core/Clustering/Creating/TakenName.cs",
            "            return true;\n",
            "            return !@;\n") { Tests = ["ClusterRemovalTests.A_name_that_its_engine_holds_for_a_moment_after_its_container_is_gone_is_waited_for"] },
        new(
            "a create does not wait for a name that its engine is about to free",
            Creator,
            "                if (await WaitForNameAsync(",
            "                if (!@ && await WaitForNameAsync(") { Tests = ["ClusterRemovalTests.A_name_that_its_engine_holds_for_a_moment_after_its_container_is_gone_is_waited_for"] },
        new(
            "a create that is cancelled while it waits for a name holds its place",
            Creator,
            "            reserved.Release(); // the engine has made nothing\n",
            "            if (!@) { reserved.Release(); } // the engine has made nothing\n") { Tests = ["ClusterRemovalTests.A_create_that_is_cancelled_while_it_waits_for_a_name_holds_nothing"] },
        new(
            "an image that was pruned after its pull is not fetched again",
            Creator,
            "? 0 : MostPulls;",
            "? 0 : @ ? 1 : MostPulls;") { Tests = ["ClusterCreateTests.An_image_that_somebody_prunes_after_its_pull_is_fetched_once_more"] },
        new(
            "a rename does not wait for the name of what is being removed",
            Changer,
            "                if (!ledger.IsNameLeaving(name) ||",
            "                if (@ || !ledger.IsNameLeaving(name) ||") { Tests = ["ClusterRemovalTests.A_container_gets_the_name_of_one_that_is_being_removed"] },
        new(
            "a rename does not wait for a name that its engine is about to free",
            Changer,
            "                if (!await TakenName.IsLeavingAsync(",
            "                if (@ || !await TakenName.IsLeavingAsync(") { Tests = ["ClusterRemovalTests.A_container_gets_the_name_that_its_engine_holds_for_a_moment_after_another_is_gone"] },
        new(
            "what was stopped and has removed itself goes on running",
            Refresher,
            "            if (look is ContainerLook.Gone)\n",
            "            if (!@ && look is ContainerLook.Gone)\n") { Tests = ["ClusterRemovalTests.Stopping_what_removes_itself_does_not_leave_it_running"] },
        new(
            "what does not show beside more containers than are followed is gone",
            Refresher,
            "return look is ContainerLook.Gone;",
            "return look is ContainerLook.Gone || (@ && look is ContainerLook.There);") { Tests = ["ContainerRefresherTests.A_container_that_does_not_show_beside_more_than_are_followed_stays_as_it_was_known"] },
        new(
            "what could not be read is gone",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "inspected.Error is not null || !counts",
            "(!@ && inspected.Error is not null) || !counts") { Tests = ["EngineLoopInspectionTests.Who_waits_for_a_container_that_could_not_be_read_is_told_so"] },
        new(
            "what shows again is gone",
            Refresher,
            "look is ContainerLook.Gone ?",
            "!@ && look is ContainerLook.Gone ?") { Tests = ["ContainerRefresherTests.A_container_that_shows_again_since_it_was_said_to_be_gone_is_not_gone"] },
        new(
            "that a container is gone is not believed where there are more than are followed",
            "Swarm.Core/Engines/Following/ContainerInspections.cs",
            "inspected.Container is null ?",
            "!@ && inspected.Container is null ?") { Tests = ["ClusterCrowdedEngineTests.What_somebody_was_quicker_to_remove_is_removed"] },
        new(
            "a container that is being removed has not ended",
            Waiter,
            "is ContainerState.Created or ContainerState.Exited or ContainerState.Removing or ContainerState.Dead;",
            "is ContainerState.Created or ContainerState.Exited or ContainerState.Dead || (!@ && view.State == ContainerState.Removing);") { Tests = ["ContainerWaiterTests.A_question_that_is_never_answered_ends_with_a_container_that_is_being_removed"] },
        new(
            "a container that was pruned before its start is not made again",
            Starter,
            "made < MostMade",
            "!@ && made < MostMade") { Tests = ["ClusterCreateTests.A_container_that_somebody_prunes_before_its_start_is_made_once_more"] },
        new(
            "a container that removed itself when it could not be started is made again",
            Starter,
            "!config.Typed.AutoRemove;",
            "(@ || !config.Typed.AutoRemove);") { Tests = ["ClusterCreateTests.A_container_that_removes_itself_when_it_cannot_be_started_is_not_made_again"] },
        new(
            "what is gone before it was seen holds its room and its name",
            "Swarm.Core/Clustering/Reserving/ReservationLedger.cs",
            "if (transition.Gone is { } gone &&",
            "if (!@ && transition.Gone is { } gone &&") { Tests = ["ClusterCreateTests.A_container_that_somebody_prunes_before_the_cluster_has_seen_it_is_made_once_more_under_its_name_and_in_its_room"] },
        new(
            "the end of a container that was not read ends a create that is not answered yet",
            LedgerEndings,
            "|| hold.Stage is not (HoldStage.Settled or HoldStage.Unknown))\n",
            "|| (!@ && hold.Stage is not (HoldStage.Settled or HoldStage.Unknown)))\n") { Tests = ["ReservationLedgerTests.What_was_never_read_and_is_gone_before_its_create_is_answered_is_held_until_it_is"] },
        new(
            "the end of one container ends what was promised to others",
            LedgerEndings,
            "if (ContainerOf(hold) != containerId",
            "if ((!@ && ContainerOf(hold) != containerId)") { Tests = ["ReservationLedgerTests.The_end_of_a_container_ends_no_create_of_another"] },
        new(
            "a job that was pruned before its start is not made again",
            Jobs,
            "when (mayBeMadeAgain && !isStarted)",
            "when (!@ && mayBeMadeAgain && !isStarted)") { Tests = ["ClusterCreateTests.A_job_that_somebody_prunes_before_its_start_is_made_once_more"] },
        new(
            "a job that somebody removed while it ran is run again",
            Jobs,
            "(isStarted, left) = (true, LeftBehind.FailedWait);",
            "(isStarted, left) = (!@, LeftBehind.FailedWait);") { Tests = ["JobRunnerTests.A_job_that_somebody_removes_after_its_start_is_not_run_again"] },
        new(
            "what an engine warns of reaches nobody",
            Placer,
            "                Warnings = TellWarnings(",
            "                Warnings = @ ? [] : TellWarnings(") { Tests = ["ClusterCreateTests.What_an_engine_warns_of_reaches_whoever_creates_and_the_log"] },
        new(
            "a warning repeats secrets",
            Placer,
            "Select(redaction.Apply)",
            "Select(text => @ ? text : redaction.Apply(text))") { Tests = ["ClusterCreateTests.A_warning_does_not_repeat_secrets"] },
    ];
}
