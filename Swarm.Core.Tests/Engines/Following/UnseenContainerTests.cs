using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class UnseenContainerTests
{
    [Test]
    public void Its_name_and_its_image_are_not_among_its_labels()
    {
        var container = Of(("name", "job"), ("image", "busybox"), ("exitCode", "0"), ("own", "label"));

        container.Id.Should().Be("c");
        container.Names.Should().Equal("/job");
        container.Image.Should().Be("busybox");
        container.Labels.Keys.Should().Equal("own");
    }

    [Test]
    public void An_event_without_a_name_tells_of_a_container_without_one()
    {
        Of().Names.Should().BeEmpty();
    }

    private static ContainerView Of(params (string Key, string Value)[] attributes) => UnseenContainer.Of(new EngineEvent(
        EngineEventType.Container,
        "destroy",
        "c",
        LabelSet.Create(attributes.Select(each => KeyValuePair.Create(each.Key, each.Value))),
        DateTimeOffset.UnixEpoch));
}
