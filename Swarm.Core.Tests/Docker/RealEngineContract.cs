using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Engines.Contract;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The behaviour of engines on a real one: what the in-memory engine has to copy.</summary>
public abstract class RealEngineContract : EngineContract
{
    private TestRegistry? _registry;
    private DockerDaemon? _daemon;

    [TearDown]
    public async Task CloseRegistryAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    /// <summary>Gets the engine.</summary>
    private protected abstract Task<DockerDaemon> DaemonAsync();

    /// <summary>Gets where the engine is reached.</summary>
    private protected abstract EngineAddress AddressOf(DockerDaemon daemon);

    /// <inheritdoc/>
    protected override Task<string> ServeImageAsync(string userName, string password)
    {
        _registry = new TestRegistry(userName, password, _daemon!.Network);
        return Task.FromResult($"127.0.0.1:{_registry.Port}/app:1");
    }

    [Test]
    public async Task An_image_is_pulled_and_used_by_tag_and_digest_at_once()
    {
        var pinned = $"{await ServeImageAsync("ann", Canary.Secret)}@{_registry!.ManifestDigest}";

        await Engine.Images.PullAsync(pinned, RegistryLogin.FromPassword("ann", new Secret(Canary.Secret)), Token);

        var id = (await Containers.CreateAsync(new ContainerSpec { Image = pinned, NetworkMode = "none" }, Token)).Id;
        Made.Add(id);
        (await Containers.InspectAsync(id, Token)).View.Image.Should().Be(Traits.ShowsTagsBesideDigests ? pinned : pinned.Replace(":1@", "@", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_image_that_is_missing_by_tag_and_digest_can_be_pulled()
    {
        var pinned = $"{await ServeImageAsync("ann", Canary.Secret)}@sha256:{new string('0', 64)}";

        var create = () => Containers.CreateAsync(new ContainerSpec { Image = pinned, NetworkMode = "none" }, Token);

        (await create.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be(pinned);
    }

    /// <inheritdoc/>
    protected override async Task WaitForCommandAsync(ContainerInspection started, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(started.Json);
        var pid = json.RootElement.GetProperty("State").GetProperty("Pid").GetInt32();
        while (ProcessTable.NameOf(pid).StartsWith("runc", StringComparison.Ordinal))
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken)
    {
        _daemon = await DaemonAsync();
        return await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(AddressOf(_daemon), cancellationToken);
    }
}
