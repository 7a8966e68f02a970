using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

/// <summary>
/// What every engine does, real or simulated: each behaviour of the in-memory engine that the library builds on is a test here, and passes on a real daemon too.
/// A subclass gives an engine that has a small <c>busybox:latest</c> image. Names are unique per test, and what a test made is removed after it.
/// </summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract partial class EngineContract() : EngineContractFixture(TimeSpan.FromSeconds(30))
{
    private readonly string _tag = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Gets whether containers on the engine's default network can publish ports.</summary>
    protected virtual bool PublishesPorts => false;

    /// <summary>Gets the image with the commands below.</summary>
    protected virtual string ImageReference => "busybox:latest";

    /// <summary>Gets a command that runs for longer than any test and, as the first process of a container, ignores the signal to stop.</summary>
    protected virtual IReadOnlyList<string> SleepCommand => ["sleep", "1000"];

    /// <summary>Gets a command that ends at once with code 1.</summary>
    protected virtual IReadOnlyList<string> FailCommand => ["false"];

    /// <summary>Waits until the command of a container that was started is the one that gets its signals. A real engine answers the start a moment earlier.</summary>
    protected virtual Task WaitForCommandAsync(ContainerInspection started, CancellationToken cancellationToken) => Task.CompletedTask;

    [Test]
    public async Task A_ping_is_answered() =>
        await Engine.Invoking(engine => engine.System.PingAsync(Token)).Should().NotThrowAsync();

    [Test]
    public async Task Specs_describe_the_daemon_and_its_machine()
    {
        var specs = await Engine.System.GetSpecsAsync(Token);

        specs.DaemonId.Should().NotBeEmpty();
        specs.Name.Should().NotBeEmpty();
        specs.NanoCpus.Should().BePositive().And.Match(cpus => cpus % ResourceVector.NanoCpusPerCpu == 0);
        specs.MemoryBytes.Should().BePositive();
        specs.OsType.Should().Be("linux");
        specs.Labels.ContainsKey("storagedriver").Should().BeTrue();
    }

    [Test]
    public async Task Two_connections_see_the_same_daemon()
    {
        await using var other = await OpenEngineAsync(Token);

        var id = await CreateAsync();

        (await other.Containers.InspectAsync(id, Token)).View.Id.Should().Be(id);
    }

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
        view.Networks.Should().ContainSingle().Which.Should().Match<ContainerNetwork>(endpoint =>
            networks.Any(network => network.Id == endpoint.NetworkId && network.Name == endpoint.Name));
    }

    [Test]
    public async Task A_container_that_was_never_started_is_on_a_network_by_name_only()
    {
        var view = await ViewAsync(await CreateAsync());

        view.Networks.Should().ContainSingle().Which.NetworkId.Should().BeEmpty();
    }

    [Test]
    public async Task Inspect_tells_what_the_create_body_asked_for()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 << 20, name: Name("asked"));

        var view = await ViewAsync(id);

        view.Name.Should().Be(Name("asked"));
        view.Image.Should().Be(ImageReference);
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
        view.PortBindings.Should().ContainSingle().Which.Should().Be(new PortBinding("80/tcp", "", "18080"));
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
        view.Image.Should().Be(ImageReference.Split(':')[0]);
        view.ImageId.Should().StartWith("sha256:");
    }

    [Test]
    public async Task An_image_can_be_named_by_its_ID()
    {
        var image = (await Engine.Images.ListAsync(Token)).First(candidate => candidate.RepoTags.Contains(ImageReference));

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
        await RefusalAsync(() => CreateAsync(body => body["HostConfig"]!["Memory"] = -1));

        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Container_mode_with_published_ports_is_a_bad_request()
    {
        var other = await CreateAsync();

        var error = await RefusalAsync(() => CreateAsync(body => body["HostConfig"] = new JsonObject
        {
            ["NetworkMode"] = $"container:{other}",
            ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "18080" }) },
        }));

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

        created.Warnings.Should().ContainSingle();
    }

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
        summary.Image.Should().Be(ImageReference);
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

        (await Containers.ListAsync("contract", _tag, Token)).Select(container => container.Id).Should().Equal(second, first);
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
    public async Task A_started_container_runs()
    {
        var id = await StartedAsync();

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
        (await Containers.ListAsync("contract", _tag, Token)).Single().State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Starting_a_running_container_changes_nothing()
    {
        var id = await StartedAsync();
        var before = await Containers.InspectAsync(id, Token);

        await Containers.StartAsync(id, Token);

        var after = await Containers.InspectAsync(id, Token);
        StartedAt(after).Should().Be(StartedAt(before));
    }

    [Test]
    public async Task Starting_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.StartAsync(Name("absent"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_container_whose_process_ends_is_exited_with_its_code()
    {
        var id = await CreateAsync(body => body["Cmd"] = Words(FailCommand));

        await Containers.StartAsync(id, Token);

        var view = await WaitForAsync(id, state => state == ContainerState.Exited);
        view.ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_container_that_asks_for_it_is_removed_when_its_process_ends()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = Words(FailCommand);
            body["HostConfig"]!["AutoRemove"] = true;
        });

        await Containers.StartAsync(id, Token);

        await WaitUntilAsync(async () => (await Containers.ListAsync("contract", _tag, Token)).IsEmpty);
    }

    [Test]
    public async Task A_restart_policy_gives_up_after_as_many_retries_as_it_says()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = Words(FailCommand);
            body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = 1 };
        });

        await Containers.StartAsync(id, Token);

        await WaitForAsync(id, state => state == ContainerState.Exited);
        using var json = JsonDocument.Parse((await Containers.InspectAsync(id, Token)).Json);
        json.RootElement.GetProperty("RestartCount").GetInt32().Should().Be(1);
    }

    [Test]
    public async Task A_network_that_is_not_there_shows_at_the_start()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}");

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(128);
    }

    [Test]
    public async Task The_network_of_a_container_that_does_not_run_cannot_be_joined()
    {
        var owner = await CreateAsync();
        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"container:{owner}");

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task A_stubborn_container_is_killed_when_the_grace_is_over()
    {
        var id = await StartedAsync();

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Exited);
        view.ExitCode.Should().Be(137);
    }

    [Test]
    public async Task Stopping_a_container_that_does_not_run_changes_nothing()
    {
        var id = await CreateAsync();

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Created);
    }

    [Test]
    public async Task Stopping_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.StopAsync(Name("absent"), TimeSpan.Zero, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_stopped_container_can_be_started_again()
    {
        var id = await StartedAsync();
        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        await Containers.StartAsync(id, Token);

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Running);
        view.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_killed_container_is_exited_with_the_code_of_the_signal()
    {
        var id = await StartedAsync();

        await Containers.KillAsync(id, null, Token);

        (await WaitForAsync(id, state => state == ContainerState.Exited)).ExitCode.Should().Be(137);
    }

    [Test]
    public async Task A_signal_the_process_ignores_leaves_it_running()
    {
        var id = await StartedAsync();

        await Containers.KillAsync(id, "SIGUSR1", Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Killing_a_container_that_does_not_run_is_a_conflict()
    {
        var id = await CreateAsync();

        var error = await RefusalAsync(() => Containers.KillAsync(id, null, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Killing_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.KillAsync(Name("absent"), null, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_signal_nobody_knows_is_a_bad_request()
    {
        var id = await StartedAsync();

        var error = await RefusalAsync(() => Containers.KillAsync(id, "SIGNONSENSE", Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task A_removed_container_is_gone()
    {
        var id = await CreateAsync();

        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        (await RefusalAsync(() => Containers.InspectAsync(id, Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Removing_a_running_container_is_a_conflict()
    {
        var id = await StartedAsync();

        var error = await RefusalAsync(() => Containers.RemoveAsync(id, force: false, removeVolumes: false, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_running_container_can_be_removed_by_force()
    {
        var id = await StartedAsync();

        await Containers.RemoveAsync(id, force: true, removeVolumes: false, Token);

        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Removing_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.RemoveAsync(Name("absent"), force: true, removeVolumes: false, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task An_anonymous_volume_goes_with_its_container_when_that_is_asked_for()
    {
        var before = await VolumeNamesAsync();
        var id = await CreateAsync(body => body["Volumes"] = new JsonObject { ["/data"] = new JsonObject() });
        var made = (await MountedVolumesAsync(id)).Should().ContainSingle().Subject;

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        before.Should().NotContain(made);
        (await VolumeNamesAsync()).Should().NotContain(made);
    }

    [Test]
    public async Task A_named_volume_outlives_its_container()
    {
        var volume = $"data-{_tag}";
        var id = await CreateAsync(body => body["HostConfig"]!["Binds"] = new JsonArray($"{volume}:/data"));

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        (await VolumeNamesAsync()).Should().Contain(volume);
    }

    [Test]
    public async Task The_image_is_listed_with_its_tag()
    {
        var images = await Engine.Images.ListAsync(Token);

        images.Should().ContainSingle(image => image.RepoTags.Contains(ImageReference)).Which.Id.Should().StartWith("sha256:");
    }

    [Test]
    public async Task The_networks_of_every_engine_are_listed()
    {
        var networks = await Engine.Networks.ListAsync(Token);

        networks.Should().Contain(network => network.Name == "host" && network.Driver == "host" && network.Scope == "local");
        networks.Should().Contain(network => network.Name == "none" && network.Driver == "null");
    }

    [Test]
    public async Task A_life_is_told_in_events()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);

        var id = await StartedAsync(name: Name("life"));
        await Containers.StopAsync(id, TimeSpan.Zero, Token);
        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        var told = await ReadAsync(events, id, last: "destroy");
        told.Select(happened => happened.Action).Should().Equal("create", "start", "kill", "kill", "die", "stop", "destroy");
    }

    [Test]
    public async Task An_event_tells_name_image_and_labels()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);

        var id = await CreateAsync(name: Name("told"));

        var told = (await ReadAsync(events, id, last: "create")).Single();
        told.Type.Should().Be(EngineEventType.Container);
        told.Attributes.ValueOrEmpty("name").Should().Be(Name("told"));
        told.Attributes.ValueOrEmpty("image").Should().Be(ImageReference);
        told.Attributes.ValueOrEmpty("contract").Should().Be(_tag);
        told.Time.Offset.Should().Be(TimeSpan.Zero);
    }

    [Test]
    public async Task The_end_of_a_process_is_told_with_its_exit_code()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["Cmd"] = Words(FailCommand));

        await Containers.StartAsync(id, Token);

        (await ReadAsync(events, id, last: "die"))[^1].Attributes.ValueOrEmpty("exitCode").Should().Be("1");
    }

    [Test]
    public async Task A_signal_is_told_with_its_number()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await StartedAsync();

        await Containers.KillAsync(id, "SIGUSR1", Token);

        (await ReadAsync(events, id, last: "kill"))[^1].Attributes.ValueOrEmpty("signal").Should().Be("10");
    }

    [Test]
    public async Task A_failed_start_is_not_told_as_a_start()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}");
        await RefusalAsync(() => Containers.StartAsync(id, Token));

        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        (await ReadAsync(events, id, last: "destroy")).Select(happened => happened.Action).Should().Equal("create", "destroy");
    }

    [Test]
    public async Task Events_of_the_past_are_told_again_to_those_who_ask()
    {
        await using var first = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync();
        var created = (await ReadAsync(first, id, last: "create")).Single();
        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        await using var second = await Engine.System.OpenEventsAsync(created.Time, Token);

        (await ReadAsync(second, id, last: "destroy")).Select(happened => happened.Action).Should().Equal("create", "destroy");
    }

    [Test]
    public async Task A_reader_that_is_cancelled_stops_waiting()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        using var impatient = new CancellationTokenSource();
        var reading = ReadToTheEndAsync(events, impatient.Token);

        await impatient.CancelAsync();

        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>();
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
        error.EngineMessage.Should().StartWith("invalid environment variable: " + (entry.Length > 0 ? "=" : ""));
        error.ToString().Should().NotContain(Canary.Secret);
    }

    [TestCase("StopSignal", "SIGNOSUCH", "Invalid signal: ")]
    [TestCase("Image", "no/such:image", "invalid environment variable: ")]
    public async Task The_environment_is_looked_at_after_the_signal_and_before_the_image(string key, string value, string complaint)
    {
        var create = () => Containers.CreateAsync(Config(body => (body["Env"], body[key]) = (Words(["=1"]), value), Name("order")), Token);

        (await create.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().StartWith(complaint);
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

    [Test]
    public async Task A_published_port_is_shown_while_the_container_runs()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(Publishing("18081"));

        await Containers.StartAsync(id, Token);
        var running = await ViewAsync(id);
        await Containers.StopAsync(id, TimeSpan.Zero, Token);
        var stopped = await ViewAsync(id);

        running.PublishedPorts.Should().Contain(port => port.ContainerPort == "80/tcp" && port.HostPort == "18081");
        stopped.PublishedPorts.Should().BeEmpty();
        stopped.PortBindings.Should().ContainSingle();
    }

    [Test]
    public async Task A_host_port_that_is_taken_shows_at_the_start()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18082"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18082"));

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(128);
    }

    [Test]
    public async Task A_host_port_is_free_again_once_its_holder_stopped()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18083"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18083"));
        await Containers.StopAsync(holder, TimeSpan.Zero, Token);

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_port_of_all_addresses_is_taken_for_one_address_too()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18084"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18084", "127.0.0.1"));

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Test]
    public async Task A_binding_of_a_port_that_is_not_exposed_is_not_published()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(body =>
        {
            Publishing("18085")(body);
            body.Remove("ExposedPorts");
        });

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).PublishedPorts.Should().BeEmpty();
    }

    [Test]
    public async Task A_binding_without_a_host_port_gets_one()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(Publishing(""));

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).PublishedPorts.Should().NotBeEmpty().And.OnlyContain(port => port.HostPort.Length > 0);
    }

    private static Action<JsonObject> Publishing(string hostPort, string hostIp = "") => body =>
    {
        body["ExposedPorts"] = new JsonObject { ["80/tcp"] = new JsonObject() };
        body["HostConfig"] = new JsonObject
        {
            ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = hostIp, ["HostPort"] = hostPort }) },
        };
    };

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode?)JsonValue.Create(word))];

    private static string StartedAt(ContainerInspection inspection)
    {
        using var json = JsonDocument.Parse(inspection.Json);
        return json.RootElement.GetProperty("State").GetProperty("StartedAt").GetString()!;
    }

    private static async Task ReadToTheEndAsync(IEngineEventStream events, CancellationToken token)
    {
        while (await events.ReadAsync(token) is not null)
        {
        }
    }

    private static async Task<EngineApiException> RefusalAsync(Func<Task> call) => await FailureAsync<EngineApiException>(call);

    private static async Task<TException> FailureAsync<TException>(Func<Task> call)
        where TException : Exception
    {
        return (await FluentActions.Awaiting(call).Should().ThrowAsync<TException>()).Which;
    }

    private void RequirePublishedPorts()
    {
        if (!PublishesPorts)
        {
            Assert.Ignore("This engine has no network to publish ports from.");
        }
    }

    private string Name(string name) => $"{name}-{_tag}";

    private ContainerConfig Config(Action<JsonObject>? change, string? name)
    {
        var body = new JsonObject
        {
            ["Image"] = ImageReference,
            ["Cmd"] = Words(SleepCommand),
            ["Env"] = Words([Canary.Environment]),
            ["Labels"] = new JsonObject { ["contract"] = _tag },
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none" },
        };
        change?.Invoke(body);
        return ContainerConfig.Parse(Encoding.UTF8.GetBytes(body.ToJsonString()), name);
    }

    private async Task<string> CreateAsync(Action<JsonObject>? change = null, string? name = null)
    {
        var created = await Containers.CreateAsync(Config(change, name), Token);
        lock (Made)
        {
            Made.Add(created.Id);
        }

        return created.Id;
    }

    private async Task<string> StartedAsync(string? name = null)
    {
        var id = await CreateAsync(name: name);
        await Containers.StartAsync(id, Token);
        await WaitForCommandAsync(await Containers.InspectAsync(id, Token), Token);
        return id;
    }

    private async Task<ContainerView> ViewAsync(string id) => (await Containers.InspectAsync(id, Token)).View;

    private async Task<IReadOnlyList<string>> VolumeNamesAsync() => [.. (await Engine.Volumes.ListAsync(Token)).Select(volume => volume.Name)];

    private async Task<IReadOnlyList<string>> MountedVolumesAsync(string id)
    {
        using var json = JsonDocument.Parse((await Containers.InspectAsync(id, Token)).Json);
        return [.. json.RootElement.GetProperty("Mounts").EnumerateArray().Select(mount => mount.GetProperty("Name").GetString()!)];
    }

    private async Task<ContainerView> WaitForAsync(string id, Func<ContainerState, bool> reached)
    {
        ContainerView view = null!;
        await WaitUntilAsync(async () => reached((view = await ViewAsync(id)).State));
        return view;
    }

    private async Task WaitUntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
        }
    }

    private async Task<IReadOnlyList<EngineEvent>> ReadAsync(IEngineEventStream events, string id, string last)
    {
        List<EngineEvent> read = [];
        while (true)
        {
            var happened = await events.ReadAsync(Token);
            happened.Should().NotBeNull("the stream should last");
            if (happened!.Type == EngineEventType.Container && happened.ActorId == id)
            {
                read.Add(happened);
                if (happened.Action == last)
                {
                    return read;
                }
            }
        }
    }
}
