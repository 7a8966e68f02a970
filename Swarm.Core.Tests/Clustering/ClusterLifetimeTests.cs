using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterLifetimeTests
{
    [Test]
    public async Task Starting_a_started_cluster_does_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();

        await cluster.Cluster.StartAsync();

        cluster.Host(0).CallCount(EngineOperation.Connect).Should().Be(1);
        cluster.Discovery.WatchCount.Should().Be(1);
    }

    [Test]
    public async Task Two_starts_at_once_are_one()
    {
        await using var cluster = TestCluster.Create(engines: 2);

        await Task.WhenAll(cluster.StartAsync(), cluster.StartAsync());

        cluster.Hosts.CallCount(EngineOperation.Connect).Should().Be(2);
        cluster.Discovery.WatchCount.Should().Be(1);
    }

    [Test]
    public async Task Stopping_a_stopped_cluster_does_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Cluster.StopAsync();

        await cluster.Cluster.StopAsync();

        cluster.Cluster.Snapshot.Nodes.Should().BeEmpty();
    }

    [Test]
    public async Task Containers_go_on_running_after_a_stop_and_are_found_by_the_next_start(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        await cluster.Cluster.StopAsync(cancellationToken);
        await cluster.StartAsync();

        cluster.Containers.Get("web").Should().Match<ClusterContainer>(found => found.Id == web.Id && found.State == ContainerState.Running);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("next"), cancellationToken)).EngineId.Should().Be("ID-0");
    }

    [Test]
    public async Task A_start_that_is_given_up_leaves_the_cluster_stopped()
    {
        await using var cluster = TestCluster.Create();
        cluster.Host(0).Hang();
        using var patience = new CancellationTokenSource();
        var start = cluster.Cluster.StartAsync(patience.Token);

        await patience.CancelAsync();

        await start.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        cluster.Discovery.WatchCount.Should().Be(0);
        var list = () => cluster.Containers.List();
        list.Should().Throw<InvalidOperationException>();
        cluster.Host(0).Resume();
        await cluster.StartAsync();
        cluster.Engine(0).Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public async Task A_start_waits_no_longer_than_it_may_for_an_engine_that_hangs()
    {
        await using var cluster = TestCluster.Create(engines: 2, options: options => options.StartupTimeout = TimeSpan.FromSeconds(1));
        cluster.Host(0).Hang();

        await cluster.StartAsync();

        cluster.Time.GetUtcNow().Should().BeBefore(new DateTimeOffset(2026, 1, 1, 0, 0, 4, TimeSpan.Zero));
        cluster.Engine(0).Status.Should().Be(EngineStatus.Pending);
        cluster.Engine(1).Status.Should().Be(EngineStatus.Healthy);
    }

    [Test]
    public async Task A_start_with_wrong_options_lists_all_mistakes_and_starts_nothing()
    {
        await using var cluster = TestCluster.Create(options: options =>
        {
            options.Filters = ["health", "nosuch"];
            options.CallTimeout = TimeSpan.FromDays(2);
            options.EventBufferCapacity = 0;
        });

        var start = () => cluster.Cluster.StartAsync();

        (await start.Should().ThrowAsync<InvalidOptionsException>()).Which.Errors.Should().HaveCount(3);
        cluster.Discovery.WatchCount.Should().Be(0);
    }

    [Test]
    public async Task A_cluster_that_is_not_started_says_so()
    {
        await using var cluster = TestCluster.Create();

        await AssertAllCallsThrowAsync<InvalidOperationException>(cluster);
    }

    [Test]
    public async Task A_cluster_that_was_disposed_of_says_so()
    {
        var cluster = await TestCluster.StartAsync();

        await cluster.DisposeAsync();

        await AssertAllCallsThrowAsync<ObjectDisposedException>(cluster);
        var start = () => cluster.Cluster.StartAsync();
        await start.Should().ThrowAsync<ObjectDisposedException>();
        await cluster.Cluster.StopAsync();
        await cluster.DisposeAsync();
    }

    [Test]
    public async Task Creates_under_way_end_before_the_disposal_does(CancellationToken cancellationToken)
    {
        var cluster = await TestCluster.StartAsync(engines: 2);
        cluster.Host(0).Hang();
        cluster.Host(1).Hang();
        var creates = Enumerable.Range(0, 8).Select(number => cluster.Containers.CreateAsync(TestCluster.Spec($"c{number}"), cancellationToken)).ToArray();

        await cluster.DisposeAsync();

        await cluster.UntilAsync(() => creates.All(create => create.IsCompleted), "nobody waits any more");
        foreach (var create in creates)
        {
            await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>().WithMessage("*stopped*");
        }
    }

    [Test]
    public async Task A_create_that_was_done_when_the_cluster_stops_succeeds(CancellationToken cancellationToken)
    {
        TappedConnector? connector = null;
        var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        connector!.Engines[0].OnInspect = (_, token) => Task.Delay(Timeout.Infinite, token);
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.CreateContainer) == 1, "the engine has made it");
        var made = await cluster.Host(0).Local.Containers.ListAsync(cancellationToken);

        await cluster.DisposeAsync();

        (await create).Id.Should().Be(made.Single().Id);
    }

    [Test]
    public async Task A_stop_can_be_waited_for_less_long_than_it_takes()
    {
        var cluster = await TestCluster.StartAsync();

        var stop = () => cluster.Cluster.StopAsync(new CancellationToken(canceled: true));

        await stop.Should().ThrowAsync<OperationCanceledException>();
        await cluster.DisposeAsync();
        cluster.Discovery.WatchCount.Should().Be(0);
    }

    [Test]
    public async Task Nothing_of_a_cluster_is_left_after_its_disposal(CancellationToken cancellationToken)
    {
        var time = new CountingTimeProvider();
        TappedConnector? connector = null;
        var cluster = await TestCluster.StartAsync(engines: 4, connector: hosts => connector = new TappedConnector(hosts), time: time);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(1).Hang();
        cluster.Host(2).PowerOff();
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Unhealthy) && cluster.Is(2, EngineStatus.Unhealthy), "two are in trouble");
        cluster.Discovery.Remove(TestCluster.AddressOf(3));
        await cluster.UntilAsync(() => !cluster.Engine(3).IsEligible, "one is leaving");
        time.LiveTimers.Should().BePositive();

        await cluster.DisposeAsync();

        connector!.Engines.Should().HaveCount(4).And.OnlyContain(engine => engine.Disposals == 1 && engine.OpenStreams == 0);
        cluster.Discovery.WatchCount.Should().Be(0);
        time.LiveTimers.Should().Be(0);
        var calls = Calls(cluster);
        time.Advance(TimeSpan.FromHours(1));
        Calls(cluster).Should().Be(calls);
    }

    [Test]
    public async Task An_engine_that_does_not_let_go_does_not_hold_up_the_stop_for_ever()
    {
        TappedConnector? connector = null;
        var cluster = await TestCluster.StartAsync(connector: hosts => connector = new TappedConnector(hosts));
        connector!.Engines[0].OnDispose = () => Task.Delay(Timeout.Infinite);

        var stop = cluster.DisposeAsync().AsTask();

        await cluster.PassTimeUntilAsync(() => stop.IsCompleted, "it is given up", TimeSpan.FromSeconds(1));
        await stop;
    }

    [Test]
    public async Task An_engine_that_does_not_let_go_does_not_keep_its_address_for_ever()
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(options: options => options.EngineRemovalGrace = TimeSpan.Zero, connector: hosts => connector = new TappedConnector(hosts));
        connector!.Engines[0].OnDispose = () => Task.Delay(Timeout.Infinite);

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => connector.Engines[0].Disposals == 1, "it is being let go");
        cluster.Discovery.Add(TestCluster.AddressOf(0));

        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Healthy), "its successor takes over", TimeSpan.FromSeconds(1));
        connector.Engines.Should().HaveCount(2);
    }

    [Test]
    public async Task A_connector_that_fails_when_it_is_cancelled_does_not_make_the_stop_fail(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource();
        var cluster = TestCluster.Create(connector: _ => new DelegateConnector(async (_, token) =>
        {
            await using var registration = token.Register(() => throw new InvalidOperationException("This connector cannot be cancelled."));
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            throw new NotSupportedException();
        }));
        var start = cluster.Cluster.StartAsync(cancellationToken);
        await reached.Task.WaitAsync(cancellationToken);

        await cluster.DisposeAsync();

        cluster.Discovery.WatchCount.Should().Be(0);
        await start.Awaiting(task => task).Should().ThrowAsync<Exception>("it was stopped while it started");
    }

    [Test]
    public async Task Nothing_is_left_of_an_engine_that_was_let_go()
    {
        TappedConnector? connector = null;
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hosts => connector = new TappedConnector(hosts));
        var leaving = connector!.Engines.Single(engine => engine.Address == TestCluster.AddressOf(0));

        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "it is let go", TimeSpan.FromSeconds(1));

        await cluster.UntilAsync(() => leaving is { Disposals: 1, OpenStreams: 0 }, "its connection is closed");
    }

    private static int Calls(TestCluster cluster) => Enum.GetValues<EngineOperation>().Sum(cluster.Hosts.CallCount);

    private static async Task AssertAllCallsThrowAsync<TException>(TestCluster cluster)
        where TException : Exception
    {
        Func<Task>[] calls =
        [
            () => cluster.Containers.CreateAsync(TestCluster.Spec()),
            () => cluster.Containers.TryCreateAsync(TestCluster.Spec()),
            () => cluster.Containers.RunAsync(TestCluster.Spec()),
            () => cluster.Containers.StartAsync("web"),
            () => cluster.Containers.StopAsync("web"),
            () => cluster.Containers.KillAsync("web"),
            () => cluster.Containers.RemoveAsync("web"),
            () => cluster.Containers.InspectAsync("web"),
            () => Task.FromResult(cluster.Containers.List()),
            () => Task.FromResult(cluster.Containers.Get("web")),
            () => Task.FromResult(cluster.Cluster.Engines.List()),
            () => cluster.Cluster.Engines.WaitUntilAsync(_ => true),
        ];
        foreach (var call in calls)
        {
            await call.Should().ThrowExactlyAsync<TException>();
        }
    }
}
