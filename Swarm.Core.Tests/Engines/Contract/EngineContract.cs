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

    private async Task<IReadOnlyList<string>> ReadToldAsync(IEngineEventStream events, string id, int count)
    {
        List<string> told = [];
        while (told.Count < count)
        {
            var happened = await events.ReadAsync(Token);
            happened.Should().NotBeNull("the stream should last");
            if (happened!.Type == EngineEventType.Container && happened.ActorId == id && !Traits.ToldNowAndThen.Contains(happened.Action))
            {
                told.Add(happened.Action);
            }
        }

        return told;
    }

    private async Task<IReadOnlyList<string>> ReadToldAsync(IEngineEventStream events, string id) =>
        [.. (await ReadAsync(events, id, Traits.Removal)).Select(happened => happened.Action).Where(action => !Traits.ToldNowAndThen.Contains(action))];

    private async Task MissesNetworkAtCreateAsync()
    {
        var error = await RefusalAsync(() => CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}"));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
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
