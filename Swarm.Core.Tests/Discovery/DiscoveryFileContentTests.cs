namespace Swarm.Core.Discovery;

public class DiscoveryFileContentTests
{
    [Test]
    public void Comments_and_white_space_are_left_out_and_lines_are_counted()
    {
        const string Content = "\n# all of rack 1\n  10.0.0.[1:3]:2375  # in a row\r\n\r\nhost:80#web\n";

        DiscoveryFileContent.Read(Content).Should().Equal((3, "10.0.0.[1:3]:2375"), (4, ""), (5, "host:80"));
    }

    [TestCase("")]
    [TestCase(" \r\n ")]
    public void A_file_without_lines_gives_one_empty_pattern(string content)
    {
        DiscoveryFileContent.Read(content).Select(line => line.Pattern).Should().Equal("");
    }
}
