using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>Engines of a cluster that die, freeze and get lost.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterOutageTests
{
    private static readonly TimeSpan _callTimeout = TimeSpan.FromSeconds(2);

    [Test]
    public async Task A_killed_engine_gets_no_work_and_is_taken_back_with_what_it_has_by_then()
    {
        var other = await DockerDaemons.SharedAsync();
        await using var daemon = await DockerDaemons.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.PingInterval = TimeSpan.FromHours(1), other.Tcp, daemon.Tcp);
        var kept = await cluster.Containers.RunAsync(On(daemon, "kept"));
        await cluster.Containers.CreateAsync(On(other, "ballast1"));
        await cluster.Containers.CreateAsync(On(other, "ballast2"));

        await daemon.KillAsync();

        var killed = TimeProvider.System.GetTimestamp();
        var lost = await cluster.UntilAsync(daemon.Tcp, EngineStatus.Unhealthy);
        Report("a killed engine was noticed", killed);
        lost.Reason.Should().NotBeNullOrEmpty();
        lost.Containers.Should().ContainSingle("an engine out of reach is no dead container").Which.State.Should().Be(ContainerState.Running);
        for (var i = 0; i < 4; i++)
        {
            (await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper())).EngineName.Should().Be(other.HostName);
        }

        (await cluster.Containers.TryCreateAsync(On(daemon, "stranded"))).IsCreated.Should().BeFalse();
        var stop = () => cluster.Containers.StopAsync("kept", TimeSpan.Zero);
        (await stop.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();

        await daemon.StartAsync();
        using (await daemon.Http.PostAsync($"containers/{kept.Id}/rename?name=renamed", null))
        {
        }

        var events = await cluster.EventsUntilAsync(each => each is EngineChanged { Kind: EngineEventKind.Reconnected });
        events.OfType<EngineChanged>().Where(each => each.Address == daemon.Tcp).Select(each => each.Kind)
            .Should().Equal(EngineEventKind.Discovered, EngineEventKind.Admitted, EngineEventKind.Disconnected, EngineEventKind.Reconnected);
        await cluster.ShouldShowWhatIsOnAsync(daemon, other);
        cluster.Containers.Get("renamed").State.Should().Be(ContainerState.Exited);
        (await cluster.Containers.StartAsync("renamed")).State.Should().Be(ContainerState.Running);
        (await cluster.Containers.CreateAsync(On(daemon, "stranded"))).EngineName.Should().Be(daemon.HostName);
        cluster.OpenReservations.Should().Be(0);
    }

    [Test]
    public async Task Calls_to_a_frozen_engine_end_and_it_is_taken_back_when_it_thaws()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(Short, daemon.Tcp);
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("kept"));

        daemon.Pause();

        var frozen = TimeProvider.System.GetTimestamp();
        var create = cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("lost"));
        var lost = await cluster.UntilAsync(daemon.Tcp, EngineStatus.Unhealthy);
        Report("a frozen engine was noticed", frozen);
        lost.Reason.Should().Contain("ping");
        await ShouldTimeOutAsync(() => create);
        await ShouldAllTimeOutAsync(cluster, "kept");
        Report("all calls to a frozen engine ended", frozen);
        (await cluster.Containers.TryCreateAsync(ClusterUnderTest.Sleeper())).IsCreated.Should().BeFalse();

        daemon.Resume();

        await cluster.UntilAsync(daemon.Tcp, EngineStatus.Healthy);
        await Builders.Eventually.IsTrueAsync(() => cluster.OpenReservations == 0, "the outcome of the create whose caller gave up is found out");
        await Builders.Eventually.IsTrueAsync(() => cluster.Containers.List().All(each => each.Name != "lost"), "what its caller was told had failed does not stay");
        await cluster.ShouldShowWhatIsOnAsync(daemon);
        (await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("new"))).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task An_engine_behind_a_link_that_loses_everything_is_given_up_and_taken_back()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(Short, proxy.Address);
        await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("kept"));
        var link = new TaskCompletionSource();

        proxy.LinkGate = link.Task;

        var cut = TimeProvider.System.GetTimestamp();
        (await cluster.UntilAsync(proxy.Address, EngineStatus.Unhealthy)).Reason.Should().Contain("ping");
        Report("a lost link was noticed", cut);
        await ShouldAllTimeOutAsync(cluster, "kept");
        Report("all calls over a lost link ended", cut);
        using (await daemon.Http.PostAsync($"containers/create?name=meanwhile", new StringContent($$"""{"Image":"{{DockerDaemons.Image}}"}""", System.Text.Encoding.UTF8, "application/json")))
        {
        }

        proxy.LinkGate = Task.CompletedTask;
        link.SetResult();
        await cluster.UntilAsync(proxy.Address, EngineStatus.Healthy);
        await cluster.ShouldShowWhatIsOnAsync(daemon);
        cluster.Containers.Get("meanwhile").State.Should().Be(ContainerState.Created);
    }

    private static void Short(SwarmOptions options)
    {
        options.PingInterval = TimeSpan.FromSeconds(1);
        options.CallTimeout = _callTimeout;
        options.CreateTimeout = _callTimeout;
        options.RefreshInterval = TimeSpan.FromSeconds(1);
        options.UnknownHoldTime = TimeSpan.FromSeconds(5);
    }

    private static ContainerSpec On(DockerDaemon daemon, string name) => ClusterUnderTest.Sleeper(name) with { Constraints = [$"node=={daemon.HostName}"] };

    private static Task ShouldAllTimeOutAsync(ClusterUnderTest cluster, string container) => Task.WhenAll(
        ShouldTimeOutAsync(() => cluster.Containers.StartAsync(container)),
        ShouldTimeOutAsync(() => cluster.Containers.StopAsync(container, TimeSpan.Zero)),
        ShouldTimeOutAsync(() => cluster.Containers.KillAsync(container)),
        ShouldTimeOutAsync(() => cluster.Containers.InspectAsync(container)),
        ShouldTimeOutAsync(() => cluster.Containers.RemoveAsync(container)));

    // The deadline is far away: it is for a call that never ends.
    private static async Task ShouldTimeOutAsync(Func<Task> call)
    {
        var bounded = () => call().WaitAsync(TimeSpan.FromSeconds(60));
        (await bounded.Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(_callTimeout);
    }

    private static void Report(string what, long since) =>
        TestContext.Out.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} after {TimeProvider.System.GetElapsedTime(since).TotalMilliseconds:0} ms"));
}
