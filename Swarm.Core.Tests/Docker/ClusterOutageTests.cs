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

        var killed = TimeProvider.System.GetTimestamp();
        var kill = daemon.KillAsync();

        var lost = await cluster.UntilAsync(daemon.Tcp, EngineStatus.Unhealthy);
        Report("a killed engine was noticed", killed);
        await kill;
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
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Creates_under_way_when_their_engine_is_killed_end_in_one_container_or_none()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(Short, daemon.Tcp);
        var creates = Enumerable.Range(0, 30).Select(number => IdOrNullAsync(cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper($"race{number}")))).ToArray();
        await Builders.Eventually.IsTrueAsync(() => creates.Count(create => create.IsCompleted) >= 3, "some are done, others under way");

        await daemon.KillAsync();

        var outcomes = await Task.WhenAll(creates);
        await daemon.StartAsync();
        await cluster.UntilAsync(daemon.Tcp, EngineStatus.Healthy);
        var returned = outcomes.OfType<string>().Order(StringComparer.Ordinal).ToArray();
        TestContext.Out.WriteLine($"{returned.Length} of {outcomes.Length} were returned");
        await Builders.Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "it is known what became of each");
        await Builders.Eventually.IsTrueAsync(() => cluster.Containers.List().Count == returned.Length, "those whose callers were told of a failure are removed");
        (await ClusterUnderTest.ListAsync(daemon)).Select(each => each.Id).Should().Equal(returned);
        await cluster.ShouldShowWhatIsOnAsync(daemon);
    }

    [Test]
    public async Task A_run_that_failed_in_an_outage_leaves_nothing_when_it_is_over()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(Short, proxy.Address);
        proxy.Next(request => request.Target.EndsWith("/start", StringComparison.Ordinal), ProxyFault.DropAnswer);
        proxy.Next(request => request.Method == "DELETE", ProxyFault.Hangup);
        proxy.Next(request => request.Method == "DELETE", ProxyFault.Silence);

        var run = () => cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("half"));

        await run.Should().ThrowAsync<EngineUnreachableException>();
        await Builders.Eventually.IsTrueAsync(() => cluster.Containers.List().Count == 0, "what did not run for its caller is removed");
        proxy.Requests.Count(request => request.Method == "DELETE").Should().Be(3);
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
    }

    [Test]
    public async Task Calls_to_a_frozen_engine_end_and_it_is_taken_back_when_it_thaws()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(Short, daemon.Tcp);
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("kept"));

        await daemon.PauseAsync();

        var frozen = TimeProvider.System.GetTimestamp();
        var create = cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("lost"));
        var lost = await cluster.UntilAsync(daemon.Tcp, EngineStatus.Unhealthy);
        Report("a frozen engine was noticed", frozen);
        lost.Reason.Should().ContainAny("ping", "no answer within"); // or a list that was under way
        await ShouldTimeOutAsync(() => create);
        await ShouldAllTimeOutAsync(cluster, "kept");
        Report("all calls to a frozen engine ended", frozen);
        (await cluster.Containers.TryCreateAsync(ClusterUnderTest.Sleeper())).IsCreated.Should().BeFalse();

        daemon.Resume();

        await cluster.UntilAsync(daemon.Tcp, EngineStatus.Healthy);
        await Builders.Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "the outcome of the create whose caller gave up is found out");
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
        (await cluster.UntilAsync(proxy.Address, EngineStatus.Unhealthy)).Reason.Should().ContainAny("ping", "no answer within"); // or a list that was under way
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

    private static async Task<string?> IdOrNullAsync(Task<ClusterContainer> create)
    {
        try
        {
            return (await create).Id;
        }
        catch (EngineException)
        {
            return null;
        }
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
