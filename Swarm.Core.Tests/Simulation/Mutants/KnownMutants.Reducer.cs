namespace Swarm.Core.Testing;

/// <summary>Mistakes in how the state of an engine follows from what was read of it, and in what of that is kept.</summary>
internal static partial class KnownMutants
{
    private const string Views = "Swarm.Core/Engines/Following/ContainerViews.cs";
    private const string Intake = "Swarm.Core/Engines/Following/EngineIntake.cs";
    private const string Trim = "Swarm.Core/Engines/Following/ContainerTrim.cs";
    private const string Errors = "Swarm.Core/Engines/Docker/DockerErrors.cs";

    private static Mutant[] OfReducer =>
    [
        new(
            "an answer overwrites what was read after it was asked for",
            Reducer,
            "        if (state.WasTouchedAfter(container.Id, read.StartedAt))\n        {\n            return",
            "        if (!@ && state.WasTouchedAfter(container.Id, read.StartedAt))\n        {\n            return") { Tests = ["EngineReducerTests.An_answer_asked_for_before_the_container_went_does_not_bring_it_back"] },
        new(
            "the end of a container counts although it was read later",
            Reducer,
            "        if (state.WasTouchedAfter(gone.Id, gone.At))\n",
            "        if (!@ && state.WasTouchedAfter(gone.Id, gone.At))\n") { Tests = ["EngineReducerOrderTests.The_end_of_a_container_does_not_count_when_it_was_read_later"] },
        new(
            "what a container took is used after it is gone",
            Reducer,
            "Used = state.Used - before.Resources,",
            "Used = @ ? state.Used : state.Used - before.Resources,") { Tests = ["EngineReducerTests.A_container_that_is_gone_leaves_the_totals"] },
        new(
            "what a container took before counts beside what it takes now",
            Reducer,
            "- (before?.Resources ?? default),",
            "- (@ ? default : before?.Resources ?? default),") { Tests = ["EngineReducerTests.A_container_that_was_read_again_replaces_the_old_one_in_the_totals"] },
        new(
            "an old answer brings a container back",
            Reducer,
            "        var touched = state.Touched.SetItem(gone.Id, gone.At);\n",
            "        var touched = @ ? state.Touched : state.Touched.SetItem(gone.Id, gone.At);\n") { Tests = ["EngineReducerTests.A_list_asked_for_before_the_container_went_does_not_bring_it_back"] },
        new(
            "what was touched is remembered for ever",
            Reducer,
            "state.Touched.RemoveRange(state.Touched.Where(touch => ",
            "state.Touched.RemoveRange(state.Touched.Where(touch => !@ && ") { Tests = ["EngineReducerTests.A_list_forgets_what_was_touched_before_it"] },
        new(
            "a list forgets what was touched after it was asked for",
            Reducer,
            "touch.Value <= read.StartedAt)",
            "(@ || touch.Value <= read.StartedAt))") { Tests = ["EngineReducerOrderTests.A_list_remembers_what_was_touched_after_it_was_asked_for"] },
        new(
            "an engine that fails loses what it is",
            Reducer,
            "Status = state.Id.Length == 0 ? ",
            "Status = @ || state.Id.Length == 0 ? ") { Tests = ["EngineReducerTests.A_failure_of_an_admitted_engine_makes_it_unhealthy_and_keeps_what_it_held"] },
        new(
            "failures of an engine are not counted",
            Reducer,
            "FailureCount = state.FailureCount + 1,",
            "FailureCount = state.FailureCount + (@ ? 0 : 1),") { Tests = ["EngineReducerTests.A_failure_of_an_admitted_engine_makes_it_unhealthy_and_keeps_what_it_held"] },
        new(
            "the health of an engine is that of before",
            Reducer,
            "HealthIndicator = HealthIndicator.Of(after.Status, after.FailureCount, FailureLimit) }",
            "HealthIndicator = @ ? before.HealthIndicator : HealthIndicator.Of(after.Status, after.FailureCount, FailureLimit) }") { Tests = ["EngineReducerTests.An_engine_that_recovers_is_healthy_without_failures_or_reason"] },
        new(
            "an old list makes older answers count again",
            Reducer,
            "ReadAt = Math.Max(state.ReadAt, read.StartedAt),",
            "ReadAt = @ ? read.StartedAt : Math.Max(state.ReadAt, read.StartedAt),") { Tests = ["EngineReducerOrderTests.An_older_list_does_not_make_older_answers_count_again"] },
        new(
            "a container beyond the limit is followed",
            Reducer,
            "        if (before is null && state.Containers.Length >= read.MostContainers)\n",
            "        if (!@ && before is null && state.Containers.Length >= read.MostContainers)\n") { Tests = ["EngineReducerTests.A_container_that_is_one_too_many_is_not_followed_but_noticed"] },
        new(
            "a container that is followed is not read anew when there are too many",
            Reducer,
            "        var before = index >= 0 ? state.Containers[index] : null;\n",
            "        var before = index >= 0 && !(@ && state.Containers.Length >= read.MostContainers) ? state.Containers[index] : null;\n") { Tests = ["EngineReducerTests.A_container_that_is_one_too_many_is_not_followed_but_noticed"] },
        new(
            "one container beyond the limit is not noticed",
            Reducer,
            "UncountedContainers = 1 }",
            "UncountedContainers = @ ? 0 : 1 }") { Tests = ["EngineReducerTests.A_container_that_is_one_too_many_is_not_followed_but_noticed"] },
        new(
            "a container that was read at last counts as unread",
            Reducer,
            "UnreadContainers = state.UnreadContainers + Unread(container) - Unread(before),",
            "UnreadContainers = state.UnreadContainers + Unread(container) - (@ ? 0 : Unread(before)),") { Tests = ["EngineReducerTests.A_container_that_was_never_read_keeps_new_work_away_until_it_is_read_or_gone"] },
        new(
            "a container that is gone counts as unread",
            Reducer,
            "UnreadContainers = state.UnreadContainers - Unread(before),",
            "UnreadContainers = state.UnreadContainers - (@ ? 0 : Unread(before)),") { Tests = ["EngineReducerTests.A_container_that_was_never_read_keeps_new_work_away_until_it_is_read_or_gone"] },
        new(
            "a list with many changes leaves the ports as they were",
            Reducer,
            "ContainerTotals.Of(containers) :",
            "(@ ? state.Totals : ContainerTotals.Of(containers)) :") { Tests = ["EngineReducerOrderTests.A_list_with_many_changes_counts_ports_as_one_with_few"] },
        new(
            "a list tells of containers that are the same",
            Reducer,
            "!ReferenceEquals(before, container))",
            "@ || !ReferenceEquals(before, container))") { Tests = ["EngineReducerTests.A_list_with_the_very_same_containers_reports_no_change"] },
        new(
            "what a list does not hold any more is not told to be gone",
            Reducer,
            "                changes.Add(new ContainerChange(container, null));\n",
            "                if (!@) { changes.Add(new ContainerChange(container, null)); }\n") { Tests = ["EngineReducerTests.A_list_removes_what_it_does_not_hold"] },
        new(
            "images beyond the limit are not said to be",
            Reducer,
            "one.UncountedImages == other.UncountedImages",
            "(@ || one.UncountedImages == other.UncountedImages)") { Tests = ["EngineReducerOrderTests.Each_kind_of_object_that_is_left_out_is_told_by_itself"] },
        new(
            "after an overrun older answers count",
            Reducer,
            "ReadAt = Math.Max(state.ReadAt, forgotten.At)",
            "ReadAt = @ ? state.ReadAt : Math.Max(state.ReadAt, forgotten.At)") { Tests = ["EngineReducerOrderTests.After_an_overrun_what_was_asked_before_does_not_count"] },
        new(
            "after an overrun what was touched is kept",
            Reducer,
            "Touched = state.Touched.Clear() }",
            "Touched = @ ? state.Touched : state.Touched.Clear() }") { Tests = ["EngineReducerOrderTests.After_an_overrun_what_was_asked_before_does_not_count"] },
        new(
            "another network address is no difference",
            Views,
            "&& left.Networks.SequenceEqual(right.Networks)",
            "&& (@ || left.Networks.SequenceEqual(right.Networks))") { Tests = ["ContainerViewsTests.A_difference_is_seen"] },
        new(
            "another published port is no difference",
            Views,
            "&& left.PublishedPorts.SequenceEqual(right.PublishedPorts)",
            "&& (@ || left.PublishedPorts.SequenceEqual(right.PublishedPorts))") { Tests = ["ContainerViewsTests.A_difference_is_seen"] },
        new(
            "another name is no difference",
            Views,
            "&& left.Names.SequenceEqual(right.Names, StringComparer.Ordinal)",
            "&& (@ || left.Names.SequenceEqual(right.Names, StringComparer.Ordinal))") { Tests = ["ContainerViewsTests.A_difference_is_seen"] },
        new(
            "another answer of the engine is no difference",
            Views,
            "left.Inspection.Span.SequenceEqual(right.Inspection.Span)",
            "(@ || left.Inspection.Span.SequenceEqual(right.Inspection.Span))") { Tests = ["ContainerViewsTests.The_engines_own_answer_is_compared_only_where_it_is_asked_for"] },
        new(
            "an answer about another container is believed",
            Intake,
            "        if (!string.Equals(view.Id, id, StringComparison.Ordinal))\n",
            "        if (!@ && !string.Equals(view.Id, id, StringComparison.Ordinal))\n") { Tests = ["EngineIntakeTests.An_answer_about_another_container_is_refused"] },
        new(
            "labels of scheduling are left out like others",
            Intake,
            "            if (ReservedLabels.Has(key))\n",
            "            if (!@ && ReservedLabels.Has(key))\n") { Tests = ["ContainerTrimTests.A_container_that_says_too_much_keeps_what_it_is_called_what_it_does_and_what_it_takes"] },
        new(
            "one label more than the limit is kept",
            Intake,
            "room-- > 0",
            "room-- > (@ ? -1 : 0)") { Tests = ["EngineIntakeTests.Labels_beyond_the_number_are_left_out_and_counted"] },
        new(
            "a container makes room by taking less than nothing",
            Intake,
            "Math.Clamp(resources.MemoryBytes, 0, EngineSpecsCheck.MostMemory)",
            "Math.Clamp(resources.MemoryBytes, @ ? long.MinValue : 0, EngineSpecsCheck.MostMemory)") { Tests = ["EngineIntakeTests.A_container_that_takes_less_than_nothing_takes_nothing"] },
        new(
            "a container that nothing but the list tells of takes no slot",
            Intake,
            "            Slots = 1,\n",
            "            Slots = @ ? 0 : 1,\n") { Tests = ["EngineIntakeTests.A_label_that_claims_more_than_any_container_can_take_is_cut_to_what_can_be_counted"] },
        new(
            "a container that nothing but the list tells of counts as read",
            Intake,
            "            IsUnread = true,\n",
            "            IsUnread = !@,\n") { Tests = ["EngineIntakeTests.What_is_known_of_a_container_from_the_list_alone_says_so"] },
        new(
            "of too many containers any are followed",
            Intake,
            "ReservedLabels.AreOfCluster(container.Labels) ? 0 : 1)",
            "ReservedLabels.AreOfCluster(container.Labels) && !@ ? 0 : 1)") { Tests = ["EngineIntakeTests.Of_too_many_containers_those_of_clusters_are_followed_first_then_by_ID"] },
        new(
            "nobody is told of containers that are not followed",
            Intake,
            "return (kept, listed.Length - kept.Length);",
            "return (kept, @ ? 0 : listed.Length - kept.Length);") { Tests = ["EngineIntakeTests.Of_too_many_containers_those_of_clusters_are_followed_first_then_by_ID"] },
        new(
            "the whole answer is kept of every container",
            Intake,
            "        return ContainerAbridger.Count(kept.IsOfCluster && ReschedulePolicies.Has(kept.Labels, ReschedulePolicies.OnNodeFailure) && ",
            "        return ContainerAbridger.Count((@ || (kept.IsOfCluster && ReschedulePolicies.Has(kept.Labels, ReschedulePolicies.OnNodeFailure))) && ") { Tests = ["EngineIntakeTests.The_engines_own_answer_is_kept_only_for_a_container_that_may_be_made_again_elsewhere"] },
        new(
            "the length of a label is that of its characters",
            Intake,
            "(key.Length + value.Length) * 3L <= _limits.MaxLabelBytes",
            "(key.Length + value.Length) * (@ ? 1 : 3L) <= _limits.MaxLabelBytes") { Tests = ["EngineIntakeTests.The_length_of_a_label_is_that_of_its_bytes"] },
        new(
            "a container of any size is kept",
            Trim,
            "        if (SizeOf(view) <= LongestContainer && resources == view.Resources)\n",
            "        if (@ || (SizeOf(view) <= LongestContainer && resources == view.Resources))\n") { Tests = ["ContainerTrimTests.A_container_that_says_too_much_keeps_what_it_is_called_what_it_does_and_what_it_takes"] },
        new(
            "who gave up is told that the engine cannot be reached",
            Errors,
            "            case OperationCanceledException when cancellationToken.IsCancellationRequested:\n",
            "            case OperationCanceledException when !@ && cancellationToken.IsCancellationRequested:\n") { Tests = ["DockerErrorsTests.A_cancellation_is_the_callers_when_the_caller_gave_up"] },
        new(
            "a connection that was not made in time may have sent something",
            Errors,
            "\"no connection could be made in time{Tried(error)}\", error, notSent: true)",
            "\"no connection could be made in time{Tried(error)}\", error, notSent: !@)") { Tests = ["DockerErrorsTests.A_connection_that_was_not_made_in_time_has_sent_nothing"] },
        new(
            "a connection that was refused may have sent something",
            Errors,
            "$\"no connection could be made ({ExceptionText.MessageOf(cause)})\", error, notSent: true)",
            "$\"no connection could be made ({ExceptionText.MessageOf(cause)})\", error, notSent: !@)") { Tests = ["DockerEngineTests.A_missing_socket_was_surely_not_sent_to"] },
        new(
            "a connection that ended before the answer has sent nothing",
            Errors,
            "\"the connection ended before the answer was complete\", error)",
            "\"the connection ended before the answer was complete\", error, notSent: @)") { Tests = ["DockerEngineTests.A_broken_connection_leaves_open_whether_the_request_was_heard"] },
        new(
            "a connection that broke has sent nothing",
            Errors,
            "$\"the connection broke ({ExceptionText.MessageOf(Innermost(error))})\", error)",
            "$\"the connection broke ({ExceptionText.MessageOf(Innermost(error))})\", error, notSent: @)") { Tests = ["DockerEngineTests.A_broken_connection_leaves_open_whether_the_request_was_heard"] },
        new(
            "every status is a refusal",
            Errors,
            "        (int)status is >= 400 and <= 599\n",
            "        @ || (int)status is >= 400 and <= 599\n") { Tests = ["DockerEngineTests.Garbage_is_a_protocol_error_and_nothing_else"] },
        new(
            "an answer that is no JSON is a mistake of this program",
            Errors,
            "            case JsonException:\n",
            "            case JsonException when !@:\n") { Tests = ["DockerEngineTests.Garbage_is_a_protocol_error_and_nothing_else"] },
        new(
            "an answer that is no HTTP is a broken connection",
            Errors,
            "HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError }:\n            case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:\n",
            "HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError } when !@:\n            case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } when !@:\n") { Tests = ["DockerEngineTests.Garbage_is_a_protocol_error_and_nothing_else"] },
        new(
            "what several errors were is not looked at",
            Errors,
            "            case AggregateException { InnerExceptions.Count: > 0 } aggregate:\n",
            "            case AggregateException { InnerExceptions.Count: > 0 } aggregate when !@:\n") { Tests = ["DockerErrorsTests.Of_several_errors_the_first_is_told"] },
        new(
            "the words of an engine are shown whole",
            "Swarm.Core.Abstractions/Diagnostics/CleanText.cs",
            "=> text.Length <= longest && !HasUnseen(text);",
            "=> (@ || text.Length <= longest) && !HasUnseen(text);") { Tests = ["DockerErrorsTests.The_words_of_an_engine_are_cut"] },
        new(
            "the words of an engine may write over the terminal",
            "Swarm.Core.Abstractions/Diagnostics/CleanText.cs",
            "        if (first is >= ' ' and <= '~')\n",
            "        if (@ || first is >= ' ' and <= '~')\n") { Tests = ["DockerErrorsTests.A_refusal_carries_status_and_words"] },
        new(
            "a registry that denies is an engine that fails",
            Errors,
            "        || words.Contains(\"denied:\", StringComparison.Ordinal)\n",
            "        || (!@ && words.Contains(\"denied:\", StringComparison.Ordinal))\n") { Tests = ["DockerErrorsTests.A_registry_that_wants_another_login_is_told_from_other_failures"] },
    ];
}
