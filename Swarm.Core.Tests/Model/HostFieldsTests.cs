using System.Text;

namespace Swarm.Core.Model;

[TestFixture]
internal sealed class HostFieldsTests
{
    [Test]
    public void A_field_about_the_host_is_read_where_the_reader_stands()
    {
        var (fields, isRead) = Read("""{"PortBindings":{"80/tcp":[{"HostPort":"8080"}],"81/tcp":[],"82/tcp":null}}""");

        isRead.Should().BeTrue();
        fields.PortBindings.Should().Equal(new PortBinding("80/tcp", "", "8080"));
        fields.UnboundPorts.Should().Be(2);
    }

    [Test]
    public void Another_field_is_left_unread()
    {
        Read("""{"Image":"app"}""").IsRead.Should().BeFalse();
    }

    [Test]
    public void A_field_of_the_wrong_type_is_named_with_its_place()
    {
        var read = () => Read("""{"Memory":"much"}""");

        read.Should().Throw<InvalidRequestException>().WithMessage("Memory is not a whole number of 64 bits.");
    }

    [Test]
    public void Annotations_are_counted_with_their_bytes()
    {
        var fields = Read("""{"Annotations":{"a":"é","long":"longer"}}""").Fields;

        (fields.Annotations, fields.AnnotationBytes, fields.LongestAnnotation).Should().Be((2, 13L, 10L));
    }

    private static (HostFields Fields, bool IsRead) Read(string body)
    {
        var json = new BodyReader(Encoding.UTF8.GetBytes(body), "body");
        json.Read();
        json.NextMember(new HashSet<string>(StringComparer.Ordinal), isStruct: true, out var key);
        var fields = new HostFields();
        return (fields, fields.TryRead(ref json, key));
    }
}
