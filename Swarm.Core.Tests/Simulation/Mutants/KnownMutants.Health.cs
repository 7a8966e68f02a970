namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is remembered of creates that were given up, and in when an engine counts as lost.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfHealth =>
    [
        new(
            "what was given up is remembered without end",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "time.GetElapsedTime(oldest.Since) >= Lifetime)\n",
            "!@ && time.GetElapsedTime(oldest.Since) >= Lifetime)\n") { Tests = ["AbandonedOperationsTests.An_operation_is_remembered_for_a_day"] },
        new(
            "any number of what was given up is remembered",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "_byAge.Count > capacity)",
            "!@ && _byAge.Count > capacity)") { Tests = ["AbandonedOperationsTests.Beyond_what_there_is_room_for_the_oldest_are_forgotten_and_told"] },
        new(
            "nobody hears what is forgotten of what was given up",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "forgotten?.Invoke(each.Operation, each.IsForWantOfRoom)",
            "(@ ? null : forgotten)?.Invoke(each.Operation, each.IsForWantOfRoom)") { Tests = ["AbandonedOperationsTests.Beyond_what_there_is_room_for_the_oldest_are_forgotten_and_told"] },
        new(
            "the same operation is remembered twice",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "            if (FindCore(daemonId, operation, containerId) is { } known)\n",
            "            if (!@ && FindCore(daemonId, operation, containerId) is { } known)\n") { Tests = ["AbandonedOperationsTests.An_operation_whose_container_becomes_known_gets_no_younger"] },
        new(
            "what is being removed is removed twice",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "            if (operation.IsBeingRemoved)\n",
            "            if (!@ && operation.IsBeingRemoved)\n") { Tests = ["AbandonedOperationsTests.What_is_being_removed_is_nobody_elses_to_remove"] },
        new(
            "what could not be removed is not tried again",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "            operation.IsBeingRemoved = false;\n",
            "            operation.IsBeingRemoved = @;\n") { Tests = ["AbandonedOperationsTests.What_is_being_removed_is_nobody_elses_to_remove"] },
        new(
            "what was removed is remembered",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "            if (isRemoved)\n",
            "            if (!@ && isRemoved)\n") { Tests = ["AbandonedOperationsTests.What_was_removed_is_forgotten"] },
        new(
            "a copy that somebody made is removed",
            "Swarm.Core/Clustering/Reserving/AbandonedOperations.cs",
            "(containerId is null || byOperation.ContainerId is null)",
            "(@ || containerId is null || byOperation.ContainerId is null)") { Tests = ["AbandonedOperationsTests.One_operation_makes_one_container_and_a_copy_of_it_is_somebody_elses"] },
        new(
            "the time of a silent engine counts",
            "Swarm.Core/Clustering/Reserving/AnswerClock.cs",
            "            _answered = At(now);\n",
            "            _answered = At(now) + (@ ? TimeSpan.FromHours(1) : TimeSpan.Zero);\n") { Tests = ["ContainerHoldTests.The_clock_of_a_promise_of_which_nobody_knows_stands_while_the_engine_does_not_answer"] },
        new(
            "a clock that runs is started anew",
            "Swarm.Core/Clustering/Reserving/AnswerClock.cs",
            "            _runsSince ??= now;\n",
            "            _runsSince = @ ? now : _runsSince ?? now;\n") { Tests = ["AnswerClockTests.A_clock_that_runs_goes_on_however_often_it_is_said_to_run"] },
        new(
            "a reading of a silent engine does not count",
            "Swarm.Core/Clustering/Reserving/AnswerClock.cs",
            "            _answered += time.GetElapsedTime(",
            "            _answered += @ ? TimeSpan.Zero : time.GetElapsedTime(") { Tests = ["ReservationLedgerTests.An_engine_that_is_taken_for_lost_and_is_read_nevertheless_has_answered_as_long_as_that_took"] },
        new(
            "a hold that moves begins anew",
            "Swarm.Core/Clustering/Reserving/AnswerClock.cs",
            "Start(hold.Length - (former.At(time.GetTimestamp()) - hold.Begin));",
            "Start(@ ? hold.Length : hold.Length - (former.At(time.GetTimestamp()) - hold.Begin));") { Tests = ["AnswerClockTests.A_hold_that_goes_on_by_another_clock_has_what_is_left_of_its_time"] },
        new(
            "one ping that fails loses the engine",
            "Swarm.Core/Engines/Following/PingJudge.cs",
            "        if (_failed >= Pings)\n",
            "        if (_failed >= (@ ? 1 : Pings))\n") { Tests = ["PingJudgeTests.An_engine_is_lost_when_three_pings_in_a_row_had_no_answer"] },
        new(
            "an engine is pinged for ever",
            "Swarm.Core/Engines/Following/PingJudge.cs",
            "            : _sent < Pings ? (PingVerdict.Ping, TimeSpan.Zero)\n",
            "            : @ || _sent < Pings ? (PingVerdict.Ping, TimeSpan.Zero)\n") { Tests = ["PingJudgeTests.An_engine_is_lost_when_three_pings_in_a_row_had_no_answer"] },
        new(
            "a ping that was answered does not count",
            "Swarm.Core/Engines/Following/PingJudge.cs",
            "        (_sent, _failed, _failedAt) = (0, 0, null);\n",
            "        (_sent, _failed, _failedAt) = @ ? (_sent, _failed, _failedAt) : (0, 0, null);\n") { Tests = ["PingJudgeTests.An_engine_is_lost_when_three_pings_in_a_row_had_no_answer"] },
        new(
            "a ping that failed is not followed by the next one soon",
            "Swarm.Core/Engines/Following/PingJudge.cs",
            "            _failedAt ??= now;\n",
            "            _failedAt = @ ? null : _failedAt ?? now;\n") { Tests = ["PingJudgeTests.An_engine_is_lost_when_three_pings_in_a_row_had_no_answer"] },
        new(
            "an engine that was lost is read at once, however slow it is",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "        if (!_isLost || ",
            "        if (@ || !_isLost || ") { Tests = ["ReadingPaceTests.A_new_start_of_the_daemon_counts_for_itself"] },
        new(
            "an engine that was started anew waits",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "_wasStartedAnew || _returnedAt",
            "(_wasStartedAnew && !@) || _returnedAt") { Tests = ["ReadingPaceTests.A_new_start_of_the_daemon_counts_for_itself"] },
        new(
            "one failed reading makes an engine unhealthy",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "_failures >= FailuresThatCount",
            "_failures >= (@ ? 1 : FailuresThatCount)") { Tests = ["ReadingPaceTests.Three_failed_readings_in_a_row_count"] },
        new(
            "a reading that took too long does not count",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "return error is EngineTimeoutException or EngineAmbiguousException ||",
            "return (!@ && error is EngineTimeoutException) || error is EngineAmbiguousException ||") { Tests = ["ReadingPaceTests.A_reading_whose_time_was_up_counts_at_once"] },
        new(
            "failed readings are never forgotten",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "_failures = isWhole ? 0 : _failures;",
            "_failures = isWhole && !@ ? 0 : _failures;") { Tests = ["ReadingPaceTests.Three_failed_readings_in_a_row_count"] },
        new(
            "a slow engine is read as often as a quick one",
            "Swarm.Core/Engines/Following/ReadingPace.cs",
            "public TimeSpan Rest => Shorter(_took * TimesAsLong,",
            "public TimeSpan Rest => Shorter(_took * (@ ? 0 : TimesAsLong),") { Tests = ["ReadingPaceTests.After_a_reading_there_is_a_rest_of_four_times_as_long_but_not_beyond_what_the_option_says"] },
        new(
            "a question that was not sent is put again",
            "Swarm.Core/Engines/Following/OneRepeat.cs",
            "when (!exception.NotSent && ",
            "when ((@ || !exception.NotSent) && ") { Tests = ["OneRepeatTests.What_another_try_would_not_better_is_final"] },
        new(
            "a question is put again whatever the budget",
            "Swarm.Core/Engines/Following/OneRepeat.cs",
            "&& mayRepeat())",
            "&& (@ || mayRepeat()))") { Tests = ["OneRepeatTests.Without_leave_or_after_the_end_there_is_no_other_try"] },
    ];
}
