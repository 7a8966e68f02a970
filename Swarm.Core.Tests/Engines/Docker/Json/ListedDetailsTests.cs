using System.Text;
using Swarm.Core.Builders;

namespace Swarm.Core.Engines;

/// <summary>What a list tells of a container that is not kept of it, as it comes on the wire of Docker 28.5.</summary>
public sealed class ListedDetailsTests
{
    private static readonly string _id = new('c', 64);

    private const string Listed = """
        "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":32768,"Type":"tcp"},{"IP":"::","PrivatePort":80,"PublicPort":32768,"Type":"tcp"}],
        "HostConfig":{"NetworkMode":"bridge"},
        "NetworkSettings":{"Networks":{"bridge":{"IPAMConfig":null,"NetworkID":"n","IPAddress":"172.17.0.2","GwPriority":0,"DNSNames":null},"other":{"NetworkID":"o"}}},
        "Mounts":[{"Type":"volume","Name":"v","Source":"","Destination":"/v","RW":true},{"Type":"bind","Source":"/s","Destination":"/d","RW":false}]
        """;

    [Test]
    public void Ports_and_mounts_in_another_order_are_no_change() => EntryOf("""
        "Mounts":[{"Type":"bind","Source":"/s","Destination":"/d","RW":false},{"Type":"volume","Name":"v","Source":"","Destination":"/v","RW":true}],
        "Ports":[{"IP":"::","PrivatePort":80,"PublicPort":32768,"Type":"tcp"},{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":32768,"Type":"tcp"}],
        "NetworkSettings":{"Networks":{"other":{"NetworkID":"o"},"bridge":{"NetworkID":"n","IPAddress":"172.17.0.2","GwPriority":0,"DNSNames":null,"IPAMConfig":null}}},
        "HostConfig":{"NetworkMode":"bridge"}
        """).Should().Be(EntryOf(Listed));

    [TestCase("\"PublicPort\":32768,\"Type\":\"tcp\"}]", "\"PublicPort\":32769,\"Type\":\"tcp\"}]", TestName = "A_port_that_changed_is_a_change")]
    [TestCase(",{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":32768,\"Type\":\"tcp\"}", "", TestName = "A_port_less_is_a_change")]
    [TestCase("172.17.0.2", "172.17.0.3", TestName = "Another_address_is_a_change")]
    [TestCase(",\"other\":{\"NetworkID\":\"o\"}", "", TestName = "A_network_that_it_left_is_a_change")]
    [TestCase("\"RW\":false", "\"RW\":true", TestName = "A_mount_that_changed_is_a_change")]
    [TestCase("\"bridge\"}", "\"host\"}", TestName = "Another_network_mode_is_a_change")]
    [TestCase("\"GwPriority\":0", "\"GwPriority\":\"0\"", TestName = "A_text_is_no_number")]
    [TestCase("\"Source\":\"/s\",\"Destination\":\"/d\"", "\"Source\":\"/d\",\"Destination\":\"/s\"", TestName = "Members_that_change_places_are_a_change")]
    public void What_is_not_kept_is_held_against_the_next_list_all_the_same(string text, string other)
    {
        Listed.Should().Contain(text);

        EntryOf(Listed.Replace(text, other, StringComparison.Ordinal)).Should().NotBeNull().And.NotBe(EntryOf(Listed));
    }

    [Test]
    public void What_moves_from_one_member_to_another_is_a_change() =>
        EntryOf("\"Ports\":[1],\"Mounts\":[2]").Should().NotBe(EntryOf("\"Ports\":[2],\"Mounts\":[1]"));

    [Test]
    public void What_nobody_keeps_an_eye_on_is_no_change() =>
        EntryOf(Listed + ",\"SizeRw\":5,\"Command\":\"sleep\"").Should().Be(EntryOf(Listed));

    [Test]
    public void Of_a_member_that_is_too_long_to_be_read_nobody_can_tell()
    {
        var source = new string('x', JsonTokens.LongestText + 1);
        EntryOf(Listed.Replace("\"/s\"", $"\"{source}\"", StringComparison.Ordinal)).Should().BeNull();
        EntryOf(Listed.Replace("\"RW\"", $"\"{source}\"", StringComparison.Ordinal)).Should().BeNull();
    }

    [Test]
    public void However_it_comes_it_is_the_same()
    {
        for (var part = 1; part < 40; part += 3)
        {
            EntryOf(Listed, part).Should().Be(EntryOf(Listed));
        }
    }

    [Test]
    public void What_is_said_of_one_container_tells_nothing_of_the_next()
    {
        var read = ContainerLists.Read(Encoding.UTF8.GetBytes($$"""[{"Id":"{{_id}}",{{Listed}}},{"Id":"{{_id}}"},{"Id":"{{_id}}",{{Listed}}}]"""));

        read[2].Entry.Should().Be(read[0].Entry);
        read[1].Entry.Should().NotBe(read[0].Entry);
    }

    private static ListEntry? EntryOf(string members, int part = int.MaxValue) =>
        ContainerLists.Read(Encoding.UTF8.GetBytes($$"""[{"Id":"{{_id}}","Names":["/a"],"State":"running","Status":"Up 5 minutes",{{members}}}]"""), part).Single().Entry;
}
