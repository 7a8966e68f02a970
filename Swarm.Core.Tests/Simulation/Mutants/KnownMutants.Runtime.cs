namespace Swarm.Core.Testing;

/// <summary>Mistakes in what everything waits with: semaphores, turns, pauses, completions.</summary>
internal static partial class KnownMutants
{
    private const string Semaphore = "Swarm.Core/Runtime/AsyncSemaphore.cs";
    private const string BackoffFile = "Swarm.Core/Runtime/Backoff.cs";
    private const string CompletionFile = "Swarm.Core/Runtime/Completion.cs";
    private const string ContainerLanesFile = "Swarm.Core/Clustering/Changing/ContainerLanes.cs";
    private const string PlacementLaneFile = "Swarm.Core/Clustering/Creating/PlacementLane.cs";
    private const string StateChangesFile = "Swarm.Core/Clustering/Events/StateChanges.cs";
    private const string Bounded = "Swarm.Core/Engines/BoundedCall.cs";

    private static Mutant[] OfRuntime =>
    [
        new(
            "a caller is let in although nobody has left",
            Semaphore,
            "            if (_free > 0)\n",
            "            if (@ || _free > 0)\n") { Tests = ["AsyncSemaphoreTests.A_waiter_that_gives_up_takes_no_place"] },
        new(
            "a cancelled waiter keeps its turn",
            Semaphore,
            "            _waiting.Remove(waiter);\n",
            "            if (!@) { _waiting.Remove(waiter); }\n") { Tests = ["AsyncSemaphoreTests.A_waiter_that_gives_up_takes_no_place"] },
        new(
            "a waiter that was let in gives up and its place is nobody's",
            Semaphore,
            "            if (waiter.List is null)\n            {\n                return;\n            }\n\n",
            "            if (waiter.List is null)\n            {\n                if (@) { _free--; }\n                return;\n            }\n\n") { Tests = ["AsyncSemaphoreTests.A_waiter_that_gives_up_just_after_it_was_let_in_has_its_place_and_gives_it_back"] },
        new(
            "who came last is let in first",
            Semaphore,
            "            if (_waiting.First is not { } first)\n            {\n                _free++;\n                return;\n            }\n\n            _waiting.RemoveFirst();\n",
            "            if ((@ ? _waiting.Last : _waiting.First) is not { } first)\n            {\n                _free++;\n                return;\n            }\n\n            _waiting.Remove(first);\n") { Tests = ["AsyncSemaphoreTests.Waiters_are_let_in_in_the_order_of_arrival"] },
        new(
            "a caller that has given up already is let in",
            Semaphore,
            "        cancellationToken.ThrowIfCancellationRequested();\n        LinkedListNode",
            "        if (!@) { cancellationToken.ThrowIfCancellationRequested(); }\n        LinkedListNode") { Tests = ["AsyncSemaphoreTests.A_token_cancelled_already_takes_no_place_even_when_one_is_free"] },
        new(
            "a pause does not double",
            BackoffFile,
            "Math.Pow(2, doublings)",
            "Math.Pow(@ ? 1 : 2, doublings)") { Tests = ["BackoffTests.Many_waiters_spread_out"] },
        new(
            "a pause has no longest",
            BackoffFile,
            ", longest.Ticks);",
            ", @ ? double.MaxValue : longest.Ticks);") { Tests = ["BackoffTests.Many_waiters_spread_out"] },
        new(
            "all that failed together try again together",
            BackoffFile,
            "(0.5 + (jitter.NextFraction() / 2))",
            "(@ ? 1 : 0.5 + (jitter.NextFraction() / 2))") { Tests = ["BackoffTests.Many_waiters_spread_out"] },
        new(
            "the first pause is that of the second failure",
            BackoffFile,
            "Math.Clamp(failures - 1, 0, 30)",
            "Math.Clamp(failures - (@ ? 0 : 1), 0, 30)") { Tests = ["BackoffTests.The_delay_is_between_half_and_the_whole_of_the_doubled_delay"] },
        new(
            "a number of failures below one makes the pause shorter than the shortest",
            BackoffFile,
            "        var delay = Math.Min(",
            "        doublings = @ && failures < 1 ? failures - 1 : doublings;\n        var delay = Math.Min(") { Tests = ["BackoffTests.Whatever_the_number_of_failures_the_delay_keeps_to_its_bounds"] },
        new(
            "who waits goes on within the call that completes",
            CompletionFile,
            "        : TaskCreationOptions.RunContinuationsAsynchronously;",
            "        : @ ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;") { Tests = ["StateChangesTests.A_waiter_does_not_run_inside_of_who_signals"] },
        new(
            "in a simulation who waits goes on elsewhere",
            CompletionFile,
            "        ? TaskCreationOptions.None\n",
            "        ? @ ? (TaskCreationOptions)64 : TaskCreationOptions.None\n") { Tests = ["CompletionTests.In_a_simulation_everything_that_follows_is_queued_there_before_the_call_returns"] },
        new(
            "who gives up waiting for a container leaves its lane behind",
            ContainerLanesFile,
            "            Leave(containerId, lane);\n            throw;",
            "            if (!@) { Leave(containerId, lane); }\n            throw;") { Tests = ["ContainerLanesTests.Nothing_is_kept_of_containers_that_nobody_changes"] },
        new(
            "the lane of a container is forgotten while others wait in it",
            ContainerLanesFile,
            "            if (--lane.Users == 0)\n",
            "            if (--lane.Users == 0 || @)\n") { Tests = ["ContainerLanesTests.Whoever_comes_while_others_wait_waits_behind_them"] },
        new(
            "the lane of a container is never forgotten",
            ContainerLanesFile,
            "                _lanes.Remove(containerId);\n",
            "                if (!@) { _lanes.Remove(containerId); }\n") { Tests = ["ContainerLanesTests.Nothing_is_kept_of_containers_that_nobody_changes"] },
        new(
            "two change one container at once",
            ContainerLanesFile,
            "AsyncSemaphore Gate { get; } = new(1);",
            "AsyncSemaphore Gate { get; } = new(@ ? 2 : 1);") { Tests = ["ContainerLanesTests.Changes_of_one_container_take_turns_in_the_order_of_arrival"] },
        new(
            "the change of one container holds up all others",
            ContainerLanesFile,
            "        Lane? lane;\n",
            "        containerId = @ ? \"\" : containerId;\n        Lane? lane;\n") { Tests = ["ContainerLanesTests.Another_container_does_not_wait"] },
        new(
            "the turn of a container is not given back",
            ContainerLanesFile,
            "            lane.Gate.Release();\n",
            "            if (!@) { lane.Gate.Release(); }\n") { Tests = ["ContainerLanesTests.Changes_of_one_container_take_turns_in_the_order_of_arrival"] },
        new(
            "two decide at once",
            PlacementLaneFile,
            "_turn = new(1);",
            "_turn = new(@ ? 2 : 1);") { Tests = ["PlacementLaneTests.A_caller_that_gives_up_waiting_does_not_take_a_turn"] },
        new(
            "the turn to decide is not given back",
            PlacementLaneFile,
            "public void Dispose() => turn?.Release();",
            "public void Dispose() { if (!@) { turn?.Release(); } }") { Tests = ["PlacementLaneTests.A_caller_that_gives_up_waiting_does_not_take_a_turn"] },
        new(
            "nobody is told of a change",
            StateChangesFile,
            "        if (Volatile.Read(ref _next) is not null)\n",
            "        if (!@ && Volatile.Read(ref _next) is not null)\n") { Tests = ["StateChangesTests.A_change_from_before_does_not_count"] },
        new(
            "who asks for the next change gets the last one",
            StateChangesFile,
            "Interlocked.Exchange(ref _next, null)?.TrySetResult();",
            "(@ ? _next : Interlocked.Exchange(ref _next, null))?.TrySetResult();") { Tests = ["StateChangesTests.A_change_from_before_does_not_count"] },
        new(
            "who gave up is told of a time limit",
            Bounded,
            "            cancellationToken.ThrowIfCancellationRequested();\n            throw ",
            "            if (!@) { cancellationToken.ThrowIfCancellationRequested(); }\n            throw ") { Tests = ["BoundedCallTests.A_caller_that_gives_up_gets_a_cancellation"] },
        new(
            "a call that gave up on its own is said to have taken too long",
            Bounded,
            "timer.IsCancellationRequested\n                ? new",
            "(@ || timer.IsCancellationRequested)\n                ? new") { Tests = ["BoundedCallTests.A_cancellation_that_nobody_asked_for_is_not_the_callers"] },
        new(
            "what a call throws after it was given up is nobody's",
            Bounded,
            "                _ = Patience.AbandonAsync(work);\n",
            "                if (!@) { _ = Patience.AbandonAsync(work); }\n") { Tests = ["BoundedCallTests.What_an_abandoned_call_throws_in_the_end_is_nobodys_unobserved_error"] },
        new(
            "who has given up already reaches the engine",
            Bounded,
            "CancellationToken cancellationToken, bool isOurs = false)\n    {\n        cancellationToken.ThrowIfCancellationRequested();\n",
            "CancellationToken cancellationToken, bool isOurs = false)\n    {\n        if (!@) { cancellationToken.ThrowIfCancellationRequested(); }\n") { Tests = ["BoundedCallTests.A_caller_that_has_given_up_already_does_not_reach_the_engine"] },
        new(
            "a call is not told that its time is over",
            Bounded,
            "            work = given is null ?",
            "            work = @ ? call(cancellationToken) : given is null ?") { Tests = ["BoundedCallTests.A_call_that_runs_into_the_limit_before_it_first_waits_times_out"] },
        new(
            "a call that fails is measured as one that does not",
            Bounded,
            "            errorType = EngineErrorTypes.Of(exception);\n",
            "            errorType = @ ? null : EngineErrorTypes.Of(exception);\n") { Tests = ["ClusterDiagnosticsTests.A_call_that_fails_is_measured_with_the_kind_of_its_error"] },
        new(
            "what was opened too late stays open",
            "Swarm.Core/Runtime/Patience.cs",
            "        if (work.IsCompletedSuccessfully && await work is IAsyncDisposable opened)\n",
            "        if (!@ && work.IsCompletedSuccessfully && await work is IAsyncDisposable opened)\n") { Tests = ["BoundedCallTests.What_comes_too_late_is_closed"] },
        new(
            "whoever waits with a limit is told that it is over",
            "Swarm.Core/Runtime/Patience.cs",
            "            _ = AbandonAsync(task);\n            return false;\n",
            "            _ = AbandonAsync(task);\n            return @;\n") { Tests = ["PatienceTests.A_task_that_does_not_end_is_waited_for_no_longer_than_the_limit"] },
    ];
}
