using System.Text;
using System.Text.Json;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
public sealed class EngineEventReaderTests
{
    [Test]
    public void Recorded_events_are_read()
    {
        var events = Recorded();

        events.Select(e => e.Type).Should().OnlyContain(type => type != EngineEventType.Other);
        events.Select(e => e.Action).Should().Contain(["import", "create", "start", "pause", "unpause", "die", "rename", "kill", "destroy", "connect"]);
        events.Should().BeInAscendingOrder(e => e.Time);
    }

    [Test]
    public void An_event_is_read_whole()
    {
        var die = Recorded().First(e => e.Action == "die");

        die.Type.Should().Be(EngineEventType.Container);
        die.ActorId.Should().Be("cbe7358a2484ee8ff7e7d397927ff2479c15eba427e55cfd54baf85dbc47db46");
        die.Attributes.Should().Equal(LabelSet.Create(
            KeyValuePair.Create("exitCode", "3"), KeyValuePair.Create("image", "busybox:test"), KeyValuePair.Create("maker", "acme"), KeyValuePair.Create("name", "ended")));
        die.Time.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1795416648).AddTicks(3_688_179));
    }

    [Test]
    public void Events_of_commands_inside_containers_are_told_apart()
    {
        var lines = Documents.AnswerLines("events.jsonl").Select(Encoding.UTF8.GetBytes).ToList();

        lines.Where(line => EngineEventReader.IsExec(line)).Select(line => EngineEventReader.Read(line).Action)
            .Should().Equal("exec_create: true ", "exec_start: true ", "exec_die");
        lines.Should().OnlyContain(line => EngineEventReader.IsExec(line) == EngineEventReader.Read(line).IsExec);
    }

    [Test]
    public void Telling_them_apart_allocates_nothing()
    {
        var line = Encoding.UTF8.GetBytes(Documents.AnswerLines("events.jsonl").First(text => text.Contains("exec_die", StringComparison.Ordinal)));
        EngineEventReader.IsExec(line);

        var before = GC.GetAllocatedBytesForCurrentThread();
        EngineEventReader.IsExec(line);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Test]
    public void An_unknown_type_is_other() => Read("{\"Type\":\"plugin\",\"Action\":\"enable\"}").Type.Should().Be(EngineEventType.Other);

    [Test]
    public void Seconds_stand_in_for_nanoseconds() =>
        Read("{\"Type\":\"daemon\",\"Action\":\"reload\",\"time\":5}").Time.Should().Be(DateTimeOffset.FromUnixTimeSeconds(5));

    [TestCase("{}")]
    [TestCase("{\"Type\":\"container\"}")]
    [TestCase("{\"Action\":\"start\"}")]
    [TestCase("[]")]
    [TestCase("")]
    [TestCase("{\"Type\":\"daemon\",\"Action\":\"reload\"}{}")]
    [TestCase("{\"Type\":\"daemon\",\"Action\":\"reload\",\"time\":9223372036854775807}")]
    [TestCase("{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"../../info\"} }")]
    [TestCase("{\"Type\":\"container\",\"Action\":\"start\"}")]
    public void What_is_no_event_is_refused(string document) => FluentActions.Invoking(() => Read(document)).Should().Throw<JsonException>();

    [Test]
    public void A_broken_event_is_read_or_refused_and_nothing_else()
    {
        var refused = 0;

        JsonGen.Mutations(Encoding.UTF8.GetBytes(Documents.AnswerLines("events.jsonl")[3])).Sample(
            document =>
            {
                EngineEventReader.IsExec(document);
                try
                {
                    EngineEventReader.Read(document).Action.Should().NotBeEmpty();
                }
                catch (JsonException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 3000);

        refused.Should().BePositive();
    }

    private static List<EngineEvent> Recorded() => [.. Documents.AnswerLines("events.jsonl").Select(Read)];

    private static EngineEvent Read(string document) => EngineEventReader.Read(Encoding.UTF8.GetBytes(document));
}
