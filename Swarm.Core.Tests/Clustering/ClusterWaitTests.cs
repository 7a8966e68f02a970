using System.Runtime.ExceptionServices;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;
using static Swarm.Core.Builders.StreamCluster;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterWaitTests
{
    [Test]
    public async Task A_wait_ends_with_the_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("talk"), cancellationToken);

        var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: cancellationToken);

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).Should().Be(new ContainerExit(3));
    }

    [Test]
    public async Task A_wait_and_the_state_tell_that_a_container_ran_out_of_memory(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep") with { MemoryBytes = 64 << 20 }, cancellationToken);
        var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: cancellationToken);

        cluster.Host(0).RunOutOfMemory(container.Id);

        (await wait).Should().Be(new ContainerExit(137, "It was killed because it went beyond its memory limit of 67108864 bytes.") { RanOutOfMemory = true });
        await cluster.UntilAsync(() => cluster.Containers.Get(container.Id).State == ContainerState.Exited, "its end is seen");
        cluster.Containers.Get(container.Id).View.RanOutOfMemory.Should().BeTrue();
        (await cluster.Containers.StartAsync(container.Id, cancellationToken)).View.RanOutOfMemory.Should().BeFalse("it runs again");
    }

    [Test]
    public async Task A_wait_throws_nothing_while_it_waits(CancellationToken cancellationToken)
    {
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs caught)
        {
            if (caught.Exception is TimeoutException && Environment.StackTrace.Contains(nameof(ContainerWaiter), StringComparison.Ordinal))
            {
                Interlocked.Increment(ref thrown);
            }
        }

        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("long-talk"), cancellationToken);
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: cancellationToken);
            await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "ten minutes pass", TimeSpan.FromSeconds(1));
            (await wait).ExitCode.Should().Be(3);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        thrown.Should().Be(0);
    }

    [Test]
    public async Task A_wait_outlasts_an_outage(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: cancellationToken);

        cluster.Host(0).Disconnect();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the outage is noticed");
        wait.IsCompleted.Should().BeFalse();
        cluster.Host(0).EndProcess(container.Id, 7);
        cluster.Host(0).Reconnect();

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).ExitCode.Should().Be(7);
    }

    [Test]
    public async Task A_wait_notices_an_engine_that_fell_silent(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, WaitCondition.NotRunning, cancellationToken);

        cluster.Host(0).Hang();
        await cluster.PassTimeUntilAsync(() => cluster.Is(0, EngineStatus.Unhealthy), "the silence is noticed");
        cluster.Host(0).Resume();
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) > 1, "the engine is asked again");
        cluster.Host(0).EndProcess(container.Id, 1);

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_container_that_is_removed_during_an_outage_is_said_to_be_gone([Values] WaitCondition condition, CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, condition, cancellationToken);

        cluster.Host(0).Disconnect();
        await cluster.Host(0).Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);
        cluster.Host(0).Reconnect();

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task The_next_exit_is_seen_also_when_it_happened_during_an_outage(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, WaitCondition.NextExit, cancellationToken);

        cluster.Host(0).Disconnect();
        cluster.Host(0).EndProcess(container.Id, 9);
        cluster.Host(0).Reconnect();

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).ExitCode.Should().Be(9);
    }

    [Test]
    public async Task The_next_exit_is_seen_also_when_it_happens_before_the_engine_was_asked(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        cluster.Host(0).SetLatency(TimeSpan.FromMilliseconds(500));
        var wait = cluster.Containers.WaitAsync(container.Id, WaitCondition.NextExit, cancellationToken);
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) == 1, "the question is on its way");

        cluster.Host(0).EndProcess(container.Id, 4);

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).ExitCode.Should().Be(4);
    }

    [Test]
    public async Task An_exit_during_an_outage_that_a_new_start_hides_is_said_to_be_lost(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, WaitCondition.NextExit, cancellationToken);

        cluster.Host(0).Disconnect();
        cluster.Host(0).EndProcess(container.Id, 9);
        await cluster.Host(0).Local.Containers.StartAsync(container.Id, cancellationToken);
        cluster.Host(0).Reconnect();

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<ExitLostException>();
    }

    [Test]
    public async Task The_next_exit_is_waited_for_over_an_outage_in_which_nothing_happened(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, WaitCondition.NextExit, cancellationToken);

        cluster.Host(0).Disconnect();
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) > 1, "the engine is asked again");
        wait.IsCompleted.Should().BeFalse();
        cluster.Host(0).EndProcess(container.Id, 2);

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        (await wait).ExitCode.Should().Be(2);
    }

    [Test]
    public async Task A_wait_ends_with_the_token_of_its_caller(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        using var giveUp = new CancellationTokenSource();
        var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: giveUp.Token);

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_stop_of_the_cluster_ends_waits_and_streams(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var wait = cluster.Containers.WaitAsync(container.Id, cancellationToken: cancellationToken);
        await using var log = await cluster.Containers.OpenLogsAsync(container.Id, new LogOptions { Follow = true }, cancellationToken);
        var read = log.ReadAsync(cancellationToken).AsTask();

        await cluster.Cluster.StopAsync(cancellationToken);

        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => read).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task An_exit_during_an_outage_that_a_later_one_hides_is_said_to_be_lost(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var (container, wait) = await WaitForSleeperAsync(cluster, WaitCondition.NextExit, cancellationToken);

        cluster.Host(0).Disconnect();
        cluster.Host(0).EndProcess(container.Id, 9);
        cluster.Time.Advance(TimeSpan.FromMilliseconds(1));
        await cluster.Host(0).Local.Containers.StartAsync(container.Id, cancellationToken);
        cluster.Host(0).EndProcess(container.Id, 5);
        cluster.Host(0).Reconnect();

        await cluster.PassTimeUntilAsync(() => wait.IsCompleted, "the wait ends");
        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<ExitLostException>();
    }

    /// <summary>Runs a container that goes on, and waits for it until its engine has been asked.</summary>
    private static async Task<(ClusterContainer Container, Task<ContainerExit> Wait)> WaitForSleeperAsync(TestCluster cluster, WaitCondition condition, CancellationToken cancellationToken)
    {
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var wait = cluster.Containers.WaitAsync(container.Id, condition, cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) == 1, "the engine was asked");
        return (container, wait);
    }
}
