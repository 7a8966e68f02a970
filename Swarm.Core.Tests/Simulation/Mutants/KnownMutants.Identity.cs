namespace Swarm.Core.Testing;

/// <summary>Mistakes in who takes part, and in which engines are one.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfIdentity =>
    [
        new(
            "an engine that waits for its predecessor never begins",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "                Begin(_members[next]);\n",
            "                if (!@) { Begin(_members[next]); }\n") { Tests = ["ClusterEnginesTests.Another_daemon_behind_a_known_address_inherits_nothing"] },
        new(
            "a set of any size is taken",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Watch.cs",
            "        if (set.Addresses.Length > _maxEngines)\n",
            "        if (!@ && set.Addresses.Length > _maxEngines)\n") { Tests = ["EngineRegistryTests.A_set_that_is_too_large_is_refused_like_an_outage_and_the_last_one_stays"] },
        new(
            "an engine that waits for an ID is not asked again",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "        foreach (var (_, daemonId) in left)\n        {\n            ReadWaitingAgain(daemonId, isUrgent: true);\n",
            "        foreach (var (_, daemonId) in left)\n        {\n            if (!@) { ReadWaitingAgain(daemonId, isUrgent: true); }\n") { Tests = ["ClusterEnginesTests.A_second_address_takes_over_everything_when_the_first_leaves_discovery"] },
        new(
            "whoever is let in does not speak for its ID",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "        _router.Ledger.SetSpeaker(id, engine);\n",
            "        if (!@) { _router.Ledger.SetSpeaker(id, engine); }\n") { Tests = ["ClusterEnginesTests.A_second_address_takes_over_everything_when_the_first_leaves_discovery"] },
        new(
            "clones share one ID",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "_admitted.ContainsKey(daemonId) ? $\"{daemonId}{Qualifier}",
            "_admitted.ContainsKey(daemonId) && !@ ? $\"{daemonId}{Qualifier}") { Tests = ["ClusterEnginesTests.Cloned_machines_are_both_admitted_and_told_apart_by_their_address"] },
        new(
            "an engine that moved gets an ID of its own",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "        var id = moved?.Id ?? (",
            "        var id = (@ ? null : moved?.Id) ?? (") { Tests = ["ClusterEnginesTests.A_second_address_takes_over_everything_when_the_first_leaves_discovery"] },
        new(
            "the old address of an engine that moved stays",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "            Remove(moved);\n",
            "            if (!@) { Remove(moved); }\n") { Tests = ["ClusterEnginesTests.A_second_address_takes_over_everything_when_the_first_leaves_discovery"] },
        new(
            "an engine in its grace time counts as one that takes part",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "            if (other.Leaving is null",
            "            if (@ || other.Leaving is null") { Tests = ["ClusterEnginesTests.A_second_address_takes_over_everything_when_the_first_leaves_discovery"] },
        new(
            "an engine is judged before the other was read again",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "(isRequested || !member.Reading!.CanMiss ",
            "!@ && (isRequested || !member.Reading!.CanMiss ") { Tests = ["EngineIdentityTests.Clones_of_one_host_name_are_told_apart_by_what_is_on_them"] },
        new(
            "engines are asked without end who they are",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "        if (count >= MostExtraReadings)\n",
            "        if (!@ && count >= MostExtraReadings)\n") { Tests = ["EngineIdentityTests.A_busy_daemon_that_moves_is_taken_over_in_its_grace_time"] },
        new(
            "those that take part are not judged again",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "        JudgeAgain(member);\n",
            "        if (!@) { JudgeAgain(member); }\n") { Tests = ["EngineIdentityTests.An_engine_that_turned_out_to_be_another_one_is_found_by_its_ID_also_when_that_moves"] },
        new(
            "what was proven to be two becomes one",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "(!isProven || IsProofOver(member, other, share))",
            "(@ || !isProven || IsProofOver(member, other, share))") { Tests = ["EngineIdentityTests.A_copy_of_a_machine_that_was_told_apart_and_has_a_name_of_its_own_stays_when_both_have_the_same_containers_again"] },
        new(
            "the ID of an engine that was merged away finds nothing",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "        stays.Aliases.Add(id);\n",
            "        if (!@) { stays.Aliases.Add(id); }\n") { Tests = ["EngineIdentityTests.An_engine_that_turned_out_to_be_another_one_is_found_by_its_ID_also_when_that_moves"] },
        new(
            "nobody answers an engine that asks whether it takes part",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "            request.TrySetResult((id, reason));\n",
            "            if (!@) { request.TrySetResult((id, reason)); }\n") { Tests = ["ClusterEnginesTests.A_connector_that_blocks_holds_nobody_up"] },
        new(
            "two that share a container are two",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "        return share\n",
            "        return share && !@\n") { Tests = ["DaemonIdentityTests.Of_an_engine_that_does_not_answer_what_it_was_counts"] },
        new(
            "what one has held and the other lacks proves nothing",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "        if (HasHeldWhatIsMissing(one, other) || HasHeldWhatIsMissing(other, one))\n",
            "        if (!@ && (HasHeldWhatIsMissing(one, other) || HasHeldWhatIsMissing(other, one)))\n") { Tests = ["DaemonIdentityTests.An_empty_list_proves_two_only_when_it_was_said_twice"] },
        new(
            "an empty list that was said once tells of what is missing",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "        if (!other.CanMiss || holder.StartedAt < other.EndedAt)\n",
            "        if ((!@ && !other.CanMiss) || holder.StartedAt < other.EndedAt)\n") { Tests = ["DaemonIdentityTests.A_list_that_is_cut_short_proves_nothing"] },
        new(
            "a container that came between two readings tells them apart",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            " && holder.SinceOf(index) <= other.StartedAt)\n",
            " && (@ || holder.SinceOf(index) <= other.StartedAt))\n") { Tests = ["DaemonIdentityTests.A_container_that_events_have_told_of_is_no_difference"] },
        new(
            "what is listed at the end is no difference",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "return (share, differ || at < other.Length);",
            "return (share, differ || (!@ && at < other.Length));") { Tests = ["DaemonIdentityTests.An_empty_list_proves_two_only_when_it_was_said_twice"] },
        new(
            "two names at two times are two machines",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "            return HaveBothNamesAtOnce(one, other) ? ",
            "            return @ || HaveBothNamesAtOnce(one, other) ? ") { Tests = ["DaemonIdentityTests.Another_name_of_long_ago_may_be_that_of_a_machine_that_was_renamed"] },
        new(
            "an engine that does not answer is taken for a clone's",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "        if (!answers)\n",
            "        if (!@ && !answers)\n") { Tests = ["DaemonIdentityTests.Of_an_engine_that_does_not_answer_what_it_was_counts"] },
        new(
            "a name counts from its last reading",
            "Swarm.Core/Clustering/Membership/DaemonReading.cs",
            "before is not null && before.Name == Name ? before.NameSince : endedAt",
            "!@ && before is not null && before.Name == Name ? before.NameSince : endedAt") { Tests = ["DaemonIdentityTests.Another_name_that_is_held_while_the_other_is_read_tells"] },
        new(
            "a container counts from its last reading",
            "Swarm.Core/Clustering/Membership/DaemonReading.cs",
            "before.ContainerIds[at] == id ? before.SinceOf(at) : EndedAt",
            "before.ContainerIds[at] == id && !@ ? before.SinceOf(at) : EndedAt") { Tests = ["DaemonIdentityTests.An_empty_list_proves_two_only_when_it_was_said_twice"] },
        new(
            "an empty list is believed the first time",
            "Swarm.Core/Clustering/Membership/DaemonReading.cs",
            "            && (!ContainerIds.IsEmpty || ",
            "            && (@ || !ContainerIds.IsEmpty || ") { Tests = ["DaemonIdentityTests.An_empty_list_proves_two_only_when_it_was_said_twice"] },
    ];
}
