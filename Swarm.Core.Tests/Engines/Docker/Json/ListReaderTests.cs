using System.Text.Json;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
public sealed class ListReaderTests
{
    [Test]
    public void Containers_are_read()
    {
        var containers = ContainerLists.Read(Documents.Answer("containers.json"));

        containers.Select(container => container.Names[0]).Should().Equal("/old3", "/old2", "/old", "/ended", "/run", "/web");
        var ended = containers[3];
        ended.State.Should().Be(ContainerState.Exited);
        ended.Status.Should().StartWith("Exited (3)");
        ended.Image.Should().Be("busybox:test");
        ended.ImageId.Should().StartWith("sha256:1f16");
        ended.Labels["maker"].Should().Be("acme");
        ended.Created.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1795416648));
    }

    [Test]
    public void Images_are_read()
    {
        var image = ImageListReader.Read(Documents.Answer("images.json")).Should().ContainSingle().Subject;

        image.Id.Should().StartWith("sha256:1f16");
        image.RepoTags.Should().Equal("busybox:test");
        image.RepoDigests.Should().BeEmpty();
        image.Labels["maker"].Should().Be("acme");
        image.SizeBytes.Should().Be(1982256);
        image.Created.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1795416647));
    }

    [Test]
    public void An_image_without_a_time_has_none() =>
        ImageListReader.Read("[{\"Id\":\"sha256:a\",\"Created\":0},{\"Id\":\"sha256:b\",\"Created\":-62135596800}]"u8)
            .Should().OnlyContain(image => image.Created == null);

    [Test]
    public void Networks_are_read()
    {
        var networks = NetworkListReader.Read(Documents.Answer("networks.json"));

        networks.Select(network => (network.Name, network.Driver, network.Scope)).Should().Equal(("none", "null", "local"), ("host", "host", "local"));
        networks[0].Id.Should().HaveLength(64);
    }

    [Test]
    public void Volumes_are_read()
    {
        var volume = VolumeListReader.Read(Documents.Answer("volumes.json")).Should().ContainSingle().Subject;

        volume.Should().Be(new VolumeView { Name = "data", Driver = "local", Labels = LabelSet.Create(KeyValuePair.Create("tier", "db")) });
    }

    [Test]
    public void No_volumes_read_as_an_empty_list() => VolumeListReader.Read("{\"Volumes\":null,\"Warnings\":null}"u8).Should().BeEmpty();

    [Test]
    public void Null_lists_read_as_empty()
    {
        ContainerLists.Read("null"u8).Should().BeEmpty();
        ImageListReader.Read("[]"u8).Should().BeEmpty();
        NetworkListReader.Read("null"u8).Should().BeEmpty();
    }

    [Test]
    public void An_entry_without_an_ID_is_refused_with_its_place() =>
        FluentActions.Invoking(() => ContainerLists.Read("[{\"Names\":[]}]"u8)).Should().Throw<JsonException>().Which.Message.Should().Contain("[0]");

    [Test]
    public void A_short_container_ID_is_refused() =>
        FluentActions.Invoking(() => ContainerLists.Read("[{\"Id\":\"abc\"}]"u8)).Should().Throw<JsonException>().Which.Message.Should().Contain("[0].Id");

    [TestCase("containers.json")]
    [TestCase("images.json")]
    [TestCase("networks.json")]
    [TestCase("volumes.json")]
    [TestCase("info.json")]
    [TestCase("version.json")]
    public void A_broken_answer_is_read_or_refused_and_nothing_else(string name)
    {
        var version = Documents.Answer("version.json");
        var info = Documents.Answer("info.json");
        var refused = 0;

        JsonGen.Mutations(Documents.Answer(name)).Sample(
            document =>
            {
                try
                {
                    switch (name)
                    {
                        case "containers.json":
                            ContainerLists.Read(document);
                            break;
                        case "images.json":
                            ImageListReader.Read(document);
                            break;
                        case "networks.json":
                            NetworkListReader.Read(document);
                            break;
                        case "volumes.json":
                            VolumeListReader.Read(document);
                            break;
                        case "info.json":
                            EngineSpecsReader.Read(document, version, null);
                            break;
                        default:
                            EngineSpecsReader.Read(info, document, null);
                            break;
                    }
                }
                catch (JsonException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 1000);

        refused.Should().BePositive();
    }
}
