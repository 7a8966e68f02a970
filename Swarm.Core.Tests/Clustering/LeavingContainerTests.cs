using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

public sealed class LeavingContainerTests
{
    [TestCase("removing", false, true)]
    [TestCase("removing", true, true)]
    [TestCase("exited", true, true)]
    [TestCase("exited", false, false)]
    [TestCase("running", true, false)]
    [TestCase("created", true, false)]
    [TestCase("dead", true, false)]
    public void A_container_leaves_that_is_being_removed_or_will_remove_itself_now_that_it_has_ended(string state, bool removesItself, bool isLeaving)
    {
        var document = $$$"""{"Id":"{{{new string('a', 64)}}}","State":{"Status":"{{{state}}}"},"HostConfig":{"AutoRemove":{{{(removesItself ? "true" : "false")}}}}}""";

        LeavingContainer.Is(ContainerInspection.Parse(Encoding.UTF8.GetBytes(document)).View).Should().Be(isLeaving);
    }
}
