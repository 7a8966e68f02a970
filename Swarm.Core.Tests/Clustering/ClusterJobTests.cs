using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;
using static Swarm.Core.Builders.StreamCluster;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterJobTests
{
    [Test]
    public async Task What_an_engine_repeats_of_the_environment_of_a_job_is_not_shown(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(cluster.Host(0).Address, "start container", HttpStatusCode.BadRequest, "bad TOKEN=hunter22"));

        var run = () => cluster.Containers.RunToCompletionAsync(Spec("true") with { Environment = ["TOKEN=hunter22"] }, cancellationToken: cancellationToken);

        (await run.Should().ThrowAsync<EngineApiException>()).Which.ToString().Should().Contain("TOKEN=[redacted]").And.NotContain("hunter22");
    }

    [Test]
    public async Task A_container_is_run_to_its_end_and_removed(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = cluster.Containers.RunToCompletionAsync(Spec("talk"), cancellationToken: cancellationToken);
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        var completed = await run;
        completed.ExitCode.Should().Be(3);
        completed.Output.StandardOutput.Should().Be("out\n");
        completed.Output.StandardError.Should().Be("err\n");
        completed.IsOutputComplete.Should().BeTrue();
        completed.Container.State.Should().Be(ContainerState.Running);
        cluster.Containers.List().Should().BeEmpty();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_job_that_ran_out_of_memory_says_so(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = cluster.Containers.RunToCompletionAsync(Spec("hungry") with { MemoryBytes = 64 << 20 }, cancellationToken: cancellationToken);
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        var completed = await run;
        (completed.ExitCode, completed.RanOutOfMemory).Should().Be((137, true));
        completed.Error.Should().Be("It was killed because it went beyond its memory limit of 67108864 bytes.");
    }

    [Test]
    public async Task A_job_that_was_killed_is_not_said_to_have_run_out_of_memory(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep") with { MemoryBytes = 64 << 20 }, cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Any(container => container.State == ContainerState.Running), "it runs");

        await cluster.Containers.KillAsync(cluster.Containers.List().Single().Id, cancellationToken: cancellationToken);

        var completed = await run;
        (completed.ExitCode, completed.RanOutOfMemory, completed.Error).Should().Be((137, false, null));
    }

    [Test]
    public async Task A_container_that_is_to_stay_stays(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var completed = await cluster.Containers.RunToCompletionAsync(Spec("true"), new RunToCompletionOptions { Keep = true }, cancellationToken);

        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(completed.Container.Id);
    }

    [Test]
    public async Task A_container_that_removes_itself_gives_its_exit_code_all_the_same(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var completed = await cluster.Containers.RunToCompletionAsync(Spec("false") with { AutoRemove = true }, cancellationToken: cancellationToken);

        completed.ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_container_that_is_run_to_its_end_reads_its_input(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var completed = await cluster.Containers.RunToCompletionAsync(
            Spec("cat") with { OpenStdin = true, StdinOnce = true },
            new RunToCompletionOptions { Input = "hello"u8.ToArray(), MaxOutputBytes = 3 },
            cancellationToken);

        completed.ExitCode.Should().Be(0);
        completed.Output.StandardOutput.Should().Be("hel");
        completed.Output.IsTruncated.Should().BeTrue();
    }

    [Test]
    public async Task Input_that_a_container_does_not_ask_for_is_refused(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = () => cluster.Containers.RunToCompletionAsync(Spec("cat"), new RunToCompletionOptions { Input = "x"u8.ToArray() }, cancellationToken);

        await run.Should().ThrowAsync<ArgumentException>();
        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task A_run_that_is_cancelled_leaves_no_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        using var giveUp = new CancellationTokenSource();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep"), new RunToCompletionOptions { Keep = true }, giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await cluster.Host(0).Local.Containers.ListAsync(cancellationToken)).Should().BeEmpty();
        cluster.Containers.List().Should().BeEmpty();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_run_that_is_cancelled_during_an_outage_is_cleaned_up_after_it(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        using var giveUp = new CancellationTokenSource();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep"), cancellationToken: giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) == 1 && cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");
        cluster.Host(0).Hang();

        await giveUp.CancelAsync();
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "the caller gets away");
        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        cluster.Host(0).Resume();

        var listed = 1;
        await cluster.PassTimeUntilAsync(
            () =>
            {
                var list = cluster.Host(0).Local.Containers.ListAsync(CancellationToken.None);
                listed = list.IsCompletedSuccessfully ? list.Result.Length : listed;
                return listed == 0;
            },
            "the container is removed");
    }

    [Test]
    public async Task A_stop_of_the_cluster_ends_a_run_and_removes_its_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        await cluster.Cluster.StopAsync(cancellationToken);

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await cluster.Host(0).Local.Containers.ListAsync(cancellationToken)).Should().BeEmpty();
    }

    [Test]
    public void A_stop_of_the_cluster_waits_but_a_moment_for_the_engine_of_a_run_that_fell_silent() => Simulation.Run(1, async simulation =>
    {
        var engine = simulation.AddEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Images = [Image] });
        await using var cluster = simulation.CreateCluster(new InMemoryDiscovery(engine.Address));
        await cluster.StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep"));
        await simulation.DelayAsync(TimeSpan.FromSeconds(1));
        engine.CallCount(EngineOperation.StartContainer).Should().Be(1, "it runs");
        engine.Hang();
        var before = simulation.Elapsed;

        await cluster.StopAsync();

        (simulation.Elapsed - before).Should().BeLessThan(TimeSpan.FromSeconds(2));
        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
    });

    [Test]
    public async Task A_container_that_cannot_be_started_is_removed(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = () => cluster.Containers.RunToCompletionAsync(Spec("broken"), new RunToCompletionOptions { Keep = true }, cancellationToken);

        await run.Should().ThrowAsync<EngineApiException>();
        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task A_run_that_fits_nowhere_says_so(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();

        var run = () => cluster.Containers.RunToCompletionAsync(Spec("true") with { MemoryBytes = 1L << 50 }, cancellationToken: cancellationToken);

        await run.Should().ThrowAsync<PlacementException>();
    }

    [Test]
    public async Task A_run_outlasts_an_outage_and_takes_its_output_from_the_log(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("talk"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        var completed = await EndDuringAnOutageAsync(cluster, run);
        completed.ExitCode.Should().Be(3);
        completed.Output.StandardOutput.Should().Be("out\n");
        completed.Output.StandardError.Should().Be("err\n");
        completed.IsOutputComplete.Should().BeTrue();
    }

    [Test]
    public async Task A_run_whose_daemon_was_away_takes_its_output_from_the_log_however_orderly_it_left(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("talk"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        cluster.Host(0).StopDaemon();
        cluster.Time.Advance(TimeSpan.FromSeconds(2));
        cluster.Host(0).PowerOn();
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        var completed = await run;
        completed.Output.StandardError.Should().Be("err\n");
        completed.IsOutputComplete.Should().BeTrue();
    }

    [Test]
    public async Task A_run_whose_output_is_lost_says_so(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var body = """{"Image":"busybox","Cmd":["talk"],"HostConfig":{"LogConfig":{"Type":"none"}}}"""u8;
        var run = cluster.Containers.RunToCompletionAsync(ContainerConfig.Parse(body), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        var completed = await EndDuringAnOutageAsync(cluster, run);
        completed.ExitCode.Should().Be(3);
        completed.Output.StandardOutput.Should().Be("out\n");
        completed.IsOutputComplete.Should().BeFalse();
    }

    [Test]
    public async Task A_run_whose_log_is_limited_does_not_claim_to_have_all_of_it(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var body = """{"Image":"busybox","Cmd":["talk"],"HostConfig":{"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}}}}"""u8;
        var run = cluster.Containers.RunToCompletionAsync(ContainerConfig.Parse(body), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        var completed = await EndDuringAnOutageAsync(cluster, run);
        completed.Output.StandardError.Should().Be("err\n");
        completed.IsOutputComplete.Should().BeFalse();
    }

    [Test]
    public async Task A_run_whose_output_ended_long_before_it_takes_its_output_from_the_log(CancellationToken cancellationToken)
    {
        await using var cluster = await TappedAsync(_ => Task.FromResult<IContainerStreams>(new DeadStreams()));
        var run = cluster.Containers.RunToCompletionAsync(Spec("long-talk"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");

        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        var completed = await run;
        completed.Output.StandardOutput.Should().Be("out\n");
        completed.Output.StandardError.Should().Be("err\n");
        completed.IsOutputComplete.Should().BeTrue();
    }

    [Test]
    public async Task A_run_that_may_have_got_half_its_input_is_an_error(CancellationToken cancellationToken)
    {
        var broken = new EngineUnreachableException(EngineAddress.Parse("10.0.0.1:2375"), "attach to container", "the connection broke");
        await using var cluster = await TappedAsync(_ => Task.FromResult<IContainerStreams>(new DeadStreams(broken)));

        var run = cluster.Containers.RunToCompletionAsync(
            Spec("talk") with { OpenStdin = true, StdinOnce = true },
            new RunToCompletionOptions { Input = "x"u8.ToArray(), Keep = true },
            cancellationToken);
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        (await FluentActions.Awaiting(() => run).Should().ThrowAsync<EngineUnreachableException>()).WithMessage("*input*");
        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task A_run_that_ended_and_was_started_again_during_an_outage_is_said_to_be_lost(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep"), cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List() is [{ State: ContainerState.Running }] && cluster.Host(0).CallCount(EngineOperation.StartContainer) == 1, "it runs");
        var id = cluster.Containers.List()[0].Id;

        cluster.Host(0).Disconnect();
        cluster.Host(0).EndProcess(id, 9);
        await cluster.Host(0).Local.Containers.StartAsync(id, cancellationToken);
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<ExitLostException>();
        (await cluster.Host(0).Local.Containers.ListAsync(cancellationToken)).Should().BeEmpty();
    }

    private static async Task<CompletedRun> EndDuringAnOutageAsync(TestCluster cluster, Task<CompletedRun> run)
    {
        cluster.Host(0).Disconnect();
        cluster.Time.Advance(TimeSpan.FromSeconds(20));
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");
        return await run;
    }
}
