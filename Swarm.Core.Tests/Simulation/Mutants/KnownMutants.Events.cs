namespace Swarm.Core.Testing;

/// <summary>Mistakes in what tells hosts of events, and in what makes sense of those of engines.</summary>
internal static partial class KnownMutants
{
    private const string Hub = "Swarm.Core/Clustering/Events/ClusterEventHub.cs";
    private const string Subscription = "Swarm.Core/Clustering/Events/ClusterEventSubscription.cs";
    private const string Interest = "Swarm.Core/Engines/Following/EventInterest.cs";
    private const string Gone = "Swarm.Core/Engines/Following/RecentlyGone.cs";
    private const string Queue = "Swarm.Core/Engines/Following/InspectionQueue.cs";

    private static Mutant[] OfEvents =>
    [
        new(
            "who subscribes after the end waits for ever",
            Hub,
            "        if (Volatile.Read(ref _closed) == 1)\n",
            "        if (!@ && Volatile.Read(ref _closed) == 1)\n") { Tests = ["ClusterEventHubTests.Who_subscribes_after_the_end_finds_the_end"] },
        new(
            "the end is told to no subscriber",
            Hub,
            "        Volatile.Write(ref _closed, 1);\n        foreach (var subscription in _subscriptions)\n",
            "        Volatile.Write(ref _closed, 1);\n        foreach (var subscription in @ ? [] : _subscriptions)\n") { Tests = ["ClusterEventHubTests.The_enumeration_ends_when_the_hub_is_closed_after_what_was_buffered"] },
        new(
            "a subscription that has ended is kept",
            Hub,
            "all.Remove(removed)",
            "@ ? all : all.Remove(removed)") { Tests = ["ClusterEventHubTests.A_disposed_subscription_is_forgotten"] },
        new(
            "only the first subscriber hears of an event",
            Hub,
            "            subscription.Offer(published);\n",
            "            subscription.Offer(published);\n            if (@) { break; }\n") { Tests = ["ClusterEventHubTests.A_slow_subscriber_does_not_make_another_one_miss_anything"] },
        new(
            "what a subscriber missed is not told",
            Subscription,
            "            if (_dropped > 0)\n            {\n                var lagged",
            "            if (!@ && _dropped > 0)\n            {\n                var lagged") { Tests = ["ClusterEventHubTests.A_slow_subscriber_is_told_how_much_it_missed_and_where"] },
        new(
            "events go on in the middle of a gap",
            Subscription,
            "_dropped > 0 || ",
            "(_dropped > 0 && !@) || ") { Tests = ["ClusterEventHubTests.A_gap_goes_on_until_it_was_told"] },
        new(
            "the buffer of a subscriber has no end",
            Subscription,
            "_buffer.Count >= capacity",
            "(!@ && _buffer.Count >= capacity)") { Tests = ["ClusterEventHubTests.A_slow_subscriber_is_told_how_much_it_missed_and_where"] },
        new(
            "the buffer of a subscriber takes one more than it is to",
            Subscription,
            "                _buffer.Enqueue(offered);\n",
            "                _buffer.Enqueue(offered);\n                if (@) { capacity++; }\n") { Tests = ["ClusterEventHubTests.A_slow_subscriber_is_told_how_much_it_missed_and_where"] },
        new(
            "what was buffered at the end is lost",
            Subscription,
            "_buffer.TryDequeue(out var next)",
            "_buffer.TryDequeue(out var next) && !(@ && _closed)") { Tests = ["ClusterEventHubTests.The_enumeration_ends_when_the_hub_is_closed_after_what_was_buffered"] },
        new(
            "a gap is told again and again",
            Subscription,
            "                _dropped = 0;\n",
            "                _dropped = @ ? 1 : 0;\n") { Tests = ["ClusterEventHubTests.After_the_gap_was_told_events_flow_again"] },
        new(
            "a reader that waits is not woken by an event",
            Subscription,
            "        reader?.TrySetResult();\n        if (missed > 0)",
            "        if (!@) { reader?.TrySetResult(); }\n        if (missed > 0)") { Tests = ["ClusterEventHubTests.A_reader_that_waits_is_woken_by_the_next_event"] },
        new(
            "a reader that waits is not woken by the end",
            Subscription,
            "        unsubscribe(this);\n        reader?.TrySetResult();\n",
            "        unsubscribe(this);\n        if (!@) { reader?.TrySetResult(); }\n") { Tests = ["ClusterEventHubTests.A_reader_that_waits_is_woken_by_the_end"] },
        new(
            "a subscription is enumerated twice",
            Subscription,
            "Interlocked.Exchange(ref _enumerated, 1) == 1",
            "!@ && Interlocked.Exchange(ref _enumerated, 1) == 1") { Tests = ["ClusterEventHubTests.A_subscription_is_enumerated_once"] },
        new(
            "a gap begins with the last event that was missed",
            Subscription,
            "_dropped++ == 0",
            "_dropped++ == 0 || @") { Tests = ["ClusterEventHubTests.A_gap_goes_on_until_it_was_told"] },
        new(
            "a subscription that has ended takes events",
            Subscription,
            "            if (_closed)\n            {\n                return;\n            }\n\n            if (",
            "            if (!@ && _closed)\n            {\n                return;\n            }\n\n            if (") { Tests = ["ClusterEventHubTests.What_is_published_to_a_subscription_after_its_end_is_not_read"] },
        new(
            "nobody counts what a subscriber misses",
            Subscription,
            "            dropped?.Invoke(missed);\n",
            "            if (!@) { dropped?.Invoke(missed); }\n") { Tests = ["ClusterDiagnosticsTests.A_slow_subscriber_is_logged_once_and_each_event_it_misses_is_counted"] },
        new(
            "every command in a container is worth a look",
            Interest,
            "!verb.StartsWith(\"exec_\", StringComparison.Ordinal)",
            "(@ || !verb.StartsWith(\"exec_\", StringComparison.Ordinal))") { Tests = ["EventInterestTests.A_long_action_is_judged_by_its_beginning"] },
        new(
            "a container that Podman removed is still there",
            Interest,
            "(received.Action is \"destroy\" or \"remove\")",
            "(received.Action == \"destroy\" || (!@ && received.Action == \"remove\"))") { Tests = ["EngineLoopTests.A_container_that_Podman_tells_to_be_removed_is_gone"] },
        new(
            "a process that Podman has not started yet has ended well",
            "Swarm.Core/Engines/Docker/Json/ExecStateReader.cs",
            "!isRunning && !isOver && exitCode == 0 && pid == 0;",
            "!@ && !isRunning && !isOver && exitCode == 0 && pid == 0;") { Tests = ["PodmanDialectTests.A_process_that_has_not_been_started_can_be_started"] },
        new(
            "Podman waits for the grace of a stop before it removes by force",
            "Swarm.Core/Engines/Docker/DockerContainers.cs",
            "if (force && engine.LibpodVersion",
            "if (!@ && force && engine.LibpodVersion") { Tests = ["PodmanDialectTests.Removing_by_force_does_not_wait_for_the_grace_of_a_stop"] },
        new(
            "a wait that is never answered is waited for all the same",
            Waiter,
            "                if (showsEnd && hasSeenEnd &&",
            "                if (!@ && showsEnd && hasSeenEnd &&") { Tests = ["ContainerWaiterTests.A_question_that_is_never_answered_ends_by_what_the_engine_shows"] },
        new(
            "an image of Docker Hub has as many names as there are engines",
            "Swarm.Core.Abstractions/Model/ImageReference.cs",
            "        return name.StartsWith(\"library/\")",
            "        return !@ && name.StartsWith(\"library/\")") { Tests = ["AffinityFilterTests.An_image_of_Docker_Hub_is_the_same_however_its_name_is_written"] },
        new(
            "what stands behind a colon belongs to the action",
            Interest,
            "        var colon = action.IndexOf(':');\n",
            "        var colon = @ ? -1 : action.IndexOf(':');\n") { Tests = ["EventInterestTests.What_changes_nothing_is_not"] },
        new(
            "an action longer than any that is known is read beyond the end",
            Interest,
            "Math.Min(verb.Length, LongestKnown)",
            "(@ ? verb.Length : Math.Min(verb.Length, LongestKnown))") { Tests = ["EventInterestTests.A_long_action_is_judged_by_its_beginning"] },
        new(
            "a reload of the daemon is not looked at",
            Interest,
            "verb is \"reload\"",
            "!@ && verb is \"reload\"") { Tests = ["EventInterestTests.What_changes_something_is_looked_at"] },
        new(
            "events of volumes are those of nothing",
            Interest,
            "word.SequenceEqual(\"volume\"u8)",
            "!@ && word.SequenceEqual(\"volume\"u8)") { Tests = ["EngineEventReaderTests.Events_that_nobody_follows_are_passed_over"] },
        new(
            "what went long ago is remembered",
            Gone,
            "        if (_inOrder.Count > Capacity)\n",
            "        if (!@ && _inOrder.Count > Capacity)\n") { Tests = ["RecentlyGoneTests.Of_very_many_the_last_are_remembered"] },
        new(
            "the end of a container is told as often as the engine tells it",
            Gone,
            "        if (!_known.Add(fingerprint))\n",
            "        if (!_known.Add(fingerprint) && !@)\n") { Tests = ["RecentlyGoneTests.A_container_is_remembered_once"] },
        new(
            "containers with the same letters are one",
            "Swarm.Core/Engines/Following/Fingerprint.cs",
            "(fingerprint ^ character) * Prime",
            "@ ? fingerprint + character : (fingerprint ^ character) * Prime") { Tests = ["RecentlyGoneTests.Letters_in_another_order_are_another_container"] },
        new(
            "a container marked while it is inspected is not looked at again",
            Queue,
            "running.IsOutdated = true;",
            "running.IsOutdated = !@;") { Tests = ["InspectionQueueTests.A_container_marked_often_while_it_is_inspected_is_inspected_once_more"] },
        new(
            "a container waits as often as it is marked",
            Queue,
            "_waiting.Add(containerId)",
            "(_waiting.Add(containerId) || @)") { Tests = ["InspectionQueueTests.A_container_marked_often_waits_once"] },
        new(
            "the slow lane has no end",
            Queue,
            "_waitingSlow.Count > 0 && SlowRunning < SlowLane",
            "_waitingSlow.Count > 0 && (@ || SlowRunning < SlowLane)") { Tests = ["InspectionQueueTests.However_many_containers_are_stuck_the_quick_lane_stays_free_once_they_are_known"] },
        new(
            "the quick lane has no end",
            Queue,
            "            if (_quick.Count < QuickLane)\n",
            "            if (@ || _quick.Count < QuickLane)\n") { Tests = ["InspectionQueueTests.A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick"] },
        new(
            "an inspection that takes long makes no room",
            Queue,
            "        while (_quick.Count >= QuickLane && ",
            "        while (!@ && _quick.Count >= QuickLane && ") { Tests = ["InspectionQueueTests.All_that_run_are_bounded"] },
        new(
            "quick inspections move to the slow lane as well",
            Queue,
            "SlowRunning < SlowLane && time.GetElapsedTime(_quick[0].StartedTimestamp) >= slowAfter",
            "SlowRunning < SlowLane && (@ || time.GetElapsedTime(_quick[0].StartedTimestamp) >= slowAfter)") { Tests = ["InspectionQueueTests.A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick"] },
        new(
            "a container that was slow once is slow for ever",
            Queue,
            "KnownSlow.Add(containerId) : KnownSlow.Remove(containerId)",
            "KnownSlow.Add(containerId) : @ ? KnownSlow : KnownSlow.Remove(containerId)") { Tests = ["InspectionQueueTests.A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick"] },
        new(
            "nobody knows which containers were slow",
            Queue,
            "time.GetElapsedTime(ended.StartedTimestamp) >= slowAfter",
            "(!@ && time.GetElapsedTime(ended.StartedTimestamp) >= slowAfter)") { Tests = ["InspectionQueueTests.A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick"] },
        new(
            "a container known to be slow waits among the quick",
            Queue,
            "(KnownSlow.Contains(containerId) ? ",
            "(!@ && KnownSlow.Contains(containerId) ? ") { Tests = ["InspectionQueueTests.A_container_that_was_slow_starts_in_the_slow_lane_until_it_was_quick"] },
        new(
            "an inspection that has ended goes on taking a place",
            Queue,
            "        _quick.Remove(ended);\n",
            "        if (!@) { _quick.Remove(ended); }\n") { Tests = ["InspectionQueueTests.Containers_are_inspected_in_the_order_of_their_marks_and_few_at_a_time"] },
        new(
            "nobody is woken when a slow inspection makes room",
            Queue,
            "            if (_waitingQuick.Count == 0 || ",
            "            if (@ || _waitingQuick.Count == 0 || ") { Tests = ["InspectionQueueTests.Inspections_that_take_long_make_room"] },
        new(
            "what is gone is known to be slow for ever",
            Queue,
            "            if (isGone(containerId))\n",
            "            if (!@ && isGone(containerId))\n") { Tests = ["InspectionQueueTests.What_is_gone_is_forgotten"] },
        new(
            "a container marked in the middle of its inspection never waits again",
            Queue,
            "        if (ended.IsOutdated)\n",
            "        if (!@ && ended.IsOutdated)\n") { Tests = ["InspectionQueueTests.A_container_marked_often_while_it_is_inspected_is_inspected_once_more"] },
    ];
}
