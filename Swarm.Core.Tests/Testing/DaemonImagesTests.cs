using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DaemonImagesTests
{
    private static readonly InMemoryImage _nginx = new("nginx:1.27");

    private readonly DaemonEvents _events;
    private readonly DaemonImages _images;

    public DaemonImagesTests()
    {
        var runtime = new DaemonRuntime(new FakeTimeProvider(), TimeSpan.Zero);
        _events = new DaemonEvents(runtime, new FaultSource());
        _images = new DaemonImages(runtime, _events);
    }

    [Test]
    public void A_pull_brings_an_image_of_the_registry_to_the_machine()
    {
        _images.AddToRegistry(_nginx);

        _images.Pull("docker.io/library/nginx:1.27", login: null);

        _images.Find("nginx:1.27").Should().BeSameAs(_nginx);
        _events.ChangeCount.Should().Be(1, "an event tells of it");
    }

    [Test]
    public void A_pull_that_is_refused_is_remembered_too()
    {
        var pull = () => _images.Pull("nginx:1.27", login: null);

        pull.Should().Throw<DaemonErrorException>().Which.Status.Should().Be(HttpStatusCode.NotFound);

        _images.Pulls.Should().Equal(new InMemoryPull("nginx:1.27", null));
        _events.ChangeCount.Should().Be(0);
    }

    [Test]
    public void A_registry_that_asks_for_a_login_gives_nothing_without_it()
    {
        _images.AddToRegistry(_nginx);
        _images.RequireLogin("docker.io", RegistryLogin.FromPassword("me", new Secret("secret")));

        var pull = () => _images.Pull("nginx:1.27", login: null);

        pull.Should().Throw<DaemonErrorException>().Which.Registry.Should().Be("docker.io");
        _images.Find("nginx:1.27").Should().BeNull();
    }

    [Test]
    public void An_image_with_two_names_is_listed_once_and_goes_with_the_last()
    {
        var id = "sha256:" + new string('a', 64);
        _images.Preload(new InMemoryImage("one:1") { Id = id });
        _images.Preload(new InMemoryImage("two:2") { Id = id });

        _images.List().Should().ContainSingle().Which.RepoTags.Should().Equal("one:1", "two:2");
        _images.Remove("one:1").Should().BeTrue();
        _events.ChangeCount.Should().Be(1, "it only lost a name");
        _images.Remove("two:2").Should().BeTrue();
        _events.ChangeCount.Should().Be(3, "it lost its name and is gone");
    }
}
