using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    [Test]
    public async Task A_created_container_has_an_ID_of_64_hexadecimal_digits()
    {
        var id = await CreateAsync();

        id.Should().MatchRegex("^[0-9a-f]{64}$");
    }

    [Test]
    public async Task A_created_container_is_not_started()
    {
        var id = await CreateAsync();

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(0);
        view.PublishedPorts.Should().BeEmpty();
        view.StartedAt.Should().BeNull();
        view.FinishedAt.Should().BeNull();
    }

    [Test]
    public async Task A_container_that_runs_is_on_a_network_of_the_engine_and_has_been_started()
    {
        var id = await StartedAsync();

        var view = await ViewAsync(id);
        var networks = await Engine.Networks.ListAsync(Token);

        view.StartedAt.Should().NotBeNull();
        view.FinishedAt.Should().BeNull();
        view.Networks.Should().ContainSingle().Which.Should().Match<ContainerNetwork>(endpoint => !Traits.ListsHostAndNone
            ? endpoint.Name == "none" && endpoint.NetworkId == "none"
            : networks.Any(network => network.Id == endpoint.NetworkId && network.Name == endpoint.Name));
    }

    [Test]
    public async Task A_container_that_was_never_started_is_on_a_network_by_name_only()
    {
        var view = await ViewAsync(await CreateAsync());

        view.Networks.Should().ContainSingle().Which.NetworkId.Should().Be(Traits.ListsHostAndNone ? "" : "none");
    }

    [Test]
    public async Task Inspect_tells_what_the_create_body_asked_for()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 << 20, name: Name("asked"));

        var view = await ViewAsync(id);

        view.Name.Should().Be(Name("asked"));
        view.Image.Should().Be(Traits.Shown(ImageReference));
        view.ImageId.Should().StartWith("sha256:");
        view.Labels.ValueOrEmpty("contract").Should().Be(_tag);
        view.Resources.MemoryBytes.Should().Be(64 << 20);
        view.NetworkMode.Should().Be("none");
    }

    [Test]
    public async Task Inspect_understands_nano_CPUs()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["NanoCpus"] = 250_000_000);

        (await ViewAsync(id)).Resources.NanoCpus.Should().Be(250_000_000);
    }

    [Test]
    public async Task Keys_of_the_create_body_are_read_whatever_their_case()
    {
        var id = await CreateAsync(body =>
        {
            body["hostconfig"] = new JsonObject { ["networkmode"] = "none", ["memory"] = 64 << 20 };
            body.Remove("HostConfig");
        });

        (await ViewAsync(id)).Resources.MemoryBytes.Should().Be(64 << 20);
    }

    [Test]
    public async Task A_host_port_asked_for_is_shown_before_the_start()
    {
        var id = await CreateAsync(body =>
        {
            body["ExposedPorts"] = new JsonObject { ["80/tcp"] = new JsonObject() };
            body["HostConfig"]!["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "18080" }) };
        });

        var view = await ViewAsync(id);

        view.ExposedPorts.Should().Equal("80/tcp");
        view.PortBindings.Should().Equal(Traits.KeepsPortsWithoutNetwork ? [new PortBinding("80/tcp", "", "18080")] : []);
        view.PublishedPorts.Should().BeEmpty();
    }

    [Test]
    public async Task Inspect_keeps_labels_that_differ_only_in_case()
    {
        var id = await CreateAsync(body =>
        {
            body["Labels"]!["tier"] = "lower";
            body["Labels"]!["TIER"] = "upper";
        });

        var labels = (await ViewAsync(id)).Labels;
        labels.ValueOrEmpty("tier").Should().Be("lower");
        labels.ValueOrEmpty("TIER").Should().Be("upper");
    }

    [Test]
    public async Task An_unknown_field_of_the_create_body_is_ignored()
    {
        var id = await CreateAsync(body => body["NoSuchField"] = "x");

        var inspection = await Containers.InspectAsync(id, Token);
        using var json = JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("Config").TryGetProperty("NoSuchField", out _).Should().BeFalse();
    }

    [Test]
    public async Task The_inspect_document_has_the_parts_of_a_real_one()
    {
        var id = await CreateAsync();

        var inspection = await Containers.InspectAsync(id, Token);

        using var json = JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("Id").GetString().Should().Be(id);
        json.RootElement.GetProperty("State").GetProperty("Status").GetString().Should().Be("created");
        json.RootElement.GetProperty("State").GetProperty("StartedAt").GetString().Should().Be("0001-01-01T00:00:00Z");
        json.RootElement.GetProperty("Config").GetProperty("Cmd").EnumerateArray().Select(word => word.GetString()).Should().Equal(SleepCommand);
        json.RootElement.GetProperty("HostConfig").GetProperty("NetworkMode").GetString().Should().Be("none");
        json.RootElement.GetProperty("NetworkSettings").GetProperty("Ports").EnumerateObject().Should().BeEmpty();
    }

    [Test]
    public async Task A_host_name_is_made_of_the_ID_when_none_is_given()
    {
        var id = await CreateAsync();

        var inspection = await Containers.InspectAsync(id, Token);
        using var json = JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("Config").GetProperty("Hostname").GetString().Should().Be(id[..12]);
    }

    [Test]
    public async Task Swap_is_twice_the_memory_when_it_is_not_given()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 << 20);

        var inspection = await Containers.InspectAsync(id, Token);
        using var json = JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("HostConfig").GetProperty("MemorySwap").GetInt64().Should().BeOneOf(128 << 20, -1);
    }

    [Test]
    public async Task The_engine_makes_up_a_name_when_none_is_given()
    {
        var id = await CreateAsync(name: null);

        (await ViewAsync(id)).Name.Should().MatchRegex("^[a-z]+_[a-z]+[0-9]*$");
    }

    [Test]
    public async Task A_name_that_is_taken_is_a_conflict_that_names_the_holder()
    {
        var holder = await CreateAsync(name: Name("twin"));

        var error = await RefusalAsync(() => CreateAsync(name: Name("twin")));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        error.EngineMessage.Should().Contain(holder);
    }

    [Test]
    public async Task A_name_is_free_again_once_its_container_is_removed()
    {
        var first = await CreateAsync(name: Name("again"));
        await Containers.RemoveAsync(first, force: false, removeVolumes: false, Token);

        var second = await CreateAsync(name: Name("again"));

        (await ViewAsync(second)).Name.Should().Be(Name("again"));
    }

    [Test]
    public async Task An_unknown_image_is_not_found()
    {
        var image = $"nosuch-{_tag}:1.2";

        var error = await FailureAsync<ImageNotFoundException>(() => CreateAsync(body => body["Image"] = image));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        error.Image.Should().Be(image);
    }

    [Test]
    public async Task An_image_without_a_tag_means_latest()
    {
        var id = await CreateAsync(body => body["Image"] = ImageReference.Split(':')[0]);

        var view = await ViewAsync(id);
        view.Image.Should().Be(Traits.Shown(ImageReference.Split(':')[0]));
        view.ImageId.Should().StartWith("sha256:");
    }

    [Test]
    public async Task An_image_can_be_named_by_its_ID()
    {
        var image = (await Engine.Images.ListAsync(Token)).First(candidate => candidate.RepoTags.Contains(Traits.Shown(ImageReference)));

        var id = await CreateAsync(body => body["Image"] = image.Id);

        (await ViewAsync(id)).ImageId.Should().Be(image.Id);
    }

    [TestCase("Memory", -1L)]
    [TestCase("Memory", 1024L)]
    [TestCase("NanoCpus", -1L)]
    [TestCase("NanoCpus", 4_000_000_000_000L)]
    [TestCase("MemorySwap", 8_000_000L)]
    public async Task A_limit_that_cannot_be_is_a_bad_request(string field, long value)
    {
        if (!Traits.ChecksLimits && field != "MemorySwap")
        {
            (await CreateAsync(body => body["HostConfig"]![field] = value)).Should().NotBeEmpty();
            return;
        }

        var error = await RefusalAsync(() => CreateAsync(body => body["HostConfig"]![field] = value));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task A_body_without_an_image_config_is_a_bad_request()
    {
        var error = await RefusalAsync(() => Containers.CreateAsync(ContainerConfig.Parse("{}"u8, Name("empty")), Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task An_unknown_restart_policy_is_a_bad_request()
    {
        var error = await RefusalAsync(() => CreateAsync(body => body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "sometimes" }));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task A_refused_create_leaves_nothing_behind()
    {
        await RefusalAsync(() => CreateAsync(body => body["HostConfig"]![Traits.ChecksLimits ? "Memory" : "MemorySwap"] = Traits.ChecksLimits ? -1 : 8_000_000));

        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Container_mode_with_published_ports_is_a_bad_request()
    {
        var other = await CreateAsync();

        var create = () => CreateAsync(body => body["HostConfig"] = new JsonObject
        {
            ["NetworkMode"] = $"container:{other}",
            ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "18080" }) },
        });
        if (!Traits.RefusesPortsOnJoinedNetworks)
        {
            (await ViewAsync(await create())).PortBindings.Should().BeEmpty();
            return;
        }

        var error = await RefusalAsync(create);

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Host_mode_with_published_ports_is_allowed_with_a_warning()
    {
        var config = Config(
            body => body["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "host",
                ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "18080" }) },
            },
            Name("host"));

        var created = await Containers.CreateAsync(config, Token);
        Made.Add(created.Id);

        created.Warnings.Should().HaveCount(Traits.WarnsOfPortsOnTheHostNetwork ? 1 : 0);
    }

    [Test]
    public async Task A_call_that_was_cancelled_before_it_began_does_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => Containers.CreateAsync(Config(null, Name("never")), cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();

        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [TestCase("=" + Canary.Secret)]
    [TestCase("= " + Canary.Secret)]
    [TestCase("=")]
    [TestCase("")]
    public async Task An_environment_entry_without_a_name_is_refused_and_not_quoted(string entry)
    {
        var create = () => Containers.CreateAsync(Config(body => body["Env"] = Words(["A=1", entry]), Name("unnamed")), Token);

        var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        error.EngineMessage.Should().StartWith(Traits.UnnamedVariable + (entry.Length > 0 ? "=" : ""));
        error.ToString().Should().NotContain(Canary.Secret);
    }

    [Test]
    public async Task The_environment_is_looked_at_after_the_signal()
    {
        var create = () => Containers.CreateAsync(Config(body => (body["Env"], body["StopSignal"]) = (Words(["=1"]), "SIGNOSUCH"), Name("order")), Token);

        (await RefusalAsync(create)).EngineMessage.Should().StartWith(Traits.UnknownStopSignal);
    }

    [Test]
    public async Task The_environment_is_looked_at_before_the_image()
    {
        var create = () => Containers.CreateAsync(Config(body => (body["Env"], body["Image"]) = (Words(["=1"]), "no/such:image"), Name("order")), Token);

        (await RefusalAsync(create)).EngineMessage.Should().StartWith(Traits.FirstOfVariableAndImage);
    }

    [Test]
    public async Task Twenty_containers_can_be_created_at_once()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync()));

        ids.Should().OnlyHaveUniqueItems();
        (await Containers.ListAsync("contract", _tag, Token)).Select(container => container.Id).Should().BeEquivalentTo(ids);
    }

    [Test]
    public async Task Of_many_that_want_one_name_one_gets_it()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await CreateAsync(name: Name("wanted"));
                return HttpStatusCode.Created;
            }
            catch (EngineApiException error)
            {
                return error.StatusCode;
            }
        }));

        outcomes.Count(outcome => outcome == HttpStatusCode.Created).Should().Be(1);
        outcomes.Count(outcome => outcome == HttpStatusCode.Conflict).Should().Be(7);
    }
}
