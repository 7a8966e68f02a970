using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InMemoryEngineTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task The_create_body_is_kept_byte_for_byte()
    {
        var (machine, engine) = await NewAsync();
        var body = "{ \"image\":\"busybox\",  \"Cmd\":[\"sleep\",\"1\"], \"Unknown\": {\"a\": 1.0} }"u8.ToArray();

        var created = await engine.Containers.CreateAsync(ContainerConfig.Parse(body), default);

        machine.CreateBodyOf(created.Id).ToArray().Should().Equal(body);
    }

    [Test]
    public async Task Labels_environment_and_ports_of_the_image_are_merged_in()
    {
        var image = new InMemoryImage("web:1")
        {
            Labels = LabelSet.Create(KeyValuePair.Create("from", "image"), KeyValuePair.Create("both", "image")),
            Environment = ["A=image", "B=image"],
            ExposedPorts = ["80/tcp"],
        };
        var (_, engine) = await NewAsync(options => options with { Images = [image] });
        var config = Config("""{"Image":"web:1","Labels":{"both":"own"},"Env":["A=own"],"ExposedPorts":{"81/tcp":{}}}""");

        var created = await engine.Containers.CreateAsync(config, default);

        var inspection = await engine.Containers.InspectAsync(created.Id, default);
        inspection.View.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("from", "image"), KeyValuePair.Create("both", "own")));
        inspection.View.ExposedPorts.Should().BeEquivalentTo("80/tcp", "81/tcp");
        using var json = JsonDocument.Parse(inspection.Json);
        json.RootElement.GetProperty("Config").GetProperty("Env").EnumerateArray().Select(entry => entry.GetString()).Should().Equal("A=own", "B=image");
    }

    [Test]
    public async Task A_wrong_type_in_the_create_body_is_refused_as_by_a_daemon()
    {
        var (machine, _) = await NewAsync();

        var create = () => Decode("""{"Image":"busybox","HostConfig":{"Memory":"much"}}""");

        create.Should().Throw<DaemonErrorException>().Which.Status.Should().Be(HttpStatusCode.InternalServerError);
        machine.IsReachable.Should().BeTrue();
    }

    [Test]
    public async Task The_same_calls_give_the_same_identifiers()
    {
        var (_, first) = await NewAsync();
        var (_, second) = await NewAsync();

        var one = await CreateAsync(first);
        var other = await CreateAsync(second);

        one.Should().Be(other);
        (await first.System.GetSpecsAsync(default)).DaemonId.Should().Be((await second.System.GetSpecsAsync(default)).DaemonId);
    }

    [Test]
    public async Task Engines_at_different_addresses_have_different_identifiers()
    {
        var (_, first) = await NewAsync();
        var (_, second) = await NewAsync(options => options with { Address = EngineAddress.Parse("10.0.0.2:2375") });

        (await CreateAsync(first)).Should().NotBe(await CreateAsync(second));
        (await first.System.GetSpecsAsync(default)).DaemonId.Should().NotBe((await second.System.GetSpecsAsync(default)).DaemonId);
    }

    [Test]
    public async Task Specs_are_what_the_options_say()
    {
        var (_, engine) = await NewAsync(options => options with
        {
            Cpus = 3,
            MemoryBytes = 5L << 30,
            Name = "alpha",
            Labels = LabelSet.Create(KeyValuePair.Create("zone", "a"), KeyValuePair.Create("ostype", "plan9"), KeyValuePair.Create("node", "x")),
        });

        var specs = await engine.System.GetSpecsAsync(default);

        specs.NanoCpus.Should().Be(3_000_000_000);
        specs.MemoryBytes.Should().Be(5L << 30);
        specs.Name.Should().Be("alpha");
        specs.Labels.ValueOrEmpty("zone").Should().Be("a");
        specs.Labels.ValueOrEmpty("ostype").Should().Be("linux");
        specs.Labels.ContainsKey("node").Should().BeFalse();
    }

    [Test]
    public async Task A_job_ends_when_its_time_is_over()
    {
        var (_, engine) = await NewAsync(WithJob(TimeSpan.FromMinutes(5), exitCode: 3));
        var id = await StartAsync(engine, "job");
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        var before = await ViewAsync(engine, id);

        _time.Advance(TimeSpan.FromTicks(1));

        before.State.Should().Be(ContainerState.Running);
        var after = await ViewAsync(engine, id);
        after.State.Should().Be(ContainerState.Exited);
        after.ExitCode.Should().Be(3);
    }

    [Test]
    public async Task A_job_that_was_stopped_does_not_end_again()
    {
        var (_, engine) = await NewAsync(WithJob(TimeSpan.FromMinutes(5), exitCode: 3));
        var id = await StartAsync(engine, "job");
        await engine.Containers.StopAsync(id, null, default);

        _time.Advance(TimeSpan.FromHours(1));

        (await ViewAsync(engine, id)).ExitCode.Should().Be(143);
    }

    [Test]
    public async Task A_stubborn_process_is_killed_after_ten_seconds_of_grace()
    {
        var (_, engine) = await NewAsync();
        var id = await StartAsync(engine);

        var stop = engine.Containers.StopAsync(id, null, default);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        var early = await ViewAsync(engine, id);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await stop;

        early.State.Should().Be(ContainerState.Running);
        (await ViewAsync(engine, id)).ExitCode.Should().Be(137);
    }

    [Test]
    public async Task The_stop_timeout_of_the_container_counts_when_no_grace_is_given()
    {
        var (_, engine) = await NewAsync();
        var created = await engine.Containers.CreateAsync(Config("""{"Image":"busybox","Cmd":["sleep","1"],"StopTimeout":60}"""), default);
        await engine.Containers.StartAsync(created.Id, default);

        var stop = engine.Containers.StopAsync(created.Id, null, default);
        _time.Advance(TimeSpan.FromSeconds(59));

        (await ViewAsync(engine, created.Id)).State.Should().Be(ContainerState.Running);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stop;
    }

    [Test]
    public async Task A_stop_goes_on_when_its_caller_has_left()
    {
        var (_, engine) = await NewAsync();
        var id = await StartAsync(engine);
        using var impatient = new CancellationTokenSource();
        var stop = engine.Containers.StopAsync(id, null, impatient.Token);

        await impatient.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => stop).Should().ThrowAsync<OperationCanceledException>();
        (await ViewAsync(engine, id)).State.Should().Be(ContainerState.Exited);
    }

    [Test]
    public async Task A_failing_container_is_restarted_with_growing_delays()
    {
        var (_, engine) = await NewAsync();
        var created = await engine.Containers.CreateAsync(
            Config("""{"Image":"busybox","Cmd":["false"],"HostConfig":{"RestartPolicy":{"Name":"always"}}}"""), default);
        await engine.Containers.StartAsync(created.Id, default);

        var counts = new List<int> { await RestartCountAsync(engine, created.Id) };
        foreach (var milliseconds in (int[])[99, 1, 199, 1, 399, 1])
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            counts.Add(await RestartCountAsync(engine, created.Id));
        }

        counts.Should().Equal(1, 1, 2, 2, 3, 3, 4);
        (await ViewAsync(engine, created.Id)).State.Should().Be(ContainerState.Restarting);
    }

    [Test]
    public async Task A_stop_ends_restarting()
    {
        var (_, engine) = await NewAsync();
        var created = await engine.Containers.CreateAsync(
            Config("""{"Image":"busybox","Cmd":["false"],"HostConfig":{"RestartPolicy":{"Name":"always"}}}"""), default);
        await engine.Containers.StartAsync(created.Id, default);

        await engine.Containers.StopAsync(created.Id, null, default);
        _time.Advance(TimeSpan.FromHours(1));

        (await ViewAsync(engine, created.Id)).State.Should().Be(ContainerState.Exited);
        (await RestartCountAsync(engine, created.Id)).Should().Be(1);
    }

    [Test]
    public async Task A_command_that_is_not_there_fails_the_start_with_code_127()
    {
        var image = new InMemoryImage("broken") { Process = new InMemoryProcess { StartError = "executable file not found in $PATH" } };
        var (_, engine) = await NewAsync(options => options with { Images = [image] });
        var id = await CreateAsync(engine, "broken");

        var start = () => engine.Containers.StartAsync(id, default);

        (await start.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var view = await ViewAsync(engine, id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(127);
    }

    [Test]
    public async Task A_prefix_that_fits_two_containers_is_an_error_of_the_engine()
    {
        var (_, engine) = await NewAsync();
        for (var i = 0; i < 17; i++)
        {
            await CreateAsync(engine);
        }

        var ids = (await engine.Containers.ListAsync(default)).Select(container => container.Id);
        var shared = ids.GroupBy(id => id[..1]).First(group => group.Count() > 1).Key;

        var inspect = () => engine.Containers.InspectAsync(shared, default);

        (await inspect.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Test]
    public async Task A_pull_brings_an_image_of_the_registry_after_the_time_it_takes()
    {
        var (_, engine) = await NewAsync(options => options with { Registry = [new InMemoryImage("web:1")], PullTime = TimeSpan.FromMinutes(1) });

        var pull = engine.Images.PullAsync("web:1", default);
        var during = await engine.Images.ListAsync(default);
        _time.Advance(TimeSpan.FromMinutes(1));
        await pull;

        during.Should().NotContain(image => image.RepoTags.Contains("web:1"));
        (await engine.Images.ListAsync(default)).Should().Contain(image => image.RepoTags.Contains("web:1"));
    }

    [Test]
    public async Task An_image_the_registry_does_not_have_cannot_be_pulled()
    {
        var (_, engine) = await NewAsync();

        var pull = () => engine.Images.PullAsync("web:1", default);

        (await pull.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be("web:1");
    }

    [Test]
    public async Task A_pull_is_kept_with_the_login_that_came_with_it()
    {
        var (machine, engine) = await NewAsync(options => options with { Registry = [new InMemoryImage("web:1")] });
        var login = RegistryLogin.FromIdentityToken(new Secret("token"));

        await engine.Images.PullAsync("web:1", login, default);
        await engine.Images.PullAsync("web:1", default);

        machine.Pulls.Should().Equal(new InMemoryPull("web:1", login), new InMemoryPull("web:1", null));
    }

    [Test]
    public async Task A_restart_is_over_when_its_container_is_removed_by_force()
    {
        var (_, engine) = await NewAsync();
        var id = await StartAsync(engine);
        var restart = engine.Containers.RestartAsync(id, TimeSpan.FromMinutes(1), default);

        await engine.Containers.RemoveAsync(id, force: true, removeVolumes: false, default);

        await restart.Awaiting(task => task).Should().ThrowAsync<EngineApiException>();
        (await engine.Containers.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task A_restart_goes_on_when_its_caller_gives_up()
    {
        var (_, engine) = await NewAsync();
        var id = await StartAsync(engine);
        using var patience = new CancellationTokenSource();
        var restart = engine.Containers.RestartAsync(id, TimeSpan.FromMinutes(1), patience.Token);

        await patience.CancelAsync();
        await restart.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        var before = (await engine.Containers.InspectAsync(id, default)).Json;
        _time.Advance(TimeSpan.FromMinutes(1));

        (await ViewAsync(engine, id)).State.Should().Be(ContainerState.Running);
        (await engine.Containers.InspectAsync(id, default)).Json.ToArray().Should().NotEqual(before.ToArray());
    }

    [Test]
    public async Task Renaming_frees_the_old_name_and_is_told()
    {
        var (machine, engine) = await NewAsync();
        await using var events = await engine.System.OpenEventsAsync(null, default);
        var created = await engine.Containers.CreateAsync(Config("""{"Image":"busybox"}""", "before"), default);

        machine.Rename("before", "after");

        (await ViewAsync(engine, "after")).Id.Should().Be(created.Id);
        await events.ReadAsync(default);
        var told = (await events.ReadAsync(default))!;
        told.Action.Should().Be("rename");
        told.Attributes.ValueOrEmpty("oldName").Should().Be("/before");
        told.Attributes.ValueOrEmpty("name").Should().Be("after");
    }

    [Test]
    public async Task A_paused_container_is_shown_paused_and_a_signal_wakes_it()
    {
        var (machine, engine) = await NewAsync();
        var id = await StartAsync(engine);
        machine.Pause(id);
        var paused = await ViewAsync(engine, id);

        await engine.Containers.KillAsync(id, "SIGUSR1", default);

        paused.State.Should().Be(ContainerState.Paused);
        (await ViewAsync(engine, id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Health_is_told_when_it_changes()
    {
        var (machine, engine) = await NewAsync();
        var created = await engine.Containers.CreateAsync(Config("""{"Image":"busybox","Cmd":["sleep","1"],"Healthcheck":{"Test":["CMD","true"]}}"""), default);
        await engine.Containers.StartAsync(created.Id, default);
        await using var events = await engine.System.OpenEventsAsync(null, default);

        machine.SetHealth(created.Id, "healthy");

        (await events.ReadAsync(default))!.Action.Should().Be("health_status: healthy");
        (await engine.Containers.ListAsync(default)).Single().Status.Should().Be("Up Less than a second (healthy)");
    }

    [Test]
    public async Task The_clock_of_the_machine_may_differ()
    {
        var (_, engine) = await NewAsync(options => options with { ClockSkew = TimeSpan.FromHours(-2) });

        var id = await CreateAsync(engine);

        (await ViewAsync(engine, id)).Created.Should().Be(_time.GetUtcNow() - TimeSpan.FromHours(2));
    }

    private static Func<InMemoryEngineOptions, InMemoryEngineOptions> WithJob(TimeSpan runsFor, int exitCode) => options => options with
    {
        Images = [new InMemoryImage("job") { Process = InMemoryProcess.Job(runsFor, exitCode) }],
    };

    private static DaemonCreateBody Decode(string body) => DaemonCreateBody.Decode(Encoding.UTF8.GetBytes(body));

    private static ContainerConfig Config(string body, string? name = null) => ContainerConfig.Parse(Encoding.UTF8.GetBytes(body), name);

    private static async Task<string> CreateAsync(IEngine engine, string image = "busybox") =>
        (await engine.Containers.CreateAsync(Config($$"""{"Image":"{{image}}","Cmd":["sleep","1"]}"""), default)).Id;

    private static async Task<string> StartAsync(IEngine engine, string image = "busybox")
    {
        var id = await CreateAsync(engine, image);
        await engine.Containers.StartAsync(id, default);
        return id;
    }

    private static async Task<ContainerView> ViewAsync(IEngine engine, string id) => (await engine.Containers.InspectAsync(id, default)).View;

    private static async Task<int> RestartCountAsync(IEngine engine, string id)
    {
        using var json = JsonDocument.Parse((await engine.Containers.InspectAsync(id, default)).Json);
        return json.RootElement.GetProperty("RestartCount").GetInt32();
    }

    private async Task<(InMemoryEngine Machine, IEngine Engine)> NewAsync(Func<InMemoryEngineOptions, InMemoryEngineOptions>? change = null)
    {
        var options = new InMemoryEngineOptions { Address = _address, Time = _time };
        var machine = new InMemoryEngine(change?.Invoke(options) ?? options);
        return (machine, await new InMemoryEngines(machine).ConnectAsync(machine.Address, default));
    }
}
