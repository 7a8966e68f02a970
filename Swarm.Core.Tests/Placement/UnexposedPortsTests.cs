using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class UnexposedPortsTests
{
    private static readonly ContainerView _shown = new()
    {
        Id = "c",
        ExposedPorts = ["80", "53/udp"],
        PortBindings = [new("80/tcp", "", "8080"), new("53/udp", "", "53"), new("53/tcp", "", "53"), new("443/tcp", "", "8443"), new("443/tcp", "127.0.0.1", "443")],
    };

    [Test]
    public void What_is_bound_and_not_exposed_is_found_once() => UnexposedPorts.Of(_shown).Should().Equal("53/tcp", "443/tcp");

    [Test]
    public void Of_so_many_ports_that_ranges_are_kept_nothing_is_said() =>
        UnexposedPorts.Of(_shown with { ExposedPorts = ["10000-20000/udp"], PortBindings = [new("10000/udp", "", "10000")] }).Should().BeEmpty();

    [Test]
    public void On_the_network_of_the_host_nothing_is_bound() => UnexposedPorts.Of(_shown with { NetworkMode = "host" }).Should().BeEmpty();

    [Test]
    public void Of_what_is_not_known_whole_nothing_is_said()
    {
        UnexposedPorts.Of(_shown with { IsTruncated = true }).Should().BeEmpty();
        UnexposedPorts.Of(_shown with { IsUnread = true }).Should().BeEmpty();
        UnexposedPorts.Of(_shown with { Detail = ContainerDetail.WithoutDetails }).Should().BeEmpty();
    }
}
