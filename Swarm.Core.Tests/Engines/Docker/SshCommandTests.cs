using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class SshCommandTests
{
    [TestCase("ssh://engine", "", "", "engine")]
    [TestCase("ssh://me@engine:2222", "-l me", "-p 2222", "engine")]
    [TestCase("ssh://me@[2001:db8::1]", "-l me", "", "2001:db8::1")]
    public void User_and_port_are_options_and_the_host_comes_after_the_end_of_options(string address, string user, string port, string host)
    {
        var arguments = Arguments(address);

        arguments[^5..].Should().Equal("--", host, "docker", "system", "dial-stdio");
        arguments.Should().ContainInConsecutiveOrder(user.Split(' ', StringSplitOptions.RemoveEmptyEntries)).And.ContainInConsecutiveOrder(port.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        arguments.Contains("-l").Should().Be(user.Length > 0);
        arguments.Contains("-p").Should().Be(port.Length > 0);
    }

    [TestCase("BatchMode=yes")]
    [TestCase("ClearAllForwardings=yes")]
    [TestCase("ForwardAgent=no")]
    [TestCase("ControlMaster=no")]
    [TestCase("PermitLocalCommand=no")]
    [TestCase("ConnectTimeout=6")]
    public void Nobody_is_asked_and_nothing_else_goes_over_the_connection(string setting) =>
        Arguments("ssh://me@engine").Should().ContainInConsecutiveOrder("-o", setting);

    [Test]
    public void No_address_that_can_be_read_gives_a_further_option()
    {
        var plain = Arguments("ssh://me@engine:22");
        string[] hostile = ["-oProxyCommand=id", "-", "--", "$(id)", "`id`", "a b", "a;b", "a\nb", "%h", "*", "'", "\"", "\\"];
        foreach (var text in from user in hostile.Append("me") from host in hostile.Append("engine") from port in hostile.Append("22") select $"ssh://{user}@{host}:{port}")
        {
            if (EngineAddress.TryParse(text, out var address))
            {
                SshCommand.Arguments(address, TimeSpan.FromSeconds(6)).Should().Equal(plain, text);
            }
        }
    }

    [Test]
    public void The_program_is_looked_up_in_the_folders_of_the_path_and_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("first"));
        Directory.CreateDirectory(folder.File("second"));
        folder.Write("second/ssh-of-a-test", "");
        var name = "ssh-of-a-test";

        SshCommand.Find(name, $"{folder.File("first")}{Path.PathSeparator}{folder.File("second")}").Should().Be(folder.File("second/ssh-of-a-test"));
        SshCommand.Find(name, folder.File("first")).Should().BeNull();
        SshCommand.Find(name, null).Should().BeNull();
        SshCommand.Find(name, $".{Path.PathSeparator}{Path.GetRelativePath(Environment.CurrentDirectory, folder.File("second"))}").Should().BeNull("the current folder is anybody's");
        SshCommand.Find(folder.File("second/ssh-of-a-test"), null).Should().Be(folder.File("second/ssh-of-a-test"));
        SshCommand.Find(folder.File("first/ssh-of-a-test"), null).Should().BeNull();
    }

    private static string[] Arguments(string address) => [.. SshCommand.Arguments(EngineAddress.Parse(address), TimeSpan.FromSeconds(5.2))];
}
