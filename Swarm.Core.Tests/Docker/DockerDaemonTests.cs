using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The daemons under test themselves: they must end as surely as they start.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class DockerDaemonTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Nothing_of_a_daemon_outlives_it(bool killed)
    {
        await using var daemon = await DockerDaemons.StartAsync();
        var directory = Path.GetDirectoryName(daemon.Unix.Path)!;
        await using (var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(daemon.Unix, CancellationToken.None))
        {
            var created = await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sleep", "1000"] }, CancellationToken.None);
            await engine.Containers.StartAsync(created.Id, CancellationToken.None);
        }

        if (killed)
        {
            await daemon.KillAsync();
            ProcessTable.Under(directory).Should().NotBeEmpty("a container outlives its daemon");
        }

        await daemon.DisposeAsync();

        ProcessTable.Under(directory).Should().BeEmpty();
        Directory.Exists(directory).Should().BeFalse();
        (await File.ReadAllTextAsync("/proc/self/mounts")).Should().NotContain(directory);
        Directory.EnumerateDirectories("/sys/fs/cgroup").Should().NotContain(hierarchy => Directory.Exists(hierarchy + DockerDaemons.ControlGroup(directory)));
    }

    [Test]
    public async Task Power_cut_and_back_finds_the_containers_stopped()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(daemon.Tcp, CancellationToken.None);
        var created = await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sleep", "1000"] }, CancellationToken.None);
        await engine.Containers.StartAsync(created.Id, CancellationToken.None);

        await daemon.CutPowerAsync();
        await daemon.StartAsync();

        (await engine.Containers.InspectAsync(created.Id, CancellationToken.None)).View.State.Should().Be(ContainerState.Exited);
    }
}
