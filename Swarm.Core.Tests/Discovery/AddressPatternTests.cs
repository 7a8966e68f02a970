using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

public class AddressPatternTests
{
    [Test]
    public void A_range_gives_one_text_per_number_with_both_bounds()
    {
        AddressPattern.Expand("10.0.0.[9:11]:2375").Should().Equal("10.0.0.9:2375", "10.0.0.10:2375", "10.0.0.11:2375");
    }

    [Test]
    public void A_range_may_stand_in_the_port()
    {
        AddressPattern.Expand("host:[1:2]375").Should().Equal("host:1375", "host:2375");
    }

    [Test]
    public void Numbers_are_written_without_padding()
    {
        AddressPattern.Expand("n[008:010]:1").Should().Equal("n8:1", "n9:1", "n10:1");
    }

    [TestCase("host:2375")]
    [TestCase("[::1]:2375")]
    [TestCase("[1:2]:80")]
    [TestCase("[5:3]")]
    [TestCase("h[a:3]:1")]
    [TestCase("h[1:3]-[1:3]:1")]
    [TestCase("h[1:]:1")]
    [TestCase("h[1\n:2]:1")]
    [TestCase("h[1:2\0]:1")]
    [TestCase("h[1:99999999999999999999]:1")]
    [TestCase("")]
    public void What_holds_no_range_stays_as_it_is(string pattern)
    {
        AddressPattern.Expand(pattern).Should().Equal(pattern);
    }

    [TestCase("h[3:2]:1")]
    [TestCase("h%d:1")]
    [TestCase("[fe80::1%eth0]:1")]
    [TestCase("h[1:65537]:1")]
    [TestCase("h[-9223372036854775808:9223372036854775807]:1")]
    public void Reversed_and_oversized_ranges_and_percent_signs_are_refused(string pattern)
    {
        var expand = () => AddressPattern.Expand(pattern);

        expand.Should().Throw<InvalidAddressException>().Which.Address.Should().Be(pattern);
    }

    [Test]
    public void The_largest_range_is_accepted()
    {
        AddressPattern.Expand("h[1:65536]:1").Should().HaveCount(AddressPattern.MaxRange);
    }

    [Test]
    public void Bounds_at_the_edge_of_the_number_range_do_not_wrap_around()
    {
        AddressPattern.Expand("h[9223372036854775806:9223372036854775807]").Should().Equal("h9223372036854775806", "h9223372036854775807");
    }

    [Test]
    public void Any_text_either_expands_within_bounds_or_is_refused()
    {
        Gen.String[Gen.Char["[]:%0123456789-+.h\n"], 0, 24].Sample(pattern =>
        {
            try
            {
                return AddressPattern.Expand(pattern).Take(AddressPattern.MaxRange + 1).Count() is >= 1 and <= AddressPattern.MaxRange;
            }
            catch (InvalidAddressException)
            {
                return true;
            }
        });
    }
}
