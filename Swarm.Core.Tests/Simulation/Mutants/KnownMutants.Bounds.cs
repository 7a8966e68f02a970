namespace Swarm.Core.Testing;

/// <summary>Mistakes in what one request may ask for, and how much work it may make.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfBounds =>
    [
        new(
            "labels that come from the environment have no limit",
            "Swarm.Core/Placement/SpecCheck.cs",
            "        if (lists.Environment.Length != config.Typed.Environment.Length)\n",
            "        if (!@ && lists.Environment.Length != config.Typed.Environment.Length)\n") { Tests = ["SpecLimitsTests.A_request_beyond_a_limit_is_refused_before_an_engine_is_asked_and_names_the_option"] },
        new(
            "the limit of a label is one of characters",
            "Swarm.Core/Placement/SpecCheck.cs",
            "            var bytes = (long)Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);\n",
            "            var bytes = @ ? (long)key.Length + value.Length : (long)Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);\n") { Tests = ["SpecLimitsTests.A_request_beyond_a_limit_is_refused_before_an_engine_is_asked_and_names_the_option"] },
        new(
            "a decision never ends",
            "Swarm.Core.Abstractions/Runtime/WorkMeter.cs",
            "        if (spent > budget)\n",
            "        if (!@ && spent > budget)\n") { Tests = ["WorkBudgetTests.The_worst_of_them_are_refused"] },
        new(
            "a caller that gives up is not heard within the decision",
            "Swarm.Core.Abstractions/Runtime/WorkMeter.cs",
            "        if (cancellationToken.IsCancellationRequested)\n",
            "        if (!@ && cancellationToken.IsCancellationRequested)\n") { Tests = ["WorkBudgetTests.A_caller_that_gives_up_is_heard_within_the_decision"] },
        new(
            "what is read of a decision later is held to its budget",
            "Swarm.Core.Abstractions/Runtime/WorkMeter.cs",
            "    public void Release() => _lookAt = long.MaxValue;",
            "    public void Release() => _lookAt = @ ? 0 : long.MaxValue;") { Tests = ["WorkBudgetTests.What_is_read_of_a_result_later_is_told_although_the_steps_are_used_up"] },
        new(
            "patterns are not counted",
            "Swarm.Core/Placement/PlacementWeight.cs",
            "            if (expression.IsPattern)\n",
            "            if (!@ && expression.IsPattern)\n") { Tests = ["WorkBudgetTests.One_pattern_is_counted"] },
        new(
            "an expensive request stands in line like every other",
            "Swarm.Core/Clustering/Creating/PlacementDecider.cs",
            "                using (isExpensive ? await lanes.Expensive.EnterAsync(cancellationToken) : default)\n",
            "                using (isExpensive && !@ ? await lanes.Expensive.EnterAsync(cancellationToken) : default)\n") { Tests = ["ClusterWorkTests.Of_all_that_is_expensive_one_stands_in_line_with_the_others"] },
        new(
            "what cannot begin a match is skipped together with what can",
            "Swarm.Core.Abstractions/Expressions/RegexProgram.cs",
            "                    text = text[skipped..];\n",
            "                    text = text[(@ ? Math.Min(text.Length, skipped + 1) : skipped)..];\n") { Tests = ["RegularExpressionTests.It_reads_as_RE2_does"] },
        new(
            "what is cut of a container is not marked",
            "Swarm.Core/Engines/Following/ContainerTrim.cs",
            "            IsTruncated = true,\n",
            "            IsTruncated = !@,\n") { Tests = ["ContainerTrimTests.A_container_that_says_too_much_keeps_what_it_is_called_what_it_does_and_what_it_takes"] },
    ];
}
