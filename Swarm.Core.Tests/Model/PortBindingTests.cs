namespace Swarm.Core.Model;

public sealed class PortBindingTests
{
    [TestCase("80", "tcp")]
    [TestCase("80/", "tcp")]
    [TestCase("80/tcp", "tcp")]
    [TestCase("80/TCP", "tcp")]
    [TestCase("53/udp", "udp")]
    [TestCase("53/Sctp", "sctp")]
    [TestCase("53/other", "other")]
    public void The_protocol_is_in_lower_case_and_tcp_unless_written(string containerPort, string protocol) =>
        new PortBinding(containerPort, "", "").Protocol.Should().Be(protocol);

    [TestCase("8080", "8080")]
    [TestCase("08080", "8080")]
    [TestCase("0", "")]
    [TestCase("00", "")]
    [TestCase("", "")]
    [TestCase("08000-8010", "08000-8010")]
    [TestCase("0x", "0x")]
    [TestCase("8080/tcp", "8080")]
    [TestCase("8080/udp", "8080")]
    [TestCase("08080/", "8080")]
    [TestCase("0/tcp", "")]
    [TestCase("/tcp", "")]
    [TestCase("8000-8010/tcp", "8000-8010")]
    [TestCase("http/tcp", "http")]
    public void Host_ports_are_compared_as_numbers_and_zero_is_any_port(string written, string compared) =>
        PortBinding.Normalize([new PortBinding("80/tcp", "", written)]).Should().Equal(new PortBinding("80/tcp", "", compared));

    [TestCase("", "8080->80/tcp")]
    [TestCase("10.0.0.1", "10.0.0.1:8080->80/tcp")]
    public void It_reads_as_on_the_command_line(string hostIp, string text) =>
        new PortBinding("80/tcp", hostIp, "8080").ToString().Should().Be(text);
}
