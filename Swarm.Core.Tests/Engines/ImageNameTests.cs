namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class ImageNameTests
{
    [TestCase("busybox", "busybox", "latest")]
    [TestCase("busybox:1.36", "busybox", "1.36")]
    [TestCase("reg.example:5000/team/app", "reg.example:5000/team/app", "latest")]
    [TestCase("reg.example:5000/team/app:v2", "reg.example:5000/team/app", "v2")]
    [TestCase("app@sha256:0123", "app", "sha256:0123")]
    [TestCase("app:v2@sha256:0123", "app", "sha256:0123")]
    public void A_reference_comes_apart(string reference, string repository, string version)
    {
        ImageName.Parse(reference).Should().Be(new ImageName(repository, version));
    }

    [TestCase("")]
    [TestCase("../info")]
    [TestCase("a//b")]
    [TestCase("a?x=1")]
    [TestCase("a b")]
    [TestCase("a:")]
    [TestCase("a\r\nb")]
    public void What_could_leave_its_place_in_a_path_is_no_reference(string reference)
    {
        var parse = () => ImageName.Parse(reference);

        parse.Should().Throw<ArgumentException>();
    }
}
