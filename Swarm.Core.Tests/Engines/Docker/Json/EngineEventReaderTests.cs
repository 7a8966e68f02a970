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
        events.Select(e => e.Action).Should().Contain(["import", "create", "start", "pause", "unpause", "die", "rename", "kill", "destroy"]);
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
    public void Events_that_nobody_follows_are_passed_over()
    {
        var lines = Documents.AnswerLines("events.jsonl").Select(Encoding.UTF8.GetBytes).ToList();

        lines.Where(line => EngineEventReader.ReadInteresting(line) is null).Select(line => Words(line).Action)
            .Should().Contain(["exec_create: true ", "exec_start: true ", "exec_die", "connect"]).And.NotContain(["create", "start", "die", "destroy"]);
        lines.Should().OnlyContain(line => EngineEventReader.ReadInteresting(line) != null == IsOfInterest(line));
    }

    [Test]
    public void Passing_them_over_allocates_nothing()
    {
        var dull = Documents.AnswerLines("events.jsonl").Select(Encoding.UTF8.GetBytes).Where(line => EngineEventReader.ReadInteresting(line) is null).ToArray();

        var allocated = Allocation.Of(() =>
        {
            foreach (var line in dull)
            {
                EngineEventReader.ReadInteresting(line);
            }
        });

        allocated.Should().Be(0);
        dull.Should().HaveCountGreaterThan(3);
    }

    [TestCase("""{"Type":"container","Action":"\u0065xec_die"}""", ExpectedResult = false)]
    [TestCase("""{"Type":"container","Action":"exec_create: sh -c \"true\""}""", ExpectedResult = false)]
    [TestCase("""{"Type":"\u0063ontainer","Action":"\u0064ie","Actor":{"ID":"cbe7358a2484ee8ff7e7d397927ff2479c15eba427e55cfd54baf85dbc47db46"}}""", ExpectedResult = true)]
    [TestCase("""{"Type":"container","Action":"\u0064ie","Actor":{"ID":"cbe7358a2484ee8ff7e7d397927ff2479c15eba427e55cfd54baf85dbc47db46"}}""", ExpectedResult = true)]
    public bool Escapes_change_no_meaning(string document) => EngineEventReader.ReadInteresting(Encoding.UTF8.GetBytes(document)) is not null;

    [TestCase("""{"Type":"container","Action":"exec_die","Action":"die"}""")]
    [TestCase("""{"Type":"container","Type":"image","Action":"exec_die"}""")]
    [TestCase("""{"Type":"container","Action":"exec_die","Actor":{"ID":"a"},"Actor":{"ID":"b"}}""")]
    [TestCase("""{"Type":"container","Action":"die","Actor":{"ID":"a","ID":"b"}}""")]
    [TestCase("""{"Type":"container","Action":"die","Actor":{"Attributes":{},"Attributes":{}}}""")]
    [TestCase("""{"Type":"container","Action":"die","time":1,"time":2}""")]
    [TestCase("""{"Type":"container","Action":"die","timeNano":1,"timeNano":2}""")]
    public void A_key_that_is_there_twice_is_refused(string document) => Refused(Encoding.UTF8.GetBytes(document)).WithMessage("*twice*");

    [TestCase("""{"Type":"container","Action":"exec_die","Actor":{"Attributes":{"a":1}}}""")]
    [TestCase("""{"Type":"container","Action":"exec_die","Actor":{"ID":7}}""")]
    [TestCase("""{"Type":"container","Action":"exec_die"}x""")]
    [TestCase("""{"Type":"container","Action":"exec_die","time":"now"}""")]
    public void An_event_that_nobody_follows_is_checked_to_its_end_all_the_same(string document) => Refused(Encoding.UTF8.GetBytes(document));

    [Test]
    public void Text_that_is_no_UTF_8_is_refused()
    {
        byte[] cut = [.. """{"Type":"container","Action":"exec_create: é"""u8[..^1], .. "\"}"u8];

        Refused(cut).WithMessage("*UTF-8*");
    }

    [Test]
    public void An_unknown_type_is_passed_over() => EngineEventReader.ReadInteresting("{\"Type\":\"plugin\",\"Action\":\"enable\"}"u8).Should().BeNull();

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
    public void What_is_no_event_is_refused(string document) => Refused(Encoding.UTF8.GetBytes(document));

    [Test]
    public void A_broken_event_is_read_or_refused_and_nothing_else()
    {
        var refused = 0;

        JsonGen.Mutations(Encoding.UTF8.GetBytes(Documents.AnswerLines("events.jsonl")[3])).Sample(
            document =>
            {
                try
                {
                    var read = EngineEventReader.ReadInteresting(document);
                    read?.Action.Should().NotBeEmpty();
                    (read is not null).Should().Be(IsOfInterest(document));
                }
                catch (JsonException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 3000);

        refused.Should().BePositive();
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<JsonException> Refused(byte[] document) =>
        FluentActions.Invoking(() => EngineEventReader.ReadInteresting(document)).Should().Throw<JsonException>();

    private static List<EngineEvent> Recorded() =>
        [.. Documents.AnswerLines("events.jsonl").Select(line => EngineEventReader.ReadInteresting(Encoding.UTF8.GetBytes(line))).OfType<EngineEvent>()];

    private static EngineEvent Read(string document) => EngineEventReader.ReadInteresting(Encoding.UTF8.GetBytes(document))!;

    // What the document says, read by somebody else.
    private static (string Type, string Action) Words(byte[] document)
    {
        using var json = JsonDocument.Parse(document);
        return (json.RootElement.GetProperty("Type").GetString()!, json.RootElement.GetProperty("Action").GetString()!);
    }

    private static bool IsOfInterest(byte[] document)
    {
        var (type, action) = Words(document);
        return EventInterest.Has(EventInterest.TypeOf(Encoding.UTF8.GetBytes(type)), action);
    }
}
