using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

public sealed class AffinityFilterTests
{
    private static readonly NodeView _node = A.Node(
        "n1",
        containers: [A.Container(), A.Container("db", id: "4bcc", labels: ["tier=back"]), A.Container("web", labels: ["tier=front"])],
        images: [A.Image("sha256:1"), A.Image("sha256:2", "redis:7", "registry:5000/team/redis")]);

    private readonly AffinityFilter _filter = new();

    [Test]
    public void A_request_without_affinities_has_nothing_to_check() =>
        _filter.Prepare(A.Context(A.Request())).Should().BeNull();

    [TestCase("container==db", true)]
    [TestCase("container==web", true)]
    [TestCase("container==4bcc", true)]
    [TestCase("container==4bc", false, Description = "no short IDs")]
    [TestCase("container==w*", true)]
    [TestCase("container==cache", false)]
    [TestCase("container==/^.web/", false, Description = "the slash before a name does not count")]
    [TestCase("container!=db", false)]
    [TestCase("container!=cache", true)]
    public void A_container_is_known_by_its_full_ID_and_its_name(string affinity, bool accepted) =>
        Accepts(_node, affinity).Should().Be(accepted);

    [Test]
    public void A_container_without_a_name_is_passed_over() =>
        Accepts(A.Node("n1", containers: [A.Container(id: "4bcc")]), "container==4bcc").Should().BeFalse();

    [Test]
    public void Only_the_first_name_counts()
    {
        var container = A.Container("db") with { Names = ["/db", "/web/alias"] };

        Accepts(A.Node("n1", containers: [container]), "container==web/alias").Should().BeFalse();
    }

    [Test]
    public void A_name_may_come_without_a_slash()
    {
        var container = A.Container() with { Names = ["db"] };

        Accepts(A.Node("n1", containers: [container]), "container==db").Should().BeTrue();
    }

    [TestCase("image==sha256:1", true)]
    [TestCase("image==sha256:2", true)]
    [TestCase("image==redis:7", true)]
    [TestCase("image==redis", true)]
    [TestCase("image==registry:5000/team/redis", true)]
    [TestCase("image==registry", false)]
    [TestCase("image==redis:6", false)]
    [TestCase("image!=redis", false)]
    [TestCase("image!=nginx", true)]
    public void An_image_is_known_by_its_ID_its_tags_and_their_repositories(string affinity, bool accepted) =>
        Accepts(_node, affinity).Should().Be(accepted);

    [TestCase("tier==back", true)]
    [TestCase("tier==front", true)]
    [TestCase("tier==gold", false)]
    [TestCase("tier!=gold", true)]
    [TestCase("tier!=back", false)]
    [TestCase("zone==*", true, Description = "a missing label reads as the empty text")]
    [TestCase("Container==db", false, Description = "keys are case-sensitive")]
    public void Any_other_key_is_a_label_of_a_container(string affinity, bool accepted) =>
        Accepts(_node, affinity).Should().Be(accepted);

    [Test]
    public void Where_neither_side_says_that_an_image_is_of_Docker_Hub_its_library_is_part_of_its_name_as_in_classic_Swarm()
    {
        Accepts(A.Node("docker", images: [A.Image("sha256:1", "nginx:1.27")]), "image==library/nginx:1.27").Should().BeFalse();
        Accepts(A.Node("podman", images: [A.Image("sha256:1", "docker.io/library/nginx:1.27")]), "image==library/nginx:1.27").Should().BeTrue();
    }

    [TestCase("container==*", false)]
    [TestCase("tier==*", false)]
    [TestCase("image==nginx:1.27", true)]
    [TestCase("image==nginx", true)]
    [TestCase("image==ngin*", true)]
    [TestCase("image==docker.io/library/nginx:1.27", true)]
    [TestCase("image==docker.io/library/nginx", true)]
    [TestCase("image==docker.io/nginx", true)]
    [TestCase("image==index.docker.io/library/nginx:1.27", true)]
    [TestCase("image==docker.io/team/app:1", true)]
    [TestCase("image==team/app", true)]
    [TestCase("image!=docker.io/library/nginx", false)]
    [TestCase("image==docker.io/library/nginx:1.28", false)]
    [TestCase("image==docker.io/library/ngin", false)]
    [TestCase("image==quay.io/team/app:1", false)]
    [TestCase("image==library/team/app:1", false)]
    [TestCase("image==tool:1", false, Description = "what is called localhost/tool is another")]
    public void An_image_of_Docker_Hub_is_the_same_however_its_name_is_written(string affinity, bool accepted)
    {
        var docker = A.Node("docker", images: [A.Image("sha256:1", "nginx:1.27", "team/app:1", "localhost/tool:1")]);
        var podman = A.Node("podman", images: [A.Image("sha256:1", "docker.io/library/nginx:1.27", "docker.io/team/app:1", "localhost/tool:1")]);

        (Accepts(docker, affinity), Accepts(podman, affinity)).Should().Be((accepted, accepted));
    }

    [TestCase("image==*", false)]
    [TestCase("container!=*", true)]
    [TestCase("tier!=*", true)]
    public void An_empty_node_meets_no_equality_and_every_inequality(string affinity, bool accepted) =>
        Accepts(A.Node("n1"), affinity).Should().Be(accepted);

    [Test]
    public void A_promised_container_counts_with_its_name_and_labels()
    {
        var node = A.Node("n1", containers: [A.Container("db", id: "", labels: ["tier=back"])]);

        Accepts(node, "container!=db").Should().BeFalse();
        Accepts(node, "tier==back").Should().BeTrue();
    }

    [Test]
    public void The_rejection_names_the_affinity()
    {
        var rejection = _filter.Prepare(A.Context(A.Request(affinities: ["container==~cache"]), _node))!(_node);

        rejection.Should().Be(new Rejection("affinity", "affinity", "container==cache"));
        rejection.ToString().Should().Be("affinity container==cache is not met");
    }

    [Test]
    public void It_describes_the_affinities_with_their_softness() =>
        _filter.Describe(A.Request(affinities: ["container==~db", "image!=redis"]))
            .Should().Equal("container==db (soft=true)", "image!=redis (soft=false)");

    private bool Accepts(NodeView node, string affinity) =>
        _filter.Prepare(A.Context(A.Request(affinities: [affinity]), node))!(node) is null;
}
