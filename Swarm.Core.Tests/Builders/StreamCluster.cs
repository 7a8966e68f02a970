using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Builders;

/// <summary>Clusters whose containers talk, for tests of waits, streams and jobs.</summary>
internal static class StreamCluster
{
    /// <summary>Gets the image with the programs that talk.</summary>
    public static InMemoryImage Image { get; } = InMemoryImage.BusyBox with
    {
        Files = [new("/etc/motd", "hello")],
        Commands =
        [
            new("talk", InMemoryProcess.Job(TimeSpan.FromSeconds(10), exitCode: 3) with
            {
                Output = [new("out\n"), new("err\n", OutputSource.StandardError, TimeSpan.FromSeconds(5))],
                UsedMemoryBytes = 1000,
            }),
            new("long-talk", InMemoryProcess.Job(TimeSpan.FromMinutes(10), exitCode: 3) with { Output = [new("out\n"), new("err\n", OutputSource.StandardError, TimeSpan.FromMinutes(5))] }),
            new("hungry", InMemoryProcess.Job(TimeSpan.FromSeconds(10)) with { RunsOutOfMemory = true }),
            new("broken", new InMemoryProcess { StartError = "no such program" }),
            .. InMemoryImage.BusyBox.Commands,
        ],
    };

    /// <summary>Starts a cluster with one engine, whose attached streams come from the test.</summary>
    public static Task<TestCluster> TappedAsync(Func<Func<Task<IContainerStreams>>, Task<IContainerStreams>> attach) => TestCluster.StartAsync(
        1,
        (host, _) => host with { Images = [Image] },
        connector: hosts => new TappedConnector(hosts) { OnConnected = engine => engine.OnAttach = attach });

    /// <summary>Starts a cluster.</summary>
    public static Task<TestCluster> StartAsync(int engines = 1, Action<SwarmOptions>? options = null) =>
        TestCluster.StartAsync(engines, (host, _) => host with { Images = [Image] }, options);

    /// <summary>Describes a container that runs one of the programs.</summary>
    public static ContainerSpec Spec(string command) => new() { Image = "busybox", Command = [command] };
}
