using System.Text;

namespace Swarm.Core.Model;

[TestFixture]
internal sealed class TopFieldsTests
{
    [Test]
    public void A_command_may_be_one_text_or_a_list()
    {
        Read("""{"Cmd":"run"}""").Fields.Command.Should().Equal("run");
        Read("""{"CMD":["run","fast"]}""").Fields.Command.Should().Equal("run", "fast");
    }

    [Test]
    public void Networks_their_aliases_and_links_count_as_names()
    {
        var fields = Read("""{"NetworkingConfig":{"EndpointsConfig":{"a":{"Aliases":["x","y"],"Links":["z"]},"b":null}}}""").Fields;

        fields.NetworkNames.Should().Be(5);
    }

    [Test]
    public void A_health_check_counts_its_words_and_their_bytes()
    {
        var fields = Read("""{"Healthcheck":{"Test":["CMD","true"]}}""").Fields;

        (fields.HealthcheckWords, fields.HealthcheckBytes).Should().Be((2, 7L));
    }

    [Test]
    public void A_field_about_the_host_is_left_unread()
    {
        Read("""{"Memory":1}""").IsRead.Should().BeFalse();
    }

    private static (TopFields Fields, bool IsRead) Read(string body)
    {
        var json = new BodyReader(Encoding.UTF8.GetBytes(body), "body");
        json.Read();
        json.NextMember(new HashSet<string>(StringComparer.Ordinal), isStruct: true, out var key);
        var fields = new TopFields();
        return (fields, fields.TryRead(ref json, key));
    }
}
