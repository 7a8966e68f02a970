namespace Swarm.Core.Testing;

/// <summary>Mistakes in how the library gets along with what stands before engines.</summary>
internal static partial class KnownMutants
{
    private const string Refusals = "Swarm.Core/Engines/Docker/RefusalBody.cs";
    private const string Pages = "Swarm.Core/Engines/Docker/PageText.cs";
    private const string Streams = "Swarm.Core/Engines/Docker/EngineRequests.Streams.cs";
    private const string Forbidden = "Swarm.Core/Engines/Docker/ForbiddenCall.cs";
    private const string Calls = "Swarm.Core/Engines/Docker/ForbiddenCallBook.cs";
    private const string Listed = "Swarm.Core/Engines/Docker/ListedImage.cs";

    private static Mutant[] OfProxies =>
    [
        new(
            "a refusal whose words are not whole is a lost answer",
            Refusals,
            "when (!cancellationToken.IsCancellationRequested && ",
            "when (!@ && !cancellationToken.IsCancellationRequested && ") { Tests = ["RefusalBodyTests.Words_that_are_not_whole_make_a_refusal_no_less_certain"] },
        new(
            "a refusal whose connection says nothing more is a lost answer",
            Refusals,
            "|| pace.IsOver)",
            "|| (!@ && pace.IsOver))") { Tests = ["RefusalBodyTests.A_refusal_whose_words_do_not_come_to_an_end_is_a_refusal"] },
        new(
            "words that are compressed are shown as they came",
            Refusals,
            "if (response.Content.Headers.ContentEncoding.Count > 0)",
            "if (!@ && response.Content.Headers.ContentEncoding.Count > 0)") { Tests = ["RefusalBodyTests.Words_that_are_not_whole_make_a_refusal_no_less_certain"] },
        new(
            "a page is shown with its tags",
            Pages,
            "return begin.Length > 1 && ",
            "return !@ && begin.Length > 1 && ") { Tests = ["RefusalBodyTests.A_refusal_that_ends_with_its_connection_is_a_refusal_with_its_words", "PageTextTests.The_words_of_a_page_are_taken_without_its_tags"] },
        new(
            "the head of a page is shown beside its body",
            Pages,
            "        return words.Length > 0 ? words : Words(aside);",
            "        return words.Length > 0 && !@ ? words : Words(body.Append(' ').Append(aside));") { Tests = ["PageTextTests.The_words_of_a_page_are_taken_without_its_tags"] },
        new(
            "a script of a page is shown",
            Pages,
            "        foreach (var each in _unreadable)\n",
            "        foreach (var each in @ ? [] : _unreadable)\n") { Tests = ["PageTextTests.The_words_of_a_page_are_taken_without_its_tags"] },
        new(
            "what an engine itself forbids is blamed on a proxy",
            Forbidden,
            "&& (!response.Headers.Contains(VersionHeader) || ",
            "&& (@ || !response.Headers.Contains(VersionHeader) || ") { Tests = ["ForbiddenCallTests.What_the_engine_itself_forbids_is_its_own_refusal"] },
        new(
            "what a plug-in forbids is blamed on a registry",
            Forbidden,
            "=> words.StartsWith(OfPlugin, StringComparison.Ordinal);",
            "=> !@ && words.StartsWith(OfPlugin, StringComparison.Ordinal);") { Tests = ["ForbiddenCallTests.A_pull_that_a_proxy_or_a_plugin_forbids_is_not_blamed_on_the_registry"] },
        new(
            "a forbidden call is named with whose it was",
            Forbidden,
            "        if (parts is [\"containers\" or ",
            "        if (!@ && parts is [\"containers\" or ") { Tests = ["ForbiddenCallTests.A_call_is_named_by_what_rights_are_given_for"] },
        new(
            "an image of another registry is taken for the one that is meant",
            Listed,
            "var name = repository.StartsWith(Hub, StringComparison.Ordinal) ? repository[Hub.Length..] : repository;",
            "var name = repository.StartsWith(Hub, StringComparison.Ordinal) ? repository[Hub.Length..] : @ ? repository[(repository.IndexOf('/') + 1)..] : repository;") { Tests = ["ForbiddenCallTests.An_image_is_found_in_a_list_by_id_tag_or_digest"] },
        new(
            "a few digits are an ID",
            Listed,
            "return part.Length >= ShortestId && ",
            "return (@ || part.Length >= ShortestId) && ") { Tests = ["ForbiddenCallTests.An_image_is_found_in_a_list_by_id_tag_or_digest"] },
        new(
            "output without upgrade is an error",
            Streams,
            "                if (upgrade.Response.StatusCode == HttpStatusCode.OK && IsOutput(",
            "                if (!@ && upgrade.Response.StatusCode == HttpStatusCode.OK && IsOutput(") { Tests = ["RemovedUpgradeTests.The_output_of_an_exec_without_input_is_read"] },
        new(
            "input goes nowhere, silently, where something removed the upgrade",
            Streams,
            "return hasInput ? throw ",
            "return hasInput && !@ ? throw ") { Tests = ["RemovedUpgradeTests.An_exec_with_input_says_that_something_removed_the_upgrade"] },
        new(
            "a page in place of an upgrade is output",
            Streams,
            "        type?.MediaType is { } name && (",
            "        type?.MediaType is { } name && (@ || ") { Tests = ["RemovedUpgradeTests.Anything_else_that_is_answered_in_place_of_an_upgrade_is_a_protocol_error"] },
        new(
            "a call that only some operation takes degrades its engine",
            Calls,
            "        if (IsNeeded(call))\n",
            "        if (@ || IsNeeded(call))\n") { Tests = ["ClusterBehindProxyTests.What_only_some_operation_takes_degrades_no_engine"] },
        new(
            "a call that was forbidden once stays so",
            Calls,
            "        if (!Volatile.Read(ref _calls).IsEmpty)\n",
            "        if (!@ && !Volatile.Read(ref _calls).IsEmpty)\n") { Tests = ["ClusterBehindProxyTests.An_engine_whose_creates_a_proxy_forbids_says_so_in_its_state_until_one_comes_through"] },
        new(
            "an engine that is not allowed its work does not say so",
            Reducer,
            "        && one.ForbiddenCalls == other.ForbiddenCalls",
            "        && (@ || one.ForbiddenCalls == other.ForbiddenCalls)") { Tests = ["ClusterBehindProxyTests.An_engine_whose_creates_a_proxy_forbids_says_so_in_its_state_until_one_comes_through"] },
    ];
}
