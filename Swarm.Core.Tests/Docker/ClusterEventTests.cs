using System.Globalization;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Docker;

/// <summary>What a cluster learns of what others do to real daemons.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterEventTests
{
    private const string EndlessAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const long MiB = 1L << 20;

    [Test]
    public async Task What_the_docker_command_does_shows_up_by_its_events()
    {
        var daemon = await DockerDaemons.SharedAsync();
        DockerCommand.Require();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp); // its lists are an hour apart

        await FollowTheCommandAsync(cluster, daemon);

        await cluster.ShouldShowWhatIsOnAsync(daemon);
    }

    [Test]
    public async Task What_the_docker_command_does_shows_up_by_the_next_list_when_no_event_comes()
    {
        var daemon = await DockerDaemons.SharedAsync();
        DockerCommand.Require();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        proxy.Always(IsEvents, ProxyFault.Say(EndlessAnswer));
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.RefreshInterval = options.InspectionInterval = TimeSpan.FromMilliseconds(300), proxy.Address);

        await FollowTheCommandAsync(cluster, daemon);

        await cluster.ShouldShowWhatIsOnAsync(daemon);
        proxy.Requests.Count(IsEvents).Should().Be(1, "the stream was there all the time, and said nothing");
    }

    [Test]
    public async Task A_container_that_lived_while_the_link_was_down_is_told_of_when_it_is_back()
    {
        var daemon = await DockerDaemons.SharedAsync();
        DockerCommand.Require();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        var isDown = false;
        proxy.Always(request => Volatile.Read(ref isDown) && IsEvents(request), ProxyFault.Hangup);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);

        Volatile.Write(ref isDown, true);
        proxy.Break(proxy.Requests.Last(IsEvents).Connection);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Unhealthy);
        await DockerCommand.RunAsync(daemon.Tcp, "run", "--rm", "--name", "brief", "--label", "who=somebody", DockerDaemons.Image, "true");
        Volatile.Write(ref isDown, false);
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);

        var events = await cluster.EventsUntilAsync(each => each is ContainerChanged { Kind: ContainerEventKind.Removed });
        var told = events.OfType<ContainerChanged>().ToArray();
        told.Select(each => each.Kind).Should().Equal(ContainerEventKind.Appeared, ContainerEventKind.Removed);
        told.Should().OnlyContain(each => each.Container.Name == "brief" && each.Container.Image == DockerDaemons.Image && each.Container.Labels.ValueOrEmpty("who") == "somebody" && each.Container.Labels.Count == 1);
        told.Should().OnlyContain(each => each.EngineName == daemon.HostName && each.Address == proxy.Address && each.EngineId.Length > 0);
    }

    /// <summary>A real daemon answers everything but the stream of events, on which lines as daemons write them are said: nine of ten of commands in containers.</summary>
    [Test]
    public async Task A_hundred_thousand_events_leave_nothing_behind()
    {
        const int Events = 100_000;
        const int Rounds = 8;
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp) { Records = request => IsEvents(request) };
        proxy.Always(IsEvents, ProxyFault.Say(EndlessAnswer));
        var gate = new TaskCompletionSource();
        var time = new CountingSystemTime();
        await using var cluster = await ClusterUnderTest.StartAsync(
            new SwarmPlugins { Discovery = new InMemoryDiscovery([proxy.Address]), TimeProvider = time },
            options => options.PingInterval = TimeSpan.FromHours(1));
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add((await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper())).Id);
        }

        await Eventually.IsTrueAsync(() => cluster.Containers.List().Count == ids.Count, "all are shown");
        var idle = time.LiveTimers;

        // Every connection that can be needed at once is made before anything is counted.
        proxy.Next(request => IsInspect(request, ids[^1]), new ProxyFault { Until = gate.Task });
        for (var i = 1; i < InspectionQueue.QuickLane; i++)
        {
            var held = ids[i];
            proxy.Next(request => IsInspect(request, held), new ProxyFault { Until = gate.Task });
        }

        var connection = proxy.Requests.Single().Connection;
        await SayAsync(proxy, connection, ids, 5_000);
        await Eventually.IsTrueAsync(() => proxy.OpenConnections >= InspectionQueue.QuickLane + 1, "every lane has its connection");
        gate.SetResult();
        await SayAsync(proxy, connection, ids, 20_000);
        await DealtWithAsync("first");
        var (sockets, timers, round) = (proxy.OpenConnections, time.LiveTimers, 0);

        var growth = await HeapGrowth.PerItemAsync(Rounds, Events / Rounds, async events =>
        {
            await SayAsync(proxy, connection, ids, events);
            await DealtWithAsync($"round{round++}");
        });

        // A machine that others keep busy may have needed more connections at once: what is not needed any more is closed after a minute.
        await Eventually.IsTrueAsync(() => time.LiveTimers <= timers && proxy.OpenConnections <= sockets, "timers and sockets are as they were", patience: TimeSpan.FromMinutes(3));
        growth.Should().BeLessThan(1, "one object for one event in ten takes more");
        proxy.Requests.Should().HaveCount(1, "one stream has carried all of it");
        cluster.Engine(daemon).Containers.Should().HaveCount(ids.Count);

        // What was said before has been dealt with when something said last has, and when no call is under way: each has a timer.
        async Task DealtWithAsync(string name)
        {
            using (var response = await daemon.Http.PostAsync($"containers/{ids[0]}/rename?name={name}", null))
            {
                response.EnsureSuccessStatusCode();
            }

            await TellAsync(proxy, connection, Line("rename", ids[0], 0) + "\n");
            await Eventually.IsTrueAsync(() => cluster.Containers.List().Any(each => each.Id == ids[0] && each.Name == name), "everything is dealt with");
            await Eventually.IsTrueAsync(() => time.LiveTimers <= idle, "no call is under way");
        }
    }

    private static async Task FollowTheCommandAsync(ClusterUnderTest cluster, DockerDaemon daemon)
    {
        var id = await DockerCommand.RunAsync(daemon.Tcp, "run", "-d", "--network", "none", "--name", "theirs", "--memory", "32m", DockerDaemons.Image, "sleep", "1000");
        await ShowsAsync("it runs", view => view is { State: ContainerState.Running, Name: "theirs", Resources.MemoryBytes: 32 * MiB });
        await DockerCommand.RunAsync(daemon.Tcp, "rename", "theirs", "renamed");
        await ShowsAsync("it is renamed", view => view?.Name == "renamed");
        await DockerCommand.RunAsync(daemon.Tcp, "update", "--memory", "64m", "--memory-swap", "64m", "renamed");
        await ShowsAsync("its limit, which no list tells, is changed", view => view?.Resources.MemoryBytes == 64 * MiB);
        await DockerCommand.RunAsync(daemon.Tcp, "stop", "-t", "0", "renamed");
        await ShowsAsync("it is stopped", view => view is { State: ContainerState.Exited, ExitCode: 137 });
        await DockerCommand.RunAsync(daemon.Tcp, "rm", "renamed");
        await ShowsAsync("it is gone", view => view is null);

        Task ShowsAsync(string what, Func<ContainerView?, bool> condition) =>
            Eventually.IsTrueAsync(() => condition(cluster.Containers.List().FirstOrDefault(each => each.Id == id)?.View), what);
    }

    private static async Task SayAsync(RecordingProxy proxy, int connection, List<string> ids, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var id = ids[i / 10 % ids.Count];
            text.Append(i % 10 == 9 ? Line("update", id, i) : Line(i % 3 == 0 ? "exec_create: sh -c true" : i % 3 == 1 ? "exec_start: sh -c true" : "exec_die", id, i)).Append('\n');
            if (i % 100 == 99)
            {
                await TellAsync(proxy, connection, text.ToString());
                text.Clear();
            }
        }
    }

    private static string Line(string action, string id, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"status":"{{{action}}}","id":"{{{id}}}","from":"busybox:latest","Type":"container","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}","Attributes":{"image":"busybox:latest","name":"web"}},"scope":"local","time":1795416648,"timeNano":{{{1795416648000000000 + number}}}}""");

    // Formatted text would rent buffers, of which each thread keeps one: bytes that nothing of the library leaves behind.
    private static Task TellAsync(RecordingProxy proxy, int connection, string text) =>
        proxy.TellAsync(connection, Encoding.ASCII.GetBytes(string.Concat(text.Length.ToString("x", CultureInfo.InvariantCulture), "\r\n", text, "\r\n")));

    private static bool IsEvents(RecordedRequest request) => request.Target.Contains("/events", StringComparison.Ordinal);

    private static bool IsInspect(RecordedRequest request, string id) => request.Target.EndsWith($"/containers/{id}/json", StringComparison.Ordinal);
}
