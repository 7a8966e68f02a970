using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>Control operations through a cluster of real daemons.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterControlTests
{
    private const long Mebibyte = 1 << 20;

    [Test]
    public async Task What_is_restarted_paused_renamed_and_updated_shows_so_when_the_call_returns()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("web") with { MemoryBytes = 64 * Mebibyte, NetworkMode = "none" });

        var restarted = await cluster.Containers.RestartAsync("web", TimeSpan.Zero);
        var paused = await cluster.Containers.PauseAsync("web");
        var unpaused = await cluster.Containers.UnpauseAsync("web");
        var renamed = await cluster.Containers.RenameAsync("web", "www");
        var updated = await cluster.Containers.UpdateAsync("www", new ContainerUpdateSpec { MemoryBytes = 96 * Mebibyte, MemorySwapBytes = -1 });
        var processes = await cluster.Containers.TopAsync("www");

        (restarted.State, paused.State, unpaused.State).Should().Be((ContainerState.Running, ContainerState.Paused, ContainerState.Running));
        renamed.Name.Should().Be("www");
        updated.Container.View.Resources.MemoryBytes.Should().Be(96 * Mebibyte);
        processes.Processes.Should().ContainSingle();
        cluster.OpenHolds.Should().Be(0);
        await cluster.ShouldShowWhatIsOnAsync(daemon);
    }

    [Test]
    public async Task What_counts_by_an_option_counts_the_same_once_the_daemon_shows_it_and_to_another_program()
    {
        var daemon = await DockerDaemons.SharedAsync();
        static void SetOptions(SwarmOptions options) => (options.CpuSharesAsCpus, options.CountMemoryReservation) = (true, true);
        await using var cluster = await ClusterUnderTest.StartAsync(SetOptions, daemon.Tcp);
        var created = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("web") with { CpuShares = 1, MemoryReservationBytes = 64 * Mebibyte, MemoryBytes = 128 * Mebibyte, NetworkMode = "none" });

        var updated = await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryReservationBytes = 96 * Mebibyte });

        created.View.Resources.Should().Be(new ResourceVector { MemoryBytes = 64 * Mebibyte, NanoCpus = ResourceVector.NanoCpusPerCpu, Slots = 1 });
        updated.Container.View.Resources.Should().Be(created.View.Resources with { MemoryBytes = 96 * Mebibyte });
        cluster.OpenHolds.Should().Be(0);
        await using var next = await ClusterUnderTest.StartAsync(SetOptions, daemon.Tcp);
        next.Containers.Get("web").View.Resources.Should().Be(updated.Container.View.Resources);
    }

    [Test]
    public async Task Changes_whose_answers_are_lost_are_found_and_made_once()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("c0") with { MemoryBytes = 64 * Mebibyte });
        proxy.Always(IsRename, ProxyFault.DropAnswer);
        proxy.Always(IsUpdate, ProxyFault.DropAnswer);
        for (var round = 1; round <= 10; round++)
        {
            var renamed = await cluster.Containers.RenameAsync($"c{round - 1}", $"c{round}");
            var updated = await cluster.Containers.UpdateAsync($"c{round}", new ContainerUpdateSpec { MemoryBytes = (64 + round) * Mebibyte, MemorySwapBytes = -1 });

            renamed.Name.Should().Be($"c{round}");
            updated.Container.View.Resources.MemoryBytes.Should().Be((64 + round) * Mebibyte);
            cluster.OpenHolds.Should().Be(0);
        }

        proxy.Requests.Count(IsRename).Should().Be(10);
        proxy.Requests.Count(IsUpdate).Should().Be(10);
        await cluster.ShouldShowWhatIsOnAsync(daemon);
    }

    [Test]
    public async Task Growth_there_is_no_room_for_never_reaches_the_engine()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        var total = cluster.Cluster.Snapshot.Nodes.Single().Total.MemoryBytes;
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("web") with { MemoryBytes = total / 2 });
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("other") with { MemoryBytes = total / 4 });

        var update = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = total, MemorySwapBytes = -1 });

        (await update.Should().ThrowAsync<InsufficientResourcesException>()).Which.Shortage.Should().Be(
            new ResourceShortage(ResourceNames.Memory, total - (total / 2), total - (total / 2) - (total / 4)));
        proxy.Requests.Should().NotContain(request => IsUpdate(request));
    }

    [Test]
    public async Task A_change_that_never_arrived_fails_and_what_it_held_is_free_in_the_end()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(
            options =>
            {
                options.UnknownHoldTime = TimeSpan.FromSeconds(2);
                options.RefreshInterval = TimeSpan.FromMilliseconds(500);
            },
            proxy.Address);
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("web") with { MemoryBytes = 64 * Mebibyte });
        proxy.Next(IsRename, ProxyFault.Hangup);
        proxy.Next(IsUpdate, ProxyFault.Hangup);

        var rename = () => cluster.Containers.RenameAsync("web", "www");
        var update = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 256 * Mebibyte, MemorySwapBytes = -1 });

        await rename.Should().ThrowAsync<EngineUnreachableException>();
        await update.Should().ThrowAsync<EngineUnreachableException>();
        cluster.OpenHolds.Should().Be(2);
        await Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "it is known that neither was made");
        await cluster.ShouldShowWhatIsOnAsync(daemon);
        (await cluster.Containers.RenameAsync("web", "www")).Name.Should().Be("www");
    }

    [Test]
    public async Task A_missing_image_is_fetched_with_the_login_of_the_host()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var registry = new TestRegistry("ann", "correct-horse-battery");
        using var logs = new RecordingLoggerFactory();
        var host = $"127.0.0.1:{registry.Port}";
        var password = "wrong-horse-battery";
        await using var cluster = await ClusterUnderTest.StartAsync(
            new SwarmPlugins
            {
                Discovery = new InMemoryDiscovery([daemon.Tcp]),
                RegistryCredentials = new Credentials(asked => asked == host ? RegistryLogin.FromPassword("ann", new Secret(password)) : null),
                LoggerFactory = logs,
            },
            options => options.PullMissingImages = true);
        var create = () => cluster.Containers.CreateAsync(new ContainerSpec { Image = $"{host}/app:1" });

        var error = (await create.Should().ThrowAsync<RegistryAccessDeniedException>()).Which;
        password = "correct-horse-battery";
        var created = await create();

        error.Registry.Should().Be(host);
        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        error.ToString().Should().NotContain("horse").And.NotContain(Convert.ToBase64String("ann:wrong-horse-battery"u8));
        logs.Lines.Should().NotBeEmpty().And.NotContain(line => line.Contains("horse"));
        created.View.Image.Should().Be($"{host}/app:1");
    }

    private static bool IsRename(RecordedRequest request) => request.Target.Contains("/rename?", StringComparison.Ordinal);

    private static bool IsUpdate(RecordedRequest request) => request.Target.EndsWith("/update", StringComparison.Ordinal);

    private sealed class Credentials(Func<string, RegistryLogin?> find) : IRegistryCredentials
    {
        public ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken) => new(find(registry));
    }
}
