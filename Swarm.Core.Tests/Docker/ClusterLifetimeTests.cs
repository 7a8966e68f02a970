using System.Globalization;
using System.Runtime.CompilerServices;
using Swarm.Core.Clustering;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>A cluster that was disposed of has left no trace in its process.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterLifetimeTests
{
    [Test]
    public async Task Nothing_is_left_of_a_cluster_however_often_it_starts_and_stops()
    {
        var tcp = await DockerDaemons.SharedAsync();
        var unix = await DockerDaemons.SharedAsync(1);
        var time = new CountingSystemTime();
        var clusters = new List<WeakReference>();
        await LiveAsync(tcp, unix, time);
        var before = (Sockets: Sockets.Count(), Unix: Sockets.CountOfUnix());
        for (var life = 0; life < 10; life++)
        {
            clusters.Add(await LiveAsync(tcp, unix, time));

            Sockets.CountOf(tcp.Tcp.Port).Should().Be(0);
            time.LiveTimers.Should().Be(0);
        }

        (Sockets.Count(), Sockets.CountOfUnix()).Should().Be(before);
        time.MadeTimers.Should().BePositive();
        await Builders.Eventually.IsTrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !clusters.Exists(cluster => cluster.IsAlive);
            },
            "no task or timer holds on to a cluster");
    }

    [Test]
    public async Task A_cluster_in_the_middle_of_an_outage_leaves_nothing_either()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        var time = new CountingSystemTime();
        var cluster = await ClusterUnderTest.StartAsync(
            new SwarmPlugins { Discovery = new InMemoryDiscovery(daemon.Tcp), TimeProvider = time },
            options => options.CallTimeout = options.CreateTimeout = TimeSpan.FromMinutes(5));
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("kept"));
        await daemon.PauseAsync();
        var calls = new Task[] { cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper()), cluster.Containers.StartAsync("kept"), cluster.Containers.InspectAsync("kept") };

        await cluster.DisposeAsync();

        foreach (var call in calls)
        {
            await call.Awaiting(each => each).Should().ThrowAsync<OperationCanceledException>();
        }

        // The calls were told at once; what they had begun ends right after.
        await Builders.Eventually.IsTrueAsync(() => time.LiveTimers == 0 && Sockets.CountOf(daemon.Tcp.Port) == 0, "no timer and no connection is left");
        daemon.Resume();
    }

    // In a method of its own, so that nothing of it stays in a local.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LiveAsync(DockerDaemon tcp, DockerDaemon unix, TimeProvider time)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(new SwarmPlugins { Discovery = new InMemoryDiscovery(tcp.Tcp, unix.Unix), TimeProvider = time });
        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper())));
        Sockets.CountOf(tcp.Tcp.Port).Should().BePositive();
        await Task.WhenAll(created.Select(each => cluster.Containers.RemoveAsync(each.Id)));
        return new WeakReference(cluster.Cluster);
    }

    /// <summary>The open sockets of this process, by the kernel's word.</summary>
    private static class Sockets
    {
        private static readonly string[] _tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

        public static int CountOf(int port)
        {
            var own = Inodes();
            var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
            return _tables
                .SelectMany(file => File.ReadAllLines(file).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Count(fields => fields[2].EndsWith(suffix, StringComparison.Ordinal) && own.Contains(fields[9]));
        }

        public static int CountOfUnix()
        {
            var own = Inodes();
            return File.ReadAllLines("/proc/self/net/unix").Skip(1).Count(line => own.Contains(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[6]));
        }

        public static int Count() => Inodes().Count;

        private static HashSet<string> Inodes()
        {
            const string Prefix = "socket:[";
            return [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
                .Select(file => new FileInfo(file).LinkTarget ?? "")
                .Where(target => target.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(target => target[Prefix.Length..^1])];
        }
    }
}
