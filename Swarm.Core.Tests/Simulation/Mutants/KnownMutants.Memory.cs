namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is kept of engines, how much of it, and who is given what is said of them.</summary>
internal static partial class KnownMutants
{
    private const string AnswerPaceFile = "Swarm.Core/Engines/Docker/AnswerPace.cs";
    private const string AnswerShareFile = "Swarm.Core/Engines/Docker/AnswerShare.cs";

    private static Mutant[] OfMemory =>
    [
        new(
            "a long answer is left to the pool",
            "Swarm.Core/Engines/Docker/EngineBody.cs",
            "        if (buffer.Length is > 0 and <= LargestPooled)\n",
            "        if (buffer.Length > 0 && (@ || buffer.Length <= LargestPooled))\n") { Tests = ["EngineBodyTests.An_answer_without_end_leaves_nothing_behind"] },
        new(
            "what an answer took is never given back",
            AnswerShareFile,
            "        memory?.Give(_counted);\n",
            "        memory?.Give(@ ? 0 : _counted);\n") { Tests = ["EngineBodyTests.What_was_read_and_let_go_of_is_there_for_others"] },
        new(
            "a create is lost where others take all there is for answers",
            AnswerShareFile,
            "Math.Max(0, bytes - Uncounted)",
            "Math.Max(0, bytes - (@ ? 0 : Uncounted))") { Tests = ["EngineBodyTests.That_something_was_made_is_heard_although_others_take_all_there_is", "LongAnswerTests.A_short_list_is_read_although_others_take_all_there_is"] },
        new(
            "long answers are read all at once",
            AnswerShareFile,
            "            await memory.LongAnswers.WaitAsync(cancellationToken);\n            HasTurn = true;\n",
            "            if (!@) { await memory.LongAnswers.WaitAsync(cancellationToken); }\n            HasTurn = !@;\n") { Tests = ["EngineBodyTests.Four_containers_of_the_longest_descriptions_are_looked_at_beside_each_other_and_others_too"] },
        new(
            "every answer waits for long ones",
            AnswerShareFile,
            "memory is not null && bytes > Long && ",
            "memory is not null && (@ || bytes > Long) && ") { Tests = ["EngineBodyTests.Four_containers_of_the_longest_descriptions_are_looked_at_beside_each_other_and_others_too"] },
        new(
            "the turn of a long answer never ends",
            AnswerShareFile,
            "            memory!.LongAnswers.Release();\n",
            "            if (!@) { memory!.LongAnswers.Release(); }\n") { Tests = ["EngineBodyTests.Four_containers_of_the_longest_descriptions_are_looked_at_beside_each_other_and_others_too"] },
        new(
            "what waits for its turn holds much",
            AnswerShareFile,
            "!HasTurn)",
            "!HasTurn && (!@ || bytes > 4 * Long))") { Tests = ["EngineBodyTests.As_many_as_are_ever_under_way_wait_for_their_turn_beside_two_of_the_longest"] },
        new(
            "an answer that stalls keeps its turn",
            AnswerPaceFile,
            "Limit = isRefusal || isTurn ? LongestPause",
            "Limit = isRefusal || (isTurn && !@) ? LongestPause") { Tests = ["EngineBodyTests.Answers_that_stall_in_their_turn_lose_it"] },
        new(
            "an answer that trickles keeps its turn",
            AnswerPaceFile,
            "            if (left < wait)\n",
            "            if (!@ && left < wait)\n") { Tests = ["EngineBodyTests.An_answer_in_its_turn_that_comes_too_slowly_loses_it_in_the_end"] },
        new(
            "an answer that stalls is waited for without end",
            AnswerPaceFile,
            "_over.CancelAfter(wait);",
            "_over.CancelAfter(@ && !isTurn ? Timeout.InfiniteTimeSpan : wait);") { Tests = ["EngineBodyTests.An_answer_that_stalls_is_given_up_although_nobody_has_set_a_limit", "LongAnswerTests.A_list_that_stalls_is_given_up_although_nobody_has_set_a_limit"] },
        new(
            "a copy is not counted",
            "Swarm.Core/Engines/Docker/EngineBody.cs",
            "Hold((long)_buffer.Length + _length);",
            "Hold((long)_buffer.Length + (@ ? 0 : _length));") { Tests = ["EngineBodyTests.The_copy_of_a_shorter_answer_counts"] },
        new(
            "large events wait without end",
            "Swarm.Core/Clustering/Events/ClusterEventSubscription.cs",
            "_bytes >= capacity * BytesPerEvent",
            "(!@ && _bytes >= capacity * BytesPerEvent)") { Tests = ["ClusterEventHubTests.Large_events_wait_until_they_take_too_much_memory"] },
        new(
            "everybody gets an equal part whatever the others want",
            "Swarm.Core/Engines/Following/FairShare.cs",
            "                return (amount - below) / left;\n",
            "                return @ ? amount / Count : (amount - below) / left;\n") { Tests = ["FairShareTests.Hostile_ones_share_what_the_others_leave"] },
        new(
            "what those get that want little is given away twice",
            "Swarm.Core/Engines/Following/FairShare.cs",
            "            below += _sums[index];\n",
            "            below += @ ? 0 : _sums[index];\n") { Tests = ["FairShareTests.Who_wants_most_gets_less_first"] },
        new(
            "an engine that is let go goes on wanting memory",
            "Swarm.Core/Engines/Following/MemoryAccount.cs",
            "            (_state, _reading, _held) = (0, 0, 0);\n",
            "            (_state, _reading, _held) = @ ? (_state, _reading, _held) : (0, 0, 0);\n") { Tests = ["MemoryBudgetTests.What_an_engine_wanted_that_is_let_go_is_there_for_others_again"] },
        new(
            "nobody is told that there is less for all",
            "Swarm.Core/Engines/Following/MemoryBudget.cs",
            "            return level < was && level < perEngine;\n",
            "            return !@ && level < was && level < perEngine;\n") { Tests = ["MemoryBudgetTests.Where_all_want_more_than_there_is_each_may_take_less_and_is_told"] },
        new(
            "what is left out of a container is not told",
            "Swarm.Core/Engines/Following/ContainerAbridger.cs",
            "                OmittedLabels = view.OmittedLabels + view.Labels.Count - labels.Count,\n",
            "                OmittedLabels = @ ? 0 : view.OmittedLabels + view.Labels.Count - labels.Count,\n") { Tests = ["ContainerAbridgerTests.Then_go_ordinary_labels_networks_and_exposed_ports_and_what_is_left_out_is_told"] },
        new(
            "ports of the host go with the details of a container",
            "Swarm.Core/Engines/Following/ContainerAbridger.cs",
            "                ExposedPorts = view.UsesHostNetwork ? view.ExposedPorts : [],\n",
            "                ExposedPorts = view.UsesHostNetwork && !@ ? view.ExposedPorts : [],\n") { Tests = ["ContainerAbridgerTests.The_exposed_ports_of_a_container_in_the_hosts_network_are_ports_of_the_host"] },
        new(
            "a container that shows as it was is another object",
            "Swarm.Core/Engines/Following/KeptContainers.cs",
            "&& ContainerViews.AreSame(before, kept) ? before : kept;",
            "&& ContainerViews.AreSame(before, kept) && !@ ? before : kept;") { Tests = ["KeptContainersTests.A_container_that_shows_as_it_was_keeps_its_object"] },
        new(
            "images that fit without their labels are left out",
            "Swarm.Core/Engines/Following/KeptThings.cs",
            "            if (bytes + size > room)\n",
            "            if (@ || bytes + size > room)\n") { Tests = ["EngineReducerMemoryTests.Volumes_go_first_then_networks_then_images_then_parts_of_containers"] },
        new(
            "ports take no memory",
            "Swarm.Core/Engines/Following/KeptSize.cs",
            "            bytes += Port + Of(port.ContainerPort) + Of(port.HostIp) + Of(port.HostPort);\n",
            "            bytes += @ ? 0 : Port + Of(port.ContainerPort) + Of(port.HostIp) + Of(port.HostPort);\n") { Tests = ["KeptSizeTests.A_container_takes_no_more_than_is_counted_with_its_places_in_totals_and_look_ups"] },
        new(
            "a certificate that is renewed is another engine's",
            "Swarm.Core.Abstractions/Model/Engines/EngineCertificate.cs",
            "        && (Subject.Length == 0 || ",
            "        && (@ || Subject.Length == 0 || ") { Tests = ["EngineBindingTests.Two_certificates_are_of_two_when_neither_key_nor_subject_is_the_same"] },
        new(
            "a certificate is met by its address",
            "Swarm.Core.Abstractions/Model/Engines/EngineBinding.cs",
            "        && (_fingerprint is null || ",
            "        && (@ || _fingerprint is null || ") { Tests = ["EngineBindingTests.A_certificate_is_met_wherever_it_is_shown_however_its_fingerprint_is_written"] },
        new(
            "whoever gives an ID is given what was said by address",
            "Swarm.Core/Clustering/Membership/OverlayBook.cs",
            "        : !_seen.TryGetValue(id, out var seen) || ",
            "        : @ || !_seen.TryGetValue(id, out var seen) || ") { Tests = ["OverlayBindingTests.What_is_said_by_address_is_not_given_to_one_with_the_same_ID_elsewhere"] },
        new(
            "a claimed ID gives its owner what is said of the claimant",
            "Swarm.Core/Clustering/Membership/OverlayBook.cs",
            "            : IsElsewhere(key, address, certificate) && !IsNamed(key, name) ? beside\n",
            "            : !@ && IsElsewhere(key, address, certificate) && !IsNamed(key, name) ? beside\n") { Tests = ["OverlayBindingTests.Who_claims_an_ID_gives_its_owner_nothing_that_is_said_of_his_own_address"] },
        new(
            "what is said by a host name is said of the ID that its bearer claims",
            "Swarm.Core/Clustering/Running/ClusterEngines.cs",
            "        var name = state.Name == engine && ",
            "        var name = !@ && state.Name == engine && ") { Tests = ["ClusterOverlayTests.What_is_said_by_host_name_of_an_engine_that_is_there_is_not_said_of_the_owner_of_the_ID_that_it_claims"] },
        new(
            "a name finds what is said of an ID",
            "Swarm.Core/Clustering/Membership/OverlayBook.cs",
            " ?? _entries.GetValueOrDefault(OverlayKey.OfWord(name), EngineOverlay.Empty);",
            " ?? _entries.GetValueOrDefault(@ ? OverlayKey.OfId(name) : OverlayKey.OfWord(name), EngineOverlay.Empty);") { Tests = ["OverlayBindingTests.A_name_that_is_the_ID_of_another_finds_neither_what_that_took_nor_what_was_said_of_it"] },
        new(
            "whoever proves nothing gets rid of what keeps work away",
            "Swarm.Core/Clustering/Membership/OverlayBook.cs",
            "Join(beside, own.WithoutGrants());",
            "@ ? beside : Join(beside, own.WithoutGrants());") { Tests = ["OverlayBindingTests.What_keeps_work_away_and_is_said_by_ID_follows_whoever_gives_it"] },
        new(
            "certificates tell nothing",
            "Swarm.Core/Clustering/Membership/DaemonIdentity.cs",
            "        if (one.Certificate is { } certificate && ",
            "        if (!@ && one.Certificate is { } certificate && ") { Tests = ["DaemonIdentityTests.Certificates_of_two_subjects_tell_whatever_the_engines_say"] },
        new(
            "a fake that came first stays first",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            "        if (same is not null && Outranks(member, same))\n",
            "        if (!@ && same is not null && Outranks(member, same))\n") { Tests = ["ClaimedIdentityTests.Without_TLS_the_one_at_the_address_that_is_meant_takes_the_place_of_a_fake_that_came_first"] },
        new(
            "one without a certificate takes the place of one that has left and showed one",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs",
            " || Proves(other, member))\n",
            " || (!@ && Proves(other, member)))\n") { Tests = ["ClaimedIdentityTests.One_that_shows_no_certificate_does_not_inherit_one_that_showed_one_in_its_grace_time"] },
    ];
}
