using System.Text;

namespace Swarm.Core.Engines;

[TestFixture]
public sealed class EventInterestTests
{
    [TestCase(EngineEventType.Container, "die kill oom pause start restart stop unpause rename update create destroy commit|health_status: healthy|some day something new")]
    [TestCase(EngineEventType.Image, "pull tag untag delete import load")]
    [TestCase(EngineEventType.Network, "create destroy remove")]
    [TestCase(EngineEventType.Volume, "create destroy remove")]
    [TestCase(EngineEventType.Daemon, "reload")]
    public void What_changes_something_is_looked_at(EngineEventType type, string actions) => Split(actions).Should().OnlyContain(action => Has(type, action));

    [TestCase(EngineEventType.Container, "top resize export attach detach extract-to-dir copy archive-path prune exec_die exec_detach exec exec_died init|health_status|exec_create: sh -c exit|exec_start: sh|exec_create|attach: tty")]
    [TestCase(EngineEventType.Image, "save push")]
    [TestCase(EngineEventType.Network, "connect disconnect prune")]
    [TestCase(EngineEventType.Volume, "mount unmount prune")]
    [TestCase(EngineEventType.Other, "create enable")]
    public void What_changes_nothing_is_not(EngineEventType type, string actions) => Split(actions).Should().OnlyContain(action => !Has(type, action));

    [Test]
    public void A_long_action_is_judged_by_its_beginning()
    {
        Has(EngineEventType.Container, "exec_create: " + new string('x', 100_000)).Should().BeFalse();
        Has(EngineEventType.Container, "exec_" + new string('x', 100_000)).Should().BeFalse();
        Has(EngineEventType.Container, new string('x', 100_000)).Should().BeTrue();
    }

    private static string[] Split(string actions) => [.. actions.Split('|')[0].Split(' '), .. actions.Split('|')[1..]];

    private static bool Has(EngineEventType type, string action)
    {
        var interesting = EventInterest.Has(type, action);
        EventInterest.Has(type, Encoding.UTF8.GetBytes(action)).Should().Be(interesting, "the bytes of '{0}' say the same", action[..Math.Min(40, action.Length)]);
        return interesting;
    }
}
