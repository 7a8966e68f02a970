namespace Swarm.Core.Engines;

public sealed class StatusWordsTests
{
    [TestCase("Up Less than a second", "Up ", 0)]
    [TestCase("Up 1 second", "Up ", 1)]
    [TestCase("Up 59 seconds", "Up ", 59)]
    [TestCase("Up About a minute", "Up ", 60)]
    [TestCase("Up 59 minutes", "Up ", 59 * 60)]
    [TestCase("Up About an hour", "Up ", 3600)]
    [TestCase("Up 47 hours", "Up ", 47 * 3600)]
    [TestCase("Up 13 days", "Up ", 13 * 24 * 3600)]
    [TestCase("Up 2 weeks", "Up ", 14 * 24 * 3600)]
    [TestCase("Up 3 months", "Up ", 90 * 24 * 3600)]
    [TestCase("Up 2 years", "Up ", 730 * 24 * 3600)]
    [TestCase("Up 5 minutes (healthy)", "Up  (healthy)", 300)]
    [TestCase("Up 5 minutes (health: starting)", "Up  (health: starting)", 300)]
    [TestCase("Up 5 minutes (Paused)", "Up  (Paused)", 300)]
    [TestCase("Exited (137) 3 days ago", "Exited (137) ", 3 * 24 * 3600)]
    [TestCase("Restarting (1) Less than a second ago", "Restarting (1) ", 0)]
    public void Time_that_passes_by_itself_is_taken_out_and_what_it_is_about_stays(string status, string what, long seconds) =>
        StatusWords.Split(status).Should().Be((what, seconds));

    [TestCase("")]
    [TestCase("Up")]
    [TestCase("Up ")]
    [TestCase("Created")]
    [TestCase("Dead")]
    [TestCase("Removal In Progress")]
    [TestCase("Up for ever")]
    [TestCase("Up -5 minutes")]
    [TestCase("Up 5 moons (healthy)")]
    [TestCase("Up 5 minutes since Monday")]
    [TestCase("Exited (0) ago")]
    [TestCase("Exited (0) 5 minutes")]
    [TestCase("Exited (0) once upon a time ago")]
    [TestCase(") ago")]
    public void Words_that_no_engine_is_known_to_write_stay_as_they_are(string status) =>
        StatusWords.Split(status).Should().Be((status, 0L));

    [TestCase("Exited (0) 5 minutes ago", 0)]
    [TestCase("Exited (137) Less than a second ago", 137)]
    [TestCase("Exited (-1) 2 weeks ago", -1)]
    [TestCase("Restarting (1) 2 seconds ago", 1)]
    [TestCase("Exited (3)", 3)]
    [TestCase("Exited (3221225786) 5 minutes ago", -1073741510)]
    [TestCase("Exited (4294967295) 5 minutes ago", -1)]
    [TestCase("Exited (4294967296) 5 minutes ago", null)]
    [TestCase("Exited (-2147483649) 5 minutes ago", null)]
    [TestCase("Exited (", null)]
    [TestCase("Exited (x) 5 minutes ago", null)]
    [TestCase("Exited (99999999999) 5 minutes ago", null)]
    [TestCase("Up 5 minutes (1)", null)]
    [TestCase("Created", null)]
    [TestCase("Dead", null)]
    [TestCase("", null)]
    public void What_has_ended_tells_with_which_code(string status, int? code) => StatusWords.ExitCodeOf(status).Should().Be(code);
}
