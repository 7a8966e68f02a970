using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class ContainerLookupTests
{
    private static readonly string _claim = string.Concat(Enumerable.Repeat("c0ffee00", 8));

    private static readonly NodeView _node = A.Node(
        "engine-id",
        "test-engine",
        containers:
        [
            Ours("container1-name1", "container1-id", "swarm1-id") with { Names = ["/container1-name1", "/container1-name2"] },
            Ours("con", "container2-id", "swarm2-id"),
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
        var bySwarmId = Ours("b", "2", "x");
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
        var node = A.Node("n1", containers: [Ours("web", "abc1", "abc2")]);

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
        var node = A.Node("n1", containers: [Ours("web", "", "abc")]);

        ContainerLookup.Find(node, "web").Should().NotBeNull();
        ContainerLookup.Find(node, "abc").Should().NotBeNull();
    }

    [TestCase("web")]
    [TestCase("id-of-db")]
    [TestCase("swarm1-id")]
    public void A_Swarm_ID_that_is_no_such_thing_is_none_where_another_than_the_cluster_gave_it(string claim)
    {
        var (web, db, forged) = (A.Container("web"), A.Container("db"), A.Container("forged", labels: [$"com.docker.swarm.id={claim}"]));

        ContainerLookup.Find(A.Node("n1", containers: [forged, web, db]), "web").Should().BeSameAs(web);
        ContainerLookup.Find(A.Node("n1", containers: [forged, web, db]), "id-of-db").Should().BeSameAs(db);
        ContainerLookup.Find(A.Node("n1", containers: [forged, web, db]), "swarm1-id").Should().BeNull();
    }

    [Test]
    public void A_claimed_Swarm_ID_is_found_where_nothing_else_is_called_so()
    {
        var forged = A.Container("forged", labels: [$"com.docker.swarm.id={_claim}"]);
        var ours = Ours("ours", "1", _claim);
        var named = A.Container(_claim);
        var identified = A.Container("x", id: _claim);

        foreach (var reference in (string[])[_claim, _claim[..12], _claim[..3]])
        {
            ContainerLookup.Find(A.Node("n1", containers: [forged]), reference).Should().BeSameAs(forged, reference);
            ContainerLookup.Find(A.Node("n1", containers: [forged, ours]), reference).Should().BeSameAs(ours, reference);
            ContainerLookup.Find(A.Node("n1", containers: [forged, identified]), reference).Should().BeSameAs(identified, reference);
            ContainerLookup.Find(A.Node("n1", containers: [forged, forged with { Id = "2" }]), reference).Should().BeNull(reference);
        }

        ContainerLookup.Find(A.Node("n1", containers: [forged, named]), _claim).Should().BeSameAs(named);
    }

    private static ContainerView Ours(string name, string id, string swarmId) =>
        A.Container(name, id, labels: [$"com.docker.swarm.id={swarmId}"]) with { IsSwarmIdOurs = true };
}
