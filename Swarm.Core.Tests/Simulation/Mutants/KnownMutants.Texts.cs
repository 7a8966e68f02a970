namespace Swarm.Core.Testing;

/// <summary>Mistakes in how words of others are shown.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfTexts =>
    [
        new(
            "half a pair is shown",
            "Swarm.Core.Abstractions/Diagnostics/CleanText.cs",
            "            length = 1;\n            return true;\n",
            "            length = 1;\n            return !@;\n") { Tests = ["CleanTextTests.Half_a_pair_is_escaped"] },
        new(
            "what turns writing round is shown",
            "Swarm.Core.Abstractions/Diagnostics/CleanText.cs",
            "        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control",
            "        return !(@ && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control") { Tests = ["CleanTextTests.What_is_not_seen_is_escaped"] },
        new(
            "a cut says less than it leaves out",
            "Swarm.Core.Abstractions/Diagnostics/CleanText.cs",
            "{text.Length - keptOf} characters",
            "{text.Length - (@ ? at : keptOf)} characters") { Tests = ["CleanTextTests.A_long_text_says_how_much_of_it_is_left_out"] },
        new(
            "an error repeats what it is given",
            "Swarm.Core.Abstractions/Model/SwarmException.cs",
            ": base(CleanText.Of(message, CleanText.LongestMessage), innerException)",
            ": base(@ ? message : CleanText.Of(message, CleanText.LongestMessage), innerException)") { Tests = ["ExceptionTextTests.Its_message_has_nothing_in_it_that_is_not_seen"] },
        new(
            "a log gets an error as it was thrown",
            "Swarm.Core/Diagnostics/GuardedLogger.cs",
            "            exception = LoggedException.Of(exception);\n",
            "            exception = @ ? exception : LoggedException.Of(exception);\n") { Tests = ["LogTextTests.The_error_it_comes_with_has_nothing_in_it_that_is_not_seen"] },
        new(
            "a secret is cut before it is taken out",
            "Swarm.Core/Engines/Docker/Redaction.cs",
            "Apply(exception.GivenWords ?? exception.EngineMessage)",
            "Apply((@ ? null : exception.GivenWords) ?? exception.EngineMessage)") { Tests = ["RedactionTests.A_secret_of_a_login_that_a_cut_would_leave_in_part_is_taken_out"] },
        new(
            "a wait that failed is called a create",
            "Swarm.Core/Clustering/Reserving/LeftBehindText.cs",
            "=> why switch\n",
            "=> (@ ? LeftBehind.FailedCreate : why) switch\n") { Tests = ["OrphanRemoverTests.The_log_says_why_a_container_goes"] },
        new(
            "a job that has ended is said to have failed",
            "Swarm.Core/Clustering/Jobs/JobRunner.cs",
            "(keep, left) = (options.Keep, LeftBehind.JobEnded);",
            "(keep, left) = (options.Keep, @ ? left : LeftBehind.JobEnded);") { Tests = ["JobRunnerTests.The_log_does_not_call_a_job_failed_that_has_ended_and_could_only_not_be_removed_at_once"] },
        new(
            "what turns up again is said to be of a create",
            "Swarm.Core/Clustering/Creating/OrphanRemover.cs",
            "LeftBehindText.Of(orphan.Why)",
            "LeftBehindText.Of(@ ? why : orphan.Why)") { Tests = ["OrphanRemoverTests.What_turns_up_again_goes_for_the_reason_that_is_remembered"] },
        new(
            "whoever was killed is said to have run out of memory",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "=> !view.RanOutOfMemory\n",
            "=> !@ && !view.RanOutOfMemory\n") { Tests = ["ExitCauseTests.One_that_was_killed_otherwise_does_not"] },
        new(
            "each end costs a look",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "        if (exit.ExitCode != Killed ||",
            "        if ((!@ && exit.ExitCode != Killed) ||") { Tests = ["ExitCauseTests.Of_any_other_end_nobody_is_asked"] },
        new(
            "what was seen of a container that is gone is forgotten",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "            return tells ?",
            "            return tells && !@ ?") { Tests = ["ExitCauseTests.One_that_is_gone_has_ended_all_the_same_and_what_was_seen_of_it_counts"] },
        new(
            "the next run of a container tells why this one ended",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "            return WasKilled(inspection.View) ?",
            "            return @ || WasKilled(inspection.View) ?") { Tests = ["ExitCauseTests.The_next_run_of_a_container_says_nothing_of_the_one_that_was_waited_for"] },
        new(
            "who gives up asking why loses how it ended",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "        catch (Exception exception)\n",
            "        catch (Exception exception) when (!@ || exception is not OperationCanceledException)\n") { Tests = ["ExitCauseTests.Who_gives_up_asking_why_still_gets_how_it_ended"] },
        new(
            "whatever end a container shows tells why it was killed",
            "Swarm.Core/Clustering/Streams/ExitCause.cs",
            "=> view.ExitCode == Killed && ",
            "=> (@ || view.ExitCode == Killed) && ") { Tests = ["ExitCauseTests.The_next_run_of_a_container_says_nothing_of_the_one_that_was_waited_for"] },
    ];
}
