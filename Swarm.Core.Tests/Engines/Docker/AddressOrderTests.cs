using System.Net;

namespace Swarm.Core.Engines;

public sealed class AddressOrderTests
{
    [TestCase("", "")]
    [TestCase("10.0.0.1", "10.0.0.1")]
    [TestCase("2001:db8::1 2001:db8::2 2001:db8::3 10.0.0.1", "2001:db8::1 10.0.0.1 2001:db8::2 2001:db8::3")]
    [TestCase("10.0.0.1 10.0.0.2 2001:db8::1", "10.0.0.1 2001:db8::1 10.0.0.2")]
    [TestCase("10.0.0.3 10.0.0.1 10.0.0.2", "10.0.0.3 10.0.0.1 10.0.0.2")]
    [TestCase("10.0.0.1 2001:db8::1 2001:db8::2 10.0.0.2", "10.0.0.1 2001:db8::1 10.0.0.2 2001:db8::2")]
    public void Families_take_turns_and_each_keeps_the_order_it_was_given_in(string given, string ordered) =>
        AddressOrder.Of(Read(given)).Should().Equal(Read(ordered));

    [Test]
    public void One_address_is_tried_once_however_it_is_written() =>
        AddressOrder.Of(Read("10.0.0.1 ::ffff:10.0.0.1 10.0.0.1 10.0.0.2")).Should().Equal(Read("10.0.0.1 10.0.0.2"));

    [Test]
    public void What_worked_last_goes_first() =>
        AddressOrder.Of(Read("2001:db8::1 10.0.0.1"), IPAddress.Parse("10.0.0.1")).Should().Equal(Read("10.0.0.1 2001:db8::1"));

    [Test]
    public void What_worked_last_is_not_tried_when_the_name_has_it_no_more() =>
        AddressOrder.Of(Read("10.0.0.1"), IPAddress.Parse("10.0.0.9")).Should().Equal(Read("10.0.0.1"));

    private static IPAddress[] Read(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
}
