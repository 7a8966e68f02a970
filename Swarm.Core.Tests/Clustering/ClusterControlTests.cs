using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterControlTests
{
    [Test]
    public async Task A_restarted_container_is_shown_running_anew_when_the_call_returns(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.Containers.KillAsync("web", cancellationToken: cancellationToken);

        var restarted = await cluster.Containers.RestartAsync("web", TimeSpan.Zero, cancellationToken);

        restarted.State.Should().Be(ContainerState.Running);
        cluster.Containers.Get("web").State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_restart_waits_for_as_long_as_the_container_is_given_to_stop(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        var begun = cluster.Time.GetUtcNow();

        var restart = cluster.Containers.RestartAsync("web", TimeSpan.FromMinutes(5), cancellationToken);
        await cluster.PassTimeUntilAsync(() => restart.IsCompleted, "it restarts", TimeSpan.FromSeconds(5));

        (await restart).State.Should().Be(ContainerState.Running);
        (cluster.Time.GetUtcNow() - begun).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    [Test]
    public async Task A_grace_that_no_timer_can_wait_is_refused_at_once_and_the_longest_that_one_can_is_not(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        var tooLong = new[] { TimeSpan.MaxValue, TimeSpan.FromDays(30) + TimeSpan.FromTicks(1), TimeSpan.FromTicks(-1), TimeSpan.MinValue };

        foreach (var grace in tooLong)
        {
            Action stop = () => _ = cluster.Containers.StopAsync("web", grace, cancellationToken);
            Action restart = () => _ = cluster.Containers.RestartAsync("web", grace, cancellationToken);

            stop.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("grace");
            restart.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("grace");
        }

        await cluster.Containers.KillAsync("web", cancellationToken: cancellationToken);
        (await cluster.Containers.StopAsync("web", TimeSpan.FromDays(30), cancellationToken)).State.Should().Be(ContainerState.Exited);
        (await cluster.Containers.RestartAsync("web", TimeSpan.FromDays(30), cancellationToken)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_container_is_shown_paused_and_running_again_when_the_calls_return(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        var paused = await cluster.Containers.PauseAsync("web", cancellationToken);
        var listed = cluster.Containers.Get("web").State;
        var again = () => cluster.Containers.PauseAsync("web", cancellationToken);
        (await again.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        var unpaused = await cluster.Containers.UnpauseAsync("web", cancellationToken);

        (paused.State, listed, unpaused.State).Should().Be((ContainerState.Paused, ContainerState.Paused, ContainerState.Running));
    }

    [Test]
    public async Task Processes_and_changes_are_asked_of_the_engine_that_has_the_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        var processes = await cluster.Containers.TopAsync("web", "-o pid,comm", cancellationToken);
        var changes = await cluster.Containers.ListChangesAsync("web", cancellationToken);
        await cluster.Containers.ResizeAsync("web", 120, 40, cancellationToken);

        processes.Processes.Should().ContainSingle().Which[1].Should().Be("sleep");
        changes.Should().BeEmpty();
        var host = cluster.Hosts.Addresses.Select(address => cluster.Hosts[address]).Single(each => each.DaemonId == web.EngineId);
        host.CallCount(EngineOperation.ResizeTerminal).Should().Be(1);
        cluster.Hosts.CallCount(EngineOperation.ListProcesses).Should().Be(1);
    }

    [Test]
    public async Task A_terminal_has_a_size(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        var narrow = () => cluster.Containers.ResizeAsync("web", 0, 40, cancellationToken);
        var flat = () => cluster.Containers.ResizeAsync("web", 120, -1, cancellationToken);

        await narrow.Should().ThrowAsync<ArgumentOutOfRangeException>();
        await flat.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Test]
    public async Task What_is_not_there_cannot_be_controlled(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var containers = cluster.Containers;
        Func<Task>[] calls =
        [
            () => containers.RestartAsync("absent", cancellationToken: cancellationToken),
            () => containers.PauseAsync("absent", cancellationToken),
            () => containers.UnpauseAsync("absent", cancellationToken),
            () => containers.RenameAsync("absent", "web", cancellationToken),
            () => containers.UpdateAsync("absent", new ContainerUpdateSpec(), cancellationToken),
            () => containers.TopAsync("absent", cancellationToken: cancellationToken),
            () => containers.ListChangesAsync("absent", cancellationToken),
            () => containers.ResizeAsync("absent", 80, 25, cancellationToken),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<ContainerNotFoundException>();
        }
    }

    [Test]
    public async Task Something_else_that_an_engine_does_not_find_is_not_taken_for_the_container(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { NetworkMode = "nowhere" }, cancellationToken);

        var start = () => cluster.Containers.StartAsync("web", cancellationToken);

        (await start.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().Contain("network nowhere not found");
    }

    [Test]
    public async Task What_vanished_behind_the_clusters_back_is_not_found_and_forgotten(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        Func<string, Task>[] calls =
        [
            name => cluster.Containers.RestartAsync(name, cancellationToken: cancellationToken),
            name => cluster.Containers.PauseAsync(name, cancellationToken),
            name => cluster.Containers.RenameAsync(name, "other", cancellationToken),
            name => cluster.Containers.UpdateAsync(name, new ContainerUpdateSpec { MemoryBytes = 1L << 30 }, cancellationToken),
            name => cluster.Containers.TopAsync(name, cancellationToken: cancellationToken),
        ];

        foreach (var call in calls)
        {
            var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
            cluster.Host(0).DropEvents(1, "destroy");
            await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: false, cancellationToken);

            var asked = call("web");
            await cluster.PassTimeUntilAsync(() => asked.IsCompleted, "it is answered", TimeSpan.FromMilliseconds(100));

            await FluentActions.Awaiting(() => asked).Should().ThrowAsync<ContainerNotFoundException>();
            await Eventually.IsTrueAsync(() => cluster.Containers.List().Count == 0, "it is forgotten");
            cluster.OpenHolds.Should().Be(0);
        }
    }
}
