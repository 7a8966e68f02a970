namespace Swarm.Core.Testing;

/// <summary>Mistakes in what everything waits with: semaphores, turns, pauses, completions.</summary>
internal static partial class KnownMutants
{
    private const string Semaphore = "Swarm.Core/Runtime/AsyncSemaphore.cs";
    private const string BackoffFile = "Swarm.Core/Runtime/Backoff.cs";
    private const string CompletionFile = "Swarm.Core/Runtime/Completion.cs";
    private const string ContainerLanesFile = "Swarm.Core/Clustering/ContainerLanes.cs";
    private const string Bounded = "Swarm.Core/Engines/BoundedCall.cs";

    private static Mutant[] OfRuntime =>
    [
        new(
            "a caller is let in although nobody has left",
            Semaphore,
            "            if (_free > 0)\n",
            "            if (@ || _free > 0)\n") { Tests = ["AsyncSemaphoreTests.A_waiter_that_gives_up_takes_no_place"] },
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
            "a call that fails is measured as one that does not",
            Bounded,
            "            errorType = EngineErrorTypes.Of(exception);\n",
            "            errorType = @ ? null : EngineErrorTypes.Of(exception);\n") { Tests = ["ClusterDiagnosticsTests.The_documentation_lists_every_activity_with_its_tags"] },
    ];
}
