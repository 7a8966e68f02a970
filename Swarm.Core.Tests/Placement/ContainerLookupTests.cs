using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class ContainerLookupTests
{
    private static readonly NodeView _node = A.Node(
        "engine-id",
        "test-engine",
        containers:
        [
            A.Container("container1-name1", id: "container1-id", labels: ["com.docker.swarm.id=swarm1-id"]) with { Names = ["/container1-name1", "/container1-name2"] },
            A.Container("con", id: "container2-id", labels: ["com.docker.swarm.id=swarm2-id"]),
        ]);

    [TestCase("container1-id")]
    [TestCase("container1-")]
    [TestCase("container1-i", Description = "the short ID has twelve characters")]
    [TestCase("container1-name1")]
    [TestCase("/container1-name1")]
    [TestCase("container1-name2")]
    [TestCase("test-engine/container1-name1")]
    [TestCase("engine-id/container1-name2")]
    [TestCase("swarm1-id")]
    [TestCase("swarm1-")]
    public void A_container_is_found_by_what_it_is_called(string reference) =>
        ContainerLookup.Find(_node, reference)!.Id.Should().Be("container1-id");

    [TestCase("")]
    [TestCase("container")]
    [TestCase("swarm")]
    [TestCase("invalid-id")]
    [TestCase("other-engine/con")]
    [TestCase("test-engine/cox")]
    [TestCase("text-engine/con")]
    [TestCase("test-engine/c")]
    [TestCase("test-enginex/con")]
    [TestCase("xcon")]
    [TestCase("ontainer1-name1")]
    [TestCase("test-engine-and-more")]
    [TestCase("test-engine")]
    [TestCase("container1-id-and-more")]
    public void What_fits_none_or_several_finds_nothing(string reference) =>
        ContainerLookup.Find(_node, reference).Should().BeNull();

    [Test]
    public void No_reference_finds_nothing_even_where_a_container_has_no_Swarm_ID() =>
        ContainerLookup.Find(A.Node("n1", containers: [A.Container("web")]), "").Should().BeNull();

    [Test]
    public void A_name_comes_before_a_prefix() => ContainerLookup.Find(_node, "con")!.Id.Should().Be("container2-id");

    [Test]
    public void An_ID_comes_before_a_Swarm_ID_and_that_before_a_name()
    {
        var byId = A.Container("a", id: "x");
        var bySwarmId = A.Container("b", id: "2", labels: ["com.docker.swarm.id=x"]);
        var byName = A.Container("x", id: "3");

        ContainerLookup.Find(A.Node("n1", containers: [byName, bySwarmId, byId]), "x").Should().BeSameAs(byId);
        ContainerLookup.Find(A.Node("n1", containers: [byName, bySwarmId]), "x").Should().BeSameAs(bySwarmId);
    }

    [Test]
    public void A_name_that_two_containers_have_finds_nothing_even_if_a_prefix_would()
    {
        var node = A.Node("n1", containers: [A.Container("web", id: "1"), A.Container("web", id: "2"), A.Container("x", id: "web-3")]);

        ContainerLookup.Find(node, "web").Should().BeNull();
    }

    [Test]
    public void One_container_is_one_match_even_when_both_of_its_IDs_begin_alike()
    {
        var node = A.Node("n1", containers: [A.Container("web", id: "abc1", labels: ["com.docker.swarm.id=abc2"])]);

        ContainerLookup.Find(node, "abc")!.Id.Should().Be("abc1");
    }

    [Test]
    public void The_algorithm_before_an_ID_does_not_count_in_its_short_form()
    {
        var node = A.Node("n1", containers: [A.Container("web", id: "sha256:0123456789abcdef")]);

        ContainerLookup.Find(node, "0123456789ab")!.Name.Should().Be("web");
        ContainerLookup.Find(node, "0123456789a").Should().BeNull();
    }

    [Test]
    public void A_promised_container_is_found_by_its_name_and_Swarm_ID()
    {
        var node = A.Node("n1", containers: [A.Container("web", id: "", labels: ["com.docker.swarm.id=abc"])]);

        ContainerLookup.Find(node, "web").Should().NotBeNull();
        ContainerLookup.Find(node, "abc").Should().NotBeNull();
    }
}
