using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    [Test]
    public async Task A_container_is_found_by_its_name()
    {
        var id = await CreateAsync(name: Name("named"));

        (await ViewAsync(Name("named"))).Id.Should().Be(id);
    }

    [Test]
    public async Task A_container_is_found_by_a_unique_prefix_of_its_ID()
    {
        var id = await CreateAsync();

        (await ViewAsync(id[..20])).Id.Should().Be(id);
    }

    [Test]
    public async Task Inspecting_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.InspectAsync(Name("absent"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        error.Should().NotBeOfType<ImageNotFoundException>();
        error.Address.Should().Be(Engine.Address);
    }

    [Test]
    public async Task The_list_has_containers_that_do_not_run()
    {
        var id = await CreateAsync(name: Name("listed"));

        var summary = (await Containers.ListAsync(Token)).Single(container => container.Id == id);

        summary.Names.Should().Equal("/" + Name("listed"));
        summary.Image.Should().Be(Traits.Shown(ImageReference));
        summary.ImageId.Should().StartWith("sha256:");
        summary.State.Should().Be(ContainerState.Created);
        summary.Status.Should().Be("Created");
        summary.Labels.ValueOrEmpty("contract").Should().Be(_tag);
    }

    [Test]
    public async Task The_list_begins_with_the_newest_container()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();

        (await Containers.ListAsync("contract", _tag, Token)).Select(container => container.Id).Should().BeEquivalentTo([second, first], options => Traits.ListsNewestFirst ? options.WithStrictOrdering() : options);
    }

    [Test]
    public async Task A_list_by_label_has_only_containers_with_that_value()
    {
        var id = await CreateAsync(body => body["Labels"]!["tier"] = "front");
        await CreateAsync(body => body["Labels"]!["tier"] = "back");
        await CreateAsync();

        var listed = (await Containers.ListAsync("tier", "front", Token)).Where(container => container.Labels.ValueOrEmpty("contract") == _tag);

        listed.Select(container => container.Id).Should().Equal(id);
    }

    [Test]
    public async Task A_list_by_a_label_with_an_equals_sign_in_its_value_works()
    {
        var id = await CreateAsync(body => body["Labels"]!["com.docker.swarm.constraints"] = "[\"node==a\"]");

        var listed = await Containers.ListAsync("com.docker.swarm.constraints", "[\"node==a\"]", Token);

        listed.Select(container => container.Id).Should().Contain(id);
    }

    [Test]
    public async Task The_image_is_listed_with_its_tag()
    {
        var images = await Engine.Images.ListAsync(Token);

        images.Should().ContainSingle(image => image.RepoTags.Contains(Traits.Shown(ImageReference))).Which.Id.Should().StartWith("sha256:");
    }

    [Test]
    public async Task The_networks_of_every_engine_are_listed()
    {
        var networks = await Engine.Networks.ListAsync(Token);

        if (!Traits.ListsHostAndNone)
        {
            networks.Should().NotBeEmpty().And.OnlyContain(network => network.Driver == "bridge");
            return;
        }

        networks.Should().Contain(network => network.Name == "host" && network.Driver == "host" && network.Scope == "local");
        networks.Should().Contain(network => network.Name == "none" && network.Driver == "null");
    }
}
