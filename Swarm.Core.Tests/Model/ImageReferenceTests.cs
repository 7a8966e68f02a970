namespace Swarm.Core.Model;

[TestFixture]
internal sealed class ImageReferenceTests
{
    [TestCase("busybox", "busybox", "latest")]
    [TestCase("busybox:1.36", "busybox", "1.36")]
    [TestCase("reg.example:5000/team/app", "reg.example:5000/team/app", "latest")]
    [TestCase("reg.example:5000/team/app:v2", "reg.example:5000/team/app", "v2")]
    [TestCase("app@sha256:0123", "app", "sha256:0123")]
    [TestCase("app:v2@sha256:0123", "app", "sha256:0123")]
    [TestCase("app:pr-12-", "app", "pr-12-")]
    [TestCase("app:1.2_", "app", "1.2_")]
    [TestCase("app:1.", "app", "1.")]
    [TestCase("app:_x", "app", "_x")]
    [TestCase("[fd00::5]:5000/app:1", "[fd00::5]:5000/app", "1")]
    [TestCase("[fd00::5]/team/app", "[fd00::5]/team/app", "latest")]
    public void A_reference_comes_apart(string reference, string repository, string version)
    {
        var parts = ImageReference.Parse(reference);

        (parts.Repository, parts.Version).Should().Be((repository, version));
    }

    [TestCase("")]
    [TestCase("../info")]
    [TestCase("a//b")]
    [TestCase("a?x=1")]
    [TestCase("a b")]
    [TestCase("a:")]
    [TestCase("a\r\nb")]
    [TestCase("a/..")]
    [TestCase("a/.:1")]
    [TestCase("a:.")]
    [TestCase("a:-x")]
    [TestCase("a:x/../info")]
    [TestCase("[fd00::5%25eth0]/app")]
    [TestCase("[fd00::5]:99999/app")]
    [TestCase("[fd00::5/app")]
    [TestCase("[10.0.0.1]/app")]
    [TestCase("[../info]/app")]
    [TestCase("[fd00::5]")]
    public void What_could_leave_its_place_in_a_path_is_no_reference(string reference)
    {
        var parse = () => ImageReference.Parse(reference);

        parse.Should().Throw<ArgumentException>();
    }

    [TestCase("busybox", "docker.io")]
    [TestCase("library/busybox:1.36", "docker.io")]
    [TestCase("team/app@sha256:0123", "docker.io")]
    [TestCase("docker.io/library/busybox", "docker.io")]
    [TestCase("index.docker.io/library/busybox", "docker.io")]
    [TestCase("localhost/app", "localhost")]
    [TestCase("localhost:5000/app:1", "localhost:5000")]
    [TestCase("reg.example/team/app:1", "reg.example")]
    [TestCase("reg.example:5000/app@sha256:0123", "reg.example:5000")]
    [TestCase("REG/app", "REG")]
    [TestCase("[fd00::5]:5000/app:1", "[fd00::5]:5000")]
    [TestCase("registry/app", "docker.io")]
    public void The_registry_of_an_image_is_found_as_other_clients_find_it(string reference, string registry)
    {
        ImageReference.RegistryOf(reference).Should().Be(registry);
    }

    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [TestCase("sha256:0123", false)]
    [TestCase("app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    [TestCase("sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    public void The_ID_of_an_image_is_told_from_a_reference(string reference, bool isId)
    {
        ImageReference.IsId(reference).Should().Be(isId);
    }

    [TestCase("app", "app")]
    [TestCase("reg.example:5000/app", "reg.example:5000/app")]
    [TestCase("reg.example:5000/app:v2", "reg.example:5000/app")]
    [TestCase("app:v2@sha256:0123", "app:v2")]
    [TestCase("<none>:<none>", "<none>")]
    public void The_repository_is_what_classic_Swarm_takes_for_it(string reference, string repository)
    {
        ImageReference.RepositoryOf(reference).ToString().Should().Be(repository);
    }

    [Test]
    public void What_is_no_reference_can_be_taken_apart_without_being_judged()
    {
        ImageReference.Split("a:").Should().Be(new ImageReference("a", "", null));
    }
}
