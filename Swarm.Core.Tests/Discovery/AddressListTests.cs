using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

public class AddressListTests
{
    [Test]
    public void Patterns_are_expanded_into_one_ordered_set_without_duplicates()
    {
        var snapshot = AddressList.Read(["10.0.0.[1:2]:2375", "tcp://10.0.0.2:2375", "unix:///run/docker.sock", "[::1]:2375"]);

        snapshot.Addresses.Select(address => address.ToString())
            .Should().Equal("10.0.0.1:2375", "10.0.0.2:2375", "[::1]:2375", "unix:///run/docker.sock");
    }

    [TestCase("host", "missing port in address")]
    [TestCase("", "missing port in address")]
    [TestCase("http://x:1", "too many colons in address")]
    [TestCase("a[b:1", "unexpected '[' in address")]
    public void What_classic_refuses_is_refused_in_its_words(string pattern, string reason)
    {
        var read = () => AddressList.Read([pattern]);

        read.Should().Throw<InvalidAddressException>().Which.Reason.Should().Be(reason);
    }

    [TestCase("host:0")]
    [TestCase("host:http")]
    [TestCase(" host:80")]
    [TestCase("user@host:80")]
    [TestCase("0x7f.1:80")]
    [TestCase("2130706433:80")]
    [TestCase("host:80/path")]
    [TestCase("[1:2]:80")]
    [TestCase("10.0.0.[255:256]:80")]
    public void What_classic_takes_but_no_engine_can_have_is_refused(string pattern)
    {
        var read = () => AddressList.Read([pattern]);

        read.Should().Throw<InvalidAddressException>();
    }

    [Test]
    public void A_set_of_the_largest_size_is_accepted()
    {
        AddressList.Read(["h[1:10000]:1"]).Addresses.Should().HaveCount(AddressList.MaxAddresses);
    }

    [Test]
    public void A_set_above_the_largest_size_is_refused()
    {
        var read = () => AddressList.Read(["h[1:10000]:1", "one-more:1"]);

        read.Should().Throw<InvalidAddressException>().Which.Address.Should().Be("one-more:1");
    }

    [Test]
    public void A_pattern_that_is_too_long_is_refused_before_it_is_expanded()
    {
        var read = () => AddressList.Read([new string('h', 5000) + "[1:65536]:1"]);

        read.Should().Throw<InvalidAddressException>().Which.Address.Should().HaveLength(AddressList.MaxPatternLength);
    }
}
