using CsCheck;

namespace Swarm.Core.Model;

public sealed class EngineAddressTests
{
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["0123456789abfFxX[]:.-_/%tcpunix "], 0, 30],
        Gen.OneOf("tcp://", "unix://", "ssh://", "npipe:////./pipe/", "me@", "[", "]", "::", "::1", ":", ".", "0x7f", "010", "127.0.0.1", "256", "host", "HOST", "-", "_", "/", "//", "2375", "0", "99999", "%eth0", "@", "?", "\n", "é", "K", "ffff")
            .Array[0, 7].Select(string.Concat));

    [Test]
    public void Any_text_is_refused_or_reads_back_from_its_canonical_form() => _text.Sample(text =>
    {
        EngineAddress address;
        try
        {
            address = EngineAddress.Parse(text);
        }
        catch (InvalidAddressException exception)
        {
            exception.Address.Should().Be(text);
            exception.Reason.Should().NotBeEmpty();
            EngineAddress.TryParse(text, out _).Should().BeFalse();
            return;
        }

        var again = EngineAddress.Parse(address.ToString());
        again.Should().Be(address);
        again.ToString().Should().Be(address.ToString());
        again.GetHashCode().Should().Be(address.GetHashCode());
        (again.Scheme, again.Host, again.Port, again.Path).Should().Be((address.Scheme, address.Host, address.Port, address.Path));
    }, iter: 20_000);

    [TestCase("10.0.0.1:2375", "10.0.0.1", 2375)]
    [TestCase("tcp://10.0.0.1:1", "10.0.0.1", 1)]
    [TestCase("node-1.Example.COM:65535", "node-1.example.com", 65535)]
    [TestCase("under_score:2375", "under_score", 2375)]
    [TestCase("4f5d2c1a9b3e:2375", "4f5d2c1a9b3e", 2375)]
    [TestCase("node.1st:2375", "node.1st", 2375)]
    [TestCase("1.node:2375", "1.node", 2375)]
    [TestCase("[::1]:2375", "::1", 2375)]
    [TestCase("[0:0:0:0:0:0:0:1]:2375", "::1", 2375)]
    [TestCase("[FE80::ABCD]:2375", "fe80::abcd", 2375)]
    [TestCase("[::ffff:10.0.0.1]:2375", "::ffff:10.0.0.1", 2375)]
    public void Hosts_and_ports_are_read(string text, string host, int port)
    {
        var address = EngineAddress.Parse(text);

        (address.Scheme, address.Host, address.Port, address.Path).Should().Be((EngineScheme.Tcp, host, port, ""));
    }

    [Test]
    public void Unix_sockets_are_read()
    {
        var address = EngineAddress.Parse("unix:///var/run/docker.sock");

        (address.Scheme, address.Host, address.Port, address.Path).Should().Be((EngineScheme.Unix, "", 0, "/var/run/docker.sock"));
    }

    [TestCase("")]
    [TestCase("host")]
    [TestCase(":2375")]
    [TestCase("host:")]
    [TestCase("host:0")]
    [TestCase("host:02375")]
    [TestCase("host:65536")]
    [TestCase("host:+1")]
    [TestCase("host:١")]
    [TestCase("host:2375/path")]
    [TestCase("user@host:2375")]
    [TestCase("http://host:2375")]
    [TestCase("TCP://host:2375")]
    [TestCase("tcp://tcp://host:2375")]
    [TestCase(" host:2375")]
    [TestCase("ho st:2375")]
    [TestCase("host\n:2375")]
    [TestCase("höst:2375")]
    [TestCase("host.:2375")]
    [TestCase("a..b:2375")]
    [TestCase("-host:2375")]
    [TestCase("host-:2375")]
    [TestCase("1:2375")]
    [TestCase("127.1:2375")]
    [TestCase("0x7f.1:2375")]
    [TestCase("127.0x1:2375")]
    [TestCase("host.0x:2375")]
    [TestCase("0X7F000001:2375")]
    [TestCase("017.0.0.1:2375")]
    [TestCase("256.0.0.1:2375")]
    [TestCase("1.2.3.4.5:2375")]
    [TestCase("::1:2375")]
    [TestCase("[::1]")]
    [TestCase("[]:2375")]
    [TestCase("[:2375")]
    [TestCase("[::1%eth0]:2375")]
    [TestCase("[10.0.0.1]:2375")]
    [TestCase("[host]:2375")]
    [TestCase("[[::1]]:2375")]
    [TestCase("[[::1]:80]:2375")]
    [TestCase("[::1/64]:2375")]
    [TestCase("[::ffff:010.0.0.1]:2375")]
    [TestCase("unix://")]
    [TestCase("unix:///")]
    [TestCase("unix://relative")]
    [TestCase("unix:///a\nb")]
    [TestCase("unix:///a\u202eb")]
    [TestCase("unix:///a\u200bb")]
    public void What_is_no_address_is_refused(string text) =>
        FluentActions.Invoking(() => EngineAddress.Parse(text)).Should().Throw<InvalidAddressException>().Which.Address.Should().Be(text);

    [TestCase("ssh://host", "", "host", 0)]
    [TestCase("ssh://me@Host.Example", "me", "host.example", 0)]
    [TestCase("ssh://deploy_1.x-y@10.0.0.5:2222", "deploy_1.x-y", "10.0.0.5", 2222)]
    [TestCase("ssh://me@[2001:db8::1]", "me", "2001:db8::1", 0)]
    [TestCase("ssh://me@[2001:db8::1]:22", "me", "2001:db8::1", 22)]
    public void Hosts_behind_ssh_are_read(string text, string user, string host, int port)
    {
        var address = EngineAddress.Parse(text);

        (address.Scheme, address.User, address.Host, address.Port, address.Path).Should().Be((EngineScheme.Ssh, user, host, port, ""));
        address.ToString().Should().Be(text.ToLowerInvariant());
    }

    [TestCase("ssh://")]
    [TestCase("ssh://@host")]
    [TestCase("ssh://-oProxyCommand=id")]
    [TestCase("ssh://-oProxyCommand=id@host")]
    [TestCase("ssh://me@-oProxyCommand=id")]
    [TestCase("ssh://me@-host")]
    [TestCase("ssh://.me@host")]
    [TestCase("ssh://me:secret@host")]
    [TestCase("ssh://me@you@host")]
    [TestCase("ssh://m e@host")]
    [TestCase("ssh://me;id@host")]
    [TestCase("ssh://$(id)@host")]
    [TestCase("ssh://me@host;id")]
    [TestCase("ssh://me@host$(id)")]
    [TestCase("ssh://me@host`id`")]
    [TestCase("ssh://me@host%h")]
    [TestCase("ssh://me@host\n-oProxyCommand=id")]
    [TestCase("ssh://me@host\0")]
    [TestCase("ssh://me@host:-22")]
    [TestCase("ssh://me@host:0")]
    [TestCase("ssh://me@host:22 -v")]
    [TestCase("ssh://me@host/run/docker.sock")]
    [TestCase("ssh://me@host:22/run/docker.sock")]
    [TestCase("ssh://me@0x7f.1")]
    [TestCase("ssh://me@hoſt")]
    [TestCase("ssh://mé@host")]
    public void What_could_be_an_option_or_a_command_is_no_host_behind_ssh(string text) =>
        FluentActions.Invoking(() => EngineAddress.Parse(text)).Should().Throw<InvalidAddressException>();

    [Test]
    public void Named_pipes_are_read()
    {
        var address = EngineAddress.Parse("npipe:////./pipe/docker_engine");

        (address.Scheme, address.Host, address.Port, address.Path).Should().Be((EngineScheme.NamedPipe, "", 0, "//./pipe/docker_engine"));
        address.ToString().Should().Be("npipe:////./pipe/docker_engine");
    }

    [TestCase("https://h:2376", "*write h:2376 without https://*options*")]
    [TestCase("http://h", "*write h:2376 without http://*")]
    [TestCase("fd://", "*unix:///var/run/docker.sock*")]
    [TestCase("/run/docker.sock", "*write unix:///run/docker.sock*")]
    [TestCase("~/.docker/run/docker.sock", "*whole path*")]
    [TestCase("unix:/run/docker.sock", "*unix:///run/docker.sock*")]
    [TestCase("npipe:", "*npipe:////./pipe/docker_engine*")]
    [TestCase("npipe:////server/pipe/docker_engine", "*npipe:////./pipe/docker_engine*")]
    [TestCase("npipe:////./pipe/a\\b", "*letters, digits*")]
    [TestCase("TCP://h:2375", "*write tcp://h:2375*")]
    [TestCase("gopher://h:70", "*none of tcp, unix, ssh, npipe*")]
    [TestCase("tcp://h", "*no port*2376 with TLS and 2375 without*h:2376*")]
    [TestCase("[::1]", "*no port*write ?::1?:2376*")]
    [TestCase("tcp://h:2375/prefix", "*has a path*write h:2375*")]
    [TestCase("h.example.:2376", "*write h.example:2376*")]
    [TestCase("::1:2375", "*brackets*")]
    [TestCase("[fe80::1%eth0]:2375", "*zone*")]
    [TestCase("me@h:2375", "*ssh://user@host*")]
    [TestCase("ssh://me@h/run/docker.sock", "*usual socket*without*")]
    [TestCase("ssh://me:secret@h", "*ssh takes keys*")]
    public void What_people_write_who_know_engines_from_elsewhere_is_told_what_to_write_instead(string text, string advice) =>
        FluentActions.Invoking(() => EngineAddress.Parse(text)).Should().Throw<InvalidAddressException>().WithMessage(advice);

    [TestCase(107, true)]
    [TestCase(108, false)]
    public void No_unix_socket_has_a_longer_path_than_its_address_has_room_for(int bytes, bool fits)
    {
        var text = "unix:///é" + new string('a', bytes - 3);

        EngineAddress.TryParse(text, out _).Should().Be(fits);
        if (!fits)
        {
            FluentActions.Invoking(() => EngineAddress.Parse(text)).Should().Throw<InvalidAddressException>().WithMessage("*107 bytes*108*symbolic link*");
        }
    }

    [Test]
    public void An_endless_text_is_refused() =>
        FluentActions.Invoking(() => EngineAddress.Parse("unix:///" + new string('a', 249))).Should().Throw<InvalidAddressException>().WithMessage("*longer than 256*");

    [TestCase("tcp://HOST:2375", "host:2375")]
    [TestCase("[::1]:2375", "tcp://[0::0001]:2375")]
    public void Two_spellings_of_one_address_are_equal(string left, string right)
    {
        var (first, second) = (EngineAddress.Parse(left), EngineAddress.Parse(right));

        (first == second).Should().BeTrue();
        (first != second).Should().BeFalse();
        first.GetHashCode().Should().Be(second.GetHashCode());
        first.CompareTo(second).Should().Be(0);
    }

    [Test]
    public void Addresses_are_ordered_by_their_text()
    {
        var (low, high) = (EngineAddress.Parse("10.0.0.1:2375"), EngineAddress.Parse("9.0.0.1:2375"));

        (low < high && low <= high && high > low && high >= low).Should().BeTrue();
        (high < low || low >= high).Should().BeFalse();
        low.CompareTo(null).Should().BePositive();
        (null < low).Should().BeTrue();
    }

    [Test]
    public void Nothing_is_no_address() => EngineAddress.TryParse(null, out _).Should().BeFalse();
}
