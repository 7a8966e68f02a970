using System.Net;
using System.Net.Http.Json;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>What a cluster of real daemons does and shows.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterStateTests
{
    private const long MiB = 1L << 20;

    [Test]
    public async Task Containers_live_their_lives_through_the_cluster_and_its_events()
    {
        var daemons = await ThreeDaemonsAsync();
        await using var cluster = await ClusterUnderTest.StartAsync([.. daemons.Select(daemon => daemon.Tcp)]);

        var created = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("life"));
        var started = await cluster.Containers.StartAsync("life");
        var stopped = await cluster.Containers.StopAsync("life", TimeSpan.Zero);
        var again = await cluster.Containers.StartAsync("life");
        var killed = await cluster.Containers.KillAsync("life");
        await Builders.Eventually.IsTrueAsync(() => cluster.Containers.Get("life").State == ContainerState.Exited, "the killed container is seen to end");
        await cluster.Containers.RemoveAsync("life");
        var events = await cluster.EventsUntilAsync(each => each is ContainerChanged { Kind: ContainerEventKind.Removed });

        new[] { created.State, started.State, stopped.State, again.State }.Should().Equal(ContainerState.Created, ContainerState.Running, ContainerState.Exited, ContainerState.Running);
        killed.State.Should().BeOneOf(ContainerState.Running, ContainerState.Exited);
        events.OfType<EngineChanged>().Count(each => each.Kind == EngineEventKind.Admitted).Should().Be(3);
        events.OfType<ContainerChanged>().Select(each => each.Kind).Where(kind => kind != ContainerEventKind.Updated).Should().Equal(
            ContainerEventKind.Appeared,
            ContainerEventKind.Started,
            ContainerEventKind.Stopped,
            ContainerEventKind.Started,
            ContainerEventKind.Stopped,
            ContainerEventKind.Removed);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Containers_spread_over_the_engines()
    {
        var daemons = await ThreeDaemonsAsync();
        await using var cluster = await ClusterUnderTest.StartAsync([.. daemons.Select(daemon => daemon.Tcp)]);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper())));

        foreach (var daemon in daemons)
        {
            (await ClusterUnderTest.ListAsync(daemon)).Should().HaveCount(2);
        }
    }

    [TestCase(17)]
    public async Task After_whatever_happens_the_cluster_shows_what_the_engines_list(int seed)
    {
        var daemons = await ThreeDaemonsAsync();
        await using var cluster = await ClusterUnderTest.StartAsync([.. daemons.Select(daemon => daemon.Tcp)]);
        var story = new Story(cluster, daemons, new Random(seed));

        for (var step = 0; step < 36; step++)
        {
            await story.GoOnAsync(step);
        }

        await cluster.ShouldShowWhatIsOnAsync(daemons);
        cluster.Containers.List().Should().NotBeEmpty();
        cluster.OpenHolds.Should().Be(0);
        story.Steps.Should().HaveCountGreaterThan(8, "many kinds of steps were taken");

        // Whoever follows the events knows the same. This one comes last.
        var last = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("last"));
        var followed = new Dictionary<string, ContainerView>();
        foreach (var change in (await cluster.EventsUntilAsync(each => each is ContainerChanged changed && changed.Container.Id == last.Id)).OfType<ContainerChanged>())
        {
            if (change.Kind == ContainerEventKind.Removed)
            {
                followed.Remove(change.Container.Id).Should().BeTrue();
            }
            else
            {
                followed.ContainsKey(change.Container.Id).Should().Be(change.Kind != ContainerEventKind.Appeared);
                followed[change.Container.Id] = change.Container;
            }
        }

        followed.Values.Should().BeEquivalentTo(cluster.Containers.List().Select(each => each.View));
    }

    private static async Task<DockerDaemon[]> ThreeDaemonsAsync() =>
        [await DockerDaemons.SharedAsync(), await DockerDaemons.SharedAsync(1), await DockerDaemons.SharedAsync(2)];

    /// <summary>Random things that users do to containers, through the cluster and past it.</summary>
    private sealed class Story(ClusterUnderTest cluster, DockerDaemon[] daemons, Random random)
    {
        private static readonly string[] _command = ["sleep", "1000"];

        public HashSet<string> Steps { get; } = [];

        public async Task GoOnAsync(int step)
        {
            var all = cluster.Containers.List().OrderBy(each => each.Name, StringComparer.Ordinal).ToArray();
            var one = all.Length > 0 ? all[random.Next(all.Length)] : null;
            var daemon = one is null ? daemons[random.Next(daemons.Length)] : daemons.Single(each => each.HostName == one.EngineName);
            try
            {
                await TakeAsync(step, all.Length < 3 ? random.Next(3) : random.Next(13), one, daemon);
            }
            catch (Exception error) when (error is ContainerNotFoundException or EngineApiException { StatusCode: HttpStatusCode.Conflict or HttpStatusCode.NotFound })
            {
                // What the last step past the cluster did need not have been seen yet.
                Steps.Add(error.GetType().Name);
            }
        }

        private async Task TakeAsync(int step, int choice, ClusterContainer? one, DockerDaemon daemon)
        {
            var name = $"step{step}";
            switch (choice)
            {
                case 0:
                    Steps.Add("create");
                    await cluster.Containers.CreateAsync(Some(name));
                    break;
                case 1:
                    Steps.Add("run");
                    await cluster.Containers.RunAsync(Some(name));
                    break;
                case 2:
                    Steps.Add("create past the cluster");
                    await PostAsync(daemon, $"create?name={name}", new { DockerDaemons.Image, Cmd = _command, Labels = new { from = "outside" }, HostConfig = new { Memory = 16 * MiB, NanoCpus = 20_000_000 } });
                    break;
                case 3:
                    Steps.Add("start");
                    await cluster.Containers.StartAsync(one!.Id);
                    break;
                case 4:
                    Steps.Add("stop");
                    await cluster.Containers.StopAsync(one!.Id, TimeSpan.Zero);
                    break;
                case 5:
                    Steps.Add("kill");
                    await cluster.Containers.KillAsync(one!.Id);
                    break;
                case 6:
                    Steps.Add("remove");
                    await cluster.Containers.RemoveAsync(one!.Id, force: true);
                    break;
                case 7:
                    Steps.Add("start past the cluster");
                    await PostAsync(daemon, $"{one!.Id}/start");
                    break;
                case 8:
                    Steps.Add("kill past the cluster");
                    await PostAsync(daemon, $"{one!.Id}/kill");
                    break;
                case 9:
                    Steps.Add("pause or unpause past the cluster");
                    await PostAsync(daemon, one!.State == ContainerState.Paused ? $"{one.Id}/unpause" : $"{one.Id}/pause");
                    break;
                case 10:
                    Steps.Add("rename past the cluster");
                    await PostAsync(daemon, $"{one!.Id}/rename?name={name}");
                    break;
                case 11:
                    Steps.Add("update past the cluster");
                    await PostAsync(daemon, $"{one!.Id}/update", new { CpuPeriod = 0, NanoCpus = 30_000_000, Memory = 48 * MiB, MemorySwap = -1 });
                    break;
                default:
                    Steps.Add("remove past the cluster");
                    using (await daemon.Http.DeleteAsync($"containers/{one!.Id}?force=1"))
                    {
                        break;
                    }
            }
        }

        private ContainerSpec Some(string name) => ClusterUnderTest.Sleeper(name) with
        {
            MemoryBytes = random.Next(8, 64) * MiB,
            NanoCpus = random.Next(1, 5) * 10_000_000,
            Labels = LabelSet.Create(KeyValuePair.Create("step", name)),
        };

        // Refused where it does not fit the container's state, which is fine: the engine's word counts in the end.
        private static async Task PostAsync(DockerDaemon daemon, string what, object? body = null)
        {
            using var response = body is null ? await daemon.Http.PostAsync($"containers/{what}", null) : await daemon.Http.PostAsJsonAsync($"containers/{what}", body);
        }
    }
}
