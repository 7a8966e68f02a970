namespace Swarm.Core.Testing;

/// <summary>Mistakes in what has a type of its own lately: pieces of the loop of an engine, of the stories of callers, and of long answers.</summary>
internal static partial class KnownMutants
{
    private const string Inbox = "Swarm.Core/Engines/Following/EngineInbox.cs";
    private const string Tokens = "Swarm.Core/Engines/Docker/Json/JsonTokens.cs";
    private const string Long = "Swarm.Core/Engines/Docker/LongAnswer.cs";
    private const string Placer = "Swarm.Core/Clustering/Creating/ContainerPlacer.cs";

    private const string Recognition = "Swarm.Core/Engines/Following/DaemonRecognition.cs";

    private static Mutant[] OfPieces =>
    [
        new(
            "an engine that nothing is known of is asked once",
            Recognition,
            "known is null && !intake.IsAddressIdentity ? 2 : 1",
            "known is null && !intake.IsAddressIdentity && !@ ? 2 : 1") { Tests = ["DaemonRecognitionTests.An_engine_that_nothing_is_known_of_is_asked_twice_at_once"] },
        new(
            "daemons that answer by turns are taken for one that makes its ID up",
            Recognition,
            "if (IdsOf(answers) < answers.Length ||",
            "if ((IdsOf(answers) < answers.Length && !@) ||") { Tests = ["DaemonRecognitionTests.Daemons_that_answer_by_turns_are_said_to_be_several"] },
        new(
            "the addresses of a name are not told",
            "Swarm.Core/Engines/Docker/EngineDialer.cs",
            "        Volatile.Write(ref _found, [.. found.Distinct()]);\n",
            "        if (!@) { Volatile.Write(ref _found, [.. found.Distinct()]); }\n") { Tests = ["ManyAddressesTests.The_address_that_worked_is_asked_first_for_the_next_connection"] },
        new(
            "the addresses are not told of a name that leads to several daemons",
            Recognition,
            "                engine.Addresses);\n",
            "                @ ? [] : engine.Addresses);\n") { Tests = ["DaemonRecognitionTests.Where_a_name_leads_to_several_addresses_they_are_named"] },
        new(
            "another ID is believed at once",
            Recognition,
            "if (known is not null || IdsOf(answers) > 1)",
            "if ((known is not null && !@) || IdsOf(answers) > 1)") { Tests = ["DaemonRecognitionTests.Another_ID_that_is_given_all_the_time_is_that_of_another_daemon"] },
        new(
            "where the address is the identity the ID of the daemon counts",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "IsAddressIdentity ? specs with { DaemonId = address.ToString() }",
            "IsAddressIdentity && !@ ? specs with { DaemonId = address.ToString() }") { Tests = ["DaemonRecognitionTests.Where_the_address_is_the_identity_nothing_else_is_asked"] },
        new(
            "a batch of messages has no end",
            Inbox,
            "for (var left = MaxMessagesAtOnce; left > 0 &&",
            "for (var left = MaxMessagesAtOnce; (@ || left > 0) &&") { Tests = ["EngineInboxTests.A_batch_has_an_end_however_many_there_are"] },
        new(
            "a loop that has failed goes on without starting anew",
            Inbox,
            "                if (last is not null)\n",
            "                if (!@ && last is not null)\n") { Tests = ["EngineInboxTests.A_message_that_cannot_be_handled_is_lost_and_those_after_it_are_handled_after_a_restart"] },
        new(
            "a loop that fails and fails is started anew without longer pauses",
            Inbox,
            "> timings.LongestRetryDelay ? 1 : failures + 1;",
            "> timings.LongestRetryDelay || @ ? 1 : failures + 1;") { Tests = ["EngineInboxTests.A_restart_that_fails_is_repeated_with_longer_and_longer_pauses"] },
        new(
            "what a closed inbox had left is lost",
            Inbox,
            "            left.Add(message);\n",
            "            if (!@) { left.Add(message); }\n") { Tests = ["EngineInboxTests.After_the_close_nothing_is_taken_and_what_was_left_is_given_back"] },
        new(
            "what the loop has started is not waited for",
            "Swarm.Core/Engines/Following/EngineWork.cs",
            "        _started.Add(task);\n",
            "        if (!@) { _started.Add(task); }\n") { Tests = ["EngineWorkTests.Everything_ends_with_the_loop_and_nothing_is_posted_then"] },
        new(
            "work that has ended is kept for ever",
            "Swarm.Core/Engines/Following/EngineWork.cs",
            "        if (_started.Count >= 32)\n",
            "        if (_started.Count >= 32 && !@)\n") { Tests = ["EngineWorkTests.A_message_is_posted_when_its_time_has_come_and_what_has_ended_is_not_kept"] },
        new(
            "a reading is not cut short",
            "Swarm.Core/Engines/Following/ReadingUnderWay.cs",
            "        if (_reading is { IsCancellationRequested: false } reading)\n",
            "        if (_reading is { IsCancellationRequested: false } reading && !@)\n") { Tests = ["ReadingUnderWayTests.A_reading_can_be_cut_short_and_the_next_one_is_not"] },
        new(
            "what throws when a reading is cut short reaches the loop",
            "Swarm.Core/Engines/Following/ReadingUnderWay.cs",
            "        catch (AggregateException exception)\n",
            "        catch (AggregateException exception) when (!@)\n") { Tests = ["ReadingUnderWayTests.What_throws_when_a_reading_is_cut_short_breaks_nothing"] },
        new(
            "the name of a container that came and went is a label of it",
            "Swarm.Core/Engines/Following/UnseenContainer.cs",
            "attributes.Where(attribute => !_notLabels",
            "attributes.Where(attribute => @ || !_notLabels") { Tests = ["UnseenContainerTests.Its_name_and_its_image_are_not_among_its_labels"] },
        new(
            "a container by its engine's address is looked for everywhere",
            "Swarm.Core/Clustering/Calls/ContainerFinder.cs",
            "        return slash > 0\n",
            "        return !@ && slash > 0\n") { Tests = ["ContainerFinderTests.A_container_is_found_by_its_name_its_ID_and_its_engines_address"] },
        new(
            "a large body is read beside the line",
            Placer,
            "config.Body.Length > LargeBody ?",
            "!@ && config.Body.Length > LargeBody ?") { Tests = ["ContainerPlacerTests.A_large_body_is_read_in_the_lane_of_what_is_dear"] },
        new(
            "the room of an engine that left in the very moment stays promised",
            Placer,
            "                reserved.Release();\n",
            "                if (!@) { reserved.Release(); }\n") { Tests = ["ContainerPlacerTests.An_engine_that_leaves_in_the_very_moment_gets_nothing_and_gives_the_room_back"] },
        new(
            "a closed cluster says that it was not started",
            "Swarm.Core/Clustering/Running/CurrentRun.cs",
            "    public void Close() => _isClosed = true;",
            "    public void Close() => _isClosed = !@;") { Tests = ["CurrentRunTests.What_is_closed_is_disposed_of_rather_than_not_started"] },
        new(
            "a failure of an output is heard only by whoever asks for it",
            "Swarm.Core/Clustering/Streams/ProcessTalk.cs",
            "        _ = Patience.AbandonAsync((Task)Output);\n",
            "        _ = @ ? null : Patience.AbandonAsync((Task)Output);\n") { Tests = ["ProcessTalkTests.An_output_that_fails_before_anybody_asks_for_it_is_nobodys_unobserved_error"] },
        new(
            "what a long answer takes is not given back",
            Long,
            "        using var share = new AnswerShare(memory);\n",
            "        var share = new AnswerShare(memory);\n        using var given = @ ? null : share;\n") { Tests = ["LongAnswerTests.What_is_read_is_counted_while_it_is_read_and_given_back_then"] },
        new(
            "what is held of a long answer has no limit",
            Long,
            "                if (held > most)\n",
            "                if (!@ && held > most)\n") { Tests = ["LongAnswerTests.More_than_may_be_held_is_refused_and_given_back"] },
        new(
            "a long text ends at an escaped quote",
            Tokens,
            "                _isEscape = true;\n",
            "                _isEscape = !@;\n") { Tests = ["ContainerListReaderTests.A_long_text_ends_where_it_ends"] },
        new(
            "of a long list everything is held",
            "Swarm.Core/Engines/Docker/ListedSummaries.cs",
            "        while (HeldBytes > MuchBytes &&",
            "        while (!@ && HeldBytes > MuchBytes &&") { Tests = ["ContainerListReaderTests.Of_a_long_list_what_containers_are_known_by_is_held_and_little_else"] },
        new(
            "a key and its value are two entries",
            "Swarm.Core/Placement/BodyEntries.cs",
            "(json.TokenType == JsonTokenType.PropertyName || open[depth - 1].IsList))",
            "(json.TokenType == JsonTokenType.PropertyName || @ || open[depth - 1].IsList))") { Tests = ["BodyEntriesTests.The_first_list_or_map_with_more_than_two_entries_is_found"] },
        new(
            "lists of a body have no limit",
            "Swarm.Core/Placement/BodyEntries.cs",
            "                if (open[depth].Count > most)\n",
            "                if (!@ && open[depth].Count > most)\n") { Tests = ["SpecLimitsTests.An_update_that_lists_too_much_is_refused_before_an_engine_is_asked"] },
    ];
}
