namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is remembered from one decision to the next.</summary>
internal static partial class KnownMutants
{
    private const string ClassVerdictsFile = "Swarm.Core/Scheduling/Verdicts/ClassVerdicts.cs";
    private const string VerdictFile = "Swarm.Core/Scheduling/Verdicts/Verdict.cs";
    private const string VerdictBookFile = "Swarm.Core/Scheduling/Verdicts/VerdictBook.cs";
    private const string SmallestFile = "Swarm.Core/Scheduling/Verdicts/Smallest.cs";
    private const string PrefixIndexFile = "Swarm.Core/Clustering/Reserving/PrefixIndex.cs";
    private const string RememberedAttempt = "Swarm.Core/Scheduling/Attempt.Verdicts.cs";

    private static Mutant[] OfVerdicts =>
    [
        // The oracle in the simulation is to notice these by itself.
        new(
            "a verdict outlives its node",
            ClassVerdictsFile,
            "if (!ReferenceEquals(pages[page], _nodes[page]) && !TryFollow(",
            "if (!(@ ? _verdicts[page].Length == pages[page].Length : ReferenceEquals(pages[page], _nodes[page])) && !TryFollow("),
        new(
            "the best of a page is not looked for again when the page has changed",
            ClassVerdictsFile,
            "        (_nodes[page], _verdicts[page]) = (now, verdicts);\n        FindBestOf(page);\n",
            "        (_nodes[page], _verdicts[page]) = (now, verdicts);\n        if (!@ || before.Length == 0) { FindBestOf(page); }\n"),
        new(
            "a node that did not pass once is refused from then on",
            ClassVerdictsFile,
            "(_verdicts[page][index], _best[page], _bestAt[page]) = (verdict, verdict, index);",
            "(_verdicts[page][index], _best[page], _bestAt[page]) = (@ ? Verdict.Refused : verdict, verdict, index);") { Tests = ["ClassVerdictsTests.What_did_not_pass_once_is_asked_again_the_next_time"] },
        new(
            "of nodes that are asked in order the last one that passes is taken for the best",
            ClassVerdictsFile,
            "                if (verdicts[i] < verdict && passes(",
            "                if ((@ || verdicts[i] < verdict) && verdicts[i] != Verdict.Refused && passes(") { Tests = ["ClassVerdictsTests.The_best_that_passes_is_found_however_many_do_not"] },
        new(
            "pages that moved lose their verdicts",
            ClassVerdictsFile,
            "former.TryGetValue(pages[page], out var known)\n",
            "former.TryGetValue(pages[page], out var known) && !@\n") { Tests = ["ClassVerdictsTests.Pages_that_are_split_or_joined_leave_the_verdicts_of_the_others_as_they_are"] },
        new(
            "requests for other amounts share verdicts",
            RememberedAttempt,
            "return RequestClass.Of(_strategy, request.Resources,",
            "return RequestClass.Of(_strategy, @ ? default : request.Resources,"),
        new(
            "requests with other rules share verdicts",
            RememberedAttempt,
            " .. _filterKeys]",
            " .. @ ? [] : _filterKeys]"),
        new(
            "between equal weights the number of containers counts for nothing",
            VerdictFile,
            "(uint)(secondary ^ int.MinValue);",
            "(@ ? 0U : (uint)(secondary ^ int.MinValue));"),
        new(
            "a score that is too large is cut",
            VerdictFile,
            "return primary == score.Primary && secondary == score.Secondary && verdict != Refused;",
            "return @ || (primary == score.Primary && secondary == score.Secondary && verdict != Refused);") { Tests = ["VerdictTests.A_score_that_is_too_large_has_no_verdict"] },
        new(
            "two who decide at once share verdicts",
            VerdictBookFile,
            "if (_old.TryGetValue(requests, out kept) && kept.TryPop(out verdicts))",
            "if (_old.TryGetValue(requests, out kept) && (@ ? kept.TryPeek(out verdicts) : kept.TryPop(out verdicts)))") { Tests = ["VerdictBookTests.What_somebody_has_taken_out_nobody_else_gets_however_old_it_is"] },
        new(
            "what is remembered of classes grows without bound",
            VerdictBookFile,
            "            if (_sizeOfNew > capacity / 2)\n",
            "            if (!@ && _sizeOfNew > capacity / 2)\n") { Tests = ["VerdictBookTests.When_there_is_no_more_room_the_classes_that_were_not_used_for_longest_are_forgotten"] },
        new(
            "what is taken out leaves no room",
            VerdictBookFile,
            "                _sizeOfNew -= SizeOf(verdicts);\n",
            "                _sizeOfNew -= @ ? 0 : SizeOf(verdicts);\n") { Tests = ["VerdictBookTests.A_class_that_is_used_again_and_again_takes_its_room_once"] },
        new(
            "old versions of nodes are held on to",
            VerdictBookFile,
            "(_old, _new, _sizeOfNew) = (_new, [], 0);",
            "(_old, _new, _sizeOfNew) = @ ? (_old, _new, 0) : (_new, [], 0);") { Tests = ["VerdictBookTests.What_was_not_used_for_long_is_forgotten_and_what_was_is_not"] },
        new(
            "what a look with verdicts takes is missing to the look at all nodes",
            "Swarm.Core/Scheduling/Scheduler.cs",
            "book is null ? null : meter?.Another();",
            "book is null ? null : @ ? meter : meter?.Another();") { Tests = ["WorkBudgetTests.A_link_that_no_engine_meets_is_refused_for_that_with_verdicts_too"] },
        new(
            "of several smallest numbers the last one of a page is left out",
            SmallestFile,
            "        for (; i < numbers.Length; i++)\n",
            "        for (; !@ && i < numbers.Length; i++)\n") { Tests = ["VerdictTests.The_first_of_the_smallest_numbers_is_found"] },
        new(
            "a filter that is asked anew is not asked",
            RememberedAttempt,
            "            if (_filterKeys[i] is null && _filters[i].Test(node) is not null)\n",
            "            if (!@ && _filterKeys[i] is null && _filters[i].Test(node) is not null)\n"),
        new(
            "a filter that is remembered is not asked",
            RememberedAttempt,
            "            if (_filterKeys[i] is not null && _filters[i].Test(node) is not null)\n",
            "            if (!@ && _filterKeys[i] is not null && _filters[i].Test(node) is not null)\n"),
        new(
            "room is not looked at where verdicts are remembered",
            RememberedAttempt,
            "        if (Admission.Test(node, Context.Request, _checks & ~AdmissionChecks.Ports) is not null)\n",
            "        if (!@ && Admission.Test(node, Context.Request, _checks & ~AdmissionChecks.Ports) is not null)\n"),
        new(
            "conditions of the host program share verdicts",
            RememberedAttempt,
            "[demands, _strategyKey,",
            "[@ ? \"\" : demands, _strategyKey,"),
        new(
            "an identifier that is gone is found by its beginning",
            PrefixIndexFile,
            "drawer.Remove(text) && drawer.Count == 0)",
            "(@ || drawer.Remove(text)) && drawer.Count == 0)") { Tests = ["PrefixIndexTests.After_any_changes_it_finds_what_begins_with_a_text_in_order"] },
        new(
            "a beginning that is shorter than the label of a drawer finds nothing",
            PrefixIndexFile,
            "WithPrefix(string prefix) => prefix.Length < DrawerLength\n",
            "WithPrefix(string prefix) => prefix.Length < DrawerLength && !@\n") { Tests = ["PrefixIndexTests.After_any_changes_it_finds_what_begins_with_a_text_in_order"] },
    ];
}
