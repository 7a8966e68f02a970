using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>Containers that go: removed by several at once, by themselves, by somebody in between, and their names after them.</summary>
[CancelAfter(60_000)]
public sealed class ClusterRemovalTests
{
    private static readonly TimeSpan _removalTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(10);

    [Test]
    public async Task Two_that_remove_a_container_at_once_both_succeed(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        await PassAsync(cluster, cluster.Containers.RemoveAsync(web.Id, force: true, cancellationToken: cancellationToken), cluster.Containers.RemoveAsync(web.Id, force: true, cancellationToken: cancellationToken));

        cluster.Containers.List().Should().BeEmpty();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_removes_itself_can_be_removed_right_after_its_stop(bool force, CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await RunAutoRemovedAsync(cluster, cancellationToken);
        var stopped = await PassAsync(cluster, cluster.Containers.StopAsync("web", TimeSpan.Zero, cancellationToken));

        await PassAsync(cluster, cluster.Containers.RemoveAsync(stopped.Id, force, cancellationToken: cancellationToken));

        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task What_somebody_was_quicker_to_remove_is_removed(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).DropEvents(10, "destroy");
        await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: true, cancellationToken);

        await cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);

        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    [CancelAfter(15_000)]
    public async Task What_runs_is_not_removed_without_force_and_that_is_told_at_once(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        var remove = () => cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);

        (await remove.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        cluster.Host(0).CallCount(EngineOperation.RemoveContainer).Should().Be(1);
    }

    [Test]
    public async Task A_removal_of_somebody_elses_that_does_not_end_is_told_when_the_time_is_over(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var asked = 0;
        taps!.Engines[0].OnRemove = (_, _) =>
        {
            asked++;
            throw new EngineApiException(TestCluster.AddressOf(0), "remove container", HttpStatusCode.Conflict, "in progress");
        };
        taps.Engines[0].OnInspected = inspection => inspection with { View = inspection.View with { State = ContainerState.Removing } };
        var begun = cluster.Time.GetUtcNow();

        var remove = cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);
        await cluster.PassTimeUntilAsync(() => remove.IsCompleted, "it is given up", TimeSpan.FromSeconds(1));

        (await remove.Awaiting(given => given).Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (cluster.Time.GetUtcNow() - begun).Should().BeGreaterThan(new SwarmOptions().CreateTimeout - TimeSpan.FromSeconds(5));
        asked.Should().BeLessThan(100, "it is asked with longer and longer pauses");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_removal_that_an_engine_refuses_although_nobody_else_is_at_it_is_told_soon(bool force, CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        taps!.Engines[0].OnRemove = (_, _) => throw new EngineApiException(TestCluster.AddressOf(0), "remove container", HttpStatusCode.Conflict, "others depend on it");
        var begun = cluster.Time.GetUtcNow();

        var remove = cluster.Containers.RemoveAsync("web", force, cancellationToken: cancellationToken);
        await cluster.PassTimeUntilAsync(() => remove.IsCompleted, "it is given up", TimeSpan.FromMilliseconds(100));

        (await remove.Awaiting(given => given).Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().Be("others depend on it");
        (cluster.Time.GetUtcNow() - begun).Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stopping_what_removes_itself_does_not_leave_it_running(bool takesTime, CancellationToken cancellationToken)
    {
        await using var cluster = takesTime ? await StartAsync() : await TestCluster.StartAsync();
        await RunAutoRemovedAsync(cluster, cancellationToken);

        var stopped = await cluster.Containers.StopAsync("web", TimeSpan.Zero, cancellationToken);

        stopped.State.Should().Be(ContainerState.Removing);
        stopped.View.ExitCode.Should().Be(takesTime ? 137 : 0, "it is known as long as the engine shows it");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Killing_what_removes_itself_does_not_leave_it_running(bool takesTime, CancellationToken cancellationToken)
    {
        await using var cluster = takesTime ? await StartAsync() : await TestCluster.StartAsync();
        await RunAutoRemovedAsync(cluster, cancellationToken);

        (await cluster.Containers.KillAsync("web", cancellationToken: cancellationToken)).State.Should().Be(ContainerState.Removing);
    }

    [Test]
    public async Task The_name_of_what_removes_itself_can_be_used_again_right_after_its_stop(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await RunAutoRemovedAsync(cluster, cancellationToken);
        var stopped = await PassAsync(cluster, cluster.Containers.StopAsync("web", TimeSpan.Zero, cancellationToken));

        var again = await PassAsync(cluster, cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken));

        again.Id.Should().NotBe(stopped.Id);
        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(again.Id);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_name_that_its_engine_holds_for_a_moment_after_its_container_is_gone_is_waited_for(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await GoneButForItsNameAsync(cluster, cancellationToken);

        var again = await PassAsync(cluster, cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken));

        again.Name.Should().Be("web");
        cluster.Host(0).CallCount(EngineOperation.CreateContainer).Should().BeGreaterThan(2, "it was refused at first");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_gets_the_name_that_its_engine_holds_for_a_moment_after_another_is_gone(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("other"), cancellationToken);
        await GoneButForItsNameAsync(cluster, cancellationToken);

        (await PassAsync(cluster, cluster.Containers.RenameAsync("other", "web", cancellationToken))).Name.Should().Be("web");

        cluster.Host(0).CallCount(EngineOperation.RenameContainer).Should().BeGreaterThan(1, "it was refused at first");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_gets_the_name_of_one_that_is_being_removed(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("other"), cancellationToken);
        await RunAutoRemovedAsync(cluster, cancellationToken);
        await PassAsync(cluster, cluster.Containers.StopAsync("web", TimeSpan.Zero, cancellationToken));

        (await PassAsync(cluster, cluster.Containers.RenameAsync("other", "web", cancellationToken))).Name.Should().Be("web");
    }

    [Test]
    public async Task A_name_that_an_engine_goes_on_holding_is_waited_for_briefly(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        taps!.Engines[0].OnCreate = (_, _, _) => throw new EngineApiException(TestCluster.AddressOf(0), "create container", HttpStatusCode.Conflict, "in use");
        var begun = cluster.Time.GetUtcNow();

        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "it is given up", _step);

        await create.Awaiting(given => given).Should().ThrowAsync<NameConflictException>();
        (cluster.Time.GetUtcNow() - begun).Should().BeCloseTo(NameWait.Longest, TimeSpan.FromMilliseconds(500));
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_create_that_is_cancelled_while_it_waits_for_a_name_holds_nothing(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var asked = 0;
        taps!.Engines[0].OnCreate = (_, _, _) =>
        {
            asked++;
            throw new EngineApiException(TestCluster.AddressOf(0), "create container", HttpStatusCode.Conflict, "in use");
        };
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web"), giveUp.Token);
        await cluster.PassTimeUntilAsync(() => asked > 1, "it is sent again", _step);

        await giveUp.CancelAsync();

        await create.Awaiting(given => given).Should().ThrowAsync<OperationCanceledException>();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_job_that_removes_itself_is_no_trouble_for_its_removal(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(engine: (options, _) => options with { RemovalTime = _removalTime }, logs: logs);
        var job = cluster.Containers.RunToCompletionAsync(TestCluster.Spec("web") with { Command = ["false"], AutoRemove = true }, cancellationToken: cancellationToken);

        (await PassAsync(cluster, job)).ExitCode.Should().Be(1);

        cluster.Containers.List().Should().BeEmpty();
        logs.Entries.Select(entry => entry.Event).Should().NotContain(each => each != null && each.StartsWith("Orphan", StringComparison.Ordinal));
    }

    private static Task<TestCluster> StartAsync() => TestCluster.StartAsync(engine: (options, _) => options with { RemovalTime = _removalTime });

    private static Task<ClusterContainer> RunAutoRemovedAsync(TestCluster cluster, CancellationToken cancellationToken) =>
        cluster.Containers.RunAsync(TestCluster.Spec("web") with { AutoRemove = true }, cancellationToken);

    // Its engine does not list it any more, the cluster has seen that, and the name is not free yet.
    private static async Task GoneButForItsNameAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var removal = cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: true, cancellationToken);
        cluster.Time.Advance((_removalTime / 2) + _step);
        var pause = () => cluster.Containers.PauseAsync(web.Id, cancellationToken);
        await pause.Should().ThrowAsync<ContainerNotFoundException>();
        removal.IsCompleted.Should().BeFalse();
    }

    private static async Task<T> PassAsync<T>(TestCluster cluster, Task<T> call)
    {
        await PassAsync(cluster, (Task)call);
        return await call;
    }

    private static async Task PassAsync(TestCluster cluster, params Task[] calls)
    {
        await cluster.PassTimeUntilAsync(() => calls.All(call => call.IsCompleted), "the calls end", _step);
        await Task.WhenAll(calls);
    }
}
