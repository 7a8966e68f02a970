using System.Net;
using System.Runtime.ExceptionServices;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterStreamsTests
{
    private static readonly InMemoryImage _image = InMemoryImage.BusyBox with
    {
        Files = [new("/etc/motd", "hello")],
        Commands =
        [
            new("talk", InMemoryProcess.Job(TimeSpan.FromSeconds(10), exitCode: 3) with
            {
                Output = [new("out\n"), new("err\n", OutputSource.StandardError, TimeSpan.FromSeconds(5))],
                UsedMemoryBytes = 1000,
            }),
            new("long-talk", InMemoryProcess.Job(TimeSpan.FromMinutes(10), exitCode: 3) with { Output = [new("out\n"), new("err\n", OutputSource.StandardError, TimeSpan.FromMinutes(5))] }),
            new("broken", new InMemoryProcess { StartError = "no such program" }),
            .. InMemoryImage.BusyBox.Commands,
        ],
    };

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
    public async Task Logs_stats_and_attached_outputs_come_from_the_engine_of_the_container(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(engines: 3);
        var container = await cluster.Containers.CreateAsync(Spec("talk"), cancellationToken);
        await using var attached = await cluster.Containers.AttachAsync(container.Id, cancellationToken: cancellationToken);
        await cluster.Containers.StartAsync(container.Id, cancellationToken);

        await using var log = await cluster.Containers.OpenLogsAsync(container.Id, cancellationToken: cancellationToken);
        await using var stats = await cluster.Containers.OpenStatsAsync(container.Id, cancellationToken);

        (await log.CollectAsync(100, cancellationToken)).StandardOutput.Should().Be("out\n");
        Encoding.UTF8.GetString((await attached.ReadAsync(cancellationToken))!.Value.Data.Span).Should().Be("out\n");
        (await stats.ReadAsync(cancellationToken))!.MemoryBytes.Should().Be(1000);
        (await cluster.Containers.GetStatsAsync(container.Id, cancellationToken)).MemoryLimitBytes.Should().Be(8L << 30);
    }

    [Test]
    public async Task An_exec_takes_input_and_gives_output_and_exit_code(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);

        var result = await cluster.Containers.ExecAsync(container.Id, ["cat"], "x"u8.ToArray(), cancellationToken: cancellationToken);

        result.ExitCode.Should().Be(0);
        result.Output.StandardOutput.Should().Be("x");
    }

    [Test]
    public async Task The_output_of_an_exec_is_kept_up_to_a_limit(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);

        var result = await cluster.Containers.ExecAsync(container.Id, ["cat"], "0123456789"u8.ToArray(), maxOutputBytes: 4, cancellationToken: cancellationToken);

        result.Output.StandardOutput.Should().Be("0123");
        result.Output.TotalBytes.Should().Be(10);
    }

    [Test]
    public async Task An_exec_can_be_talked_to(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        await using var exec = await cluster.Containers.OpenExecAsync(container.Id, new ExecConfig { Command = ["cat"], Input = true, Terminal = true }, cancellationToken);

        await exec.WriteAsync("ping"u8.ToArray(), cancellationToken);
        Encoding.UTF8.GetString((await exec.ReadAsync(cancellationToken))!.Value.Data.Span).Should().Be("ping");
        await exec.ResizeAsync(80, 25, cancellationToken);
        (await exec.InspectAsync(cancellationToken)).IsRunning.Should().BeTrue();
        await exec.CloseInputAsync(cancellationToken);

        (await exec.GetExitCodeAsync(cancellationToken)).Should().Be(0);
    }

    [Test]
    public async Task The_end_of_the_connection_is_not_taken_for_the_end_of_an_exec(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var exec = cluster.Containers.ExecAsync(container.Id, ["sleep"], cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.StartExec) == 1, "it is started");

        cluster.Host(0).StopDaemon();

        await FluentActions.Awaiting(() => exec).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task An_exec_in_a_container_that_does_not_run_is_a_conflict(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.CreateAsync(Spec("sleep"), cancellationToken);

        var exec = () => cluster.Containers.ExecAsync(container.Id, ["true"], cancellationToken: cancellationToken);

        (await exec.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [TestCase(EngineOperation.CreateExec)]
    [TestCase(EngineOperation.StartExec)]
    public async Task What_an_engine_repeats_of_the_environment_of_an_exec_is_not_shown(EngineOperation operation, CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        cluster.Host(0).FailNext(operation, new EngineApiException(cluster.Host(0).Address, "start exec", HttpStatusCode.BadRequest, "bad TOKEN=hunter22"));

        var exec = () => cluster.Containers.ExecAsync(container.Id, new ExecConfig { Command = ["true"], Environment = ["TOKEN=hunter22"] }, cancellationToken: cancellationToken);

        (await exec.Should().ThrowAsync<EngineApiException>()).Which.ToString().Should().Contain("TOKEN=[redacted]").And.NotContain("hunter22");
    }

    [Test]
    public async Task What_an_engine_repeats_of_the_environment_of_a_job_is_not_shown(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(cluster.Host(0).Address, "start container", HttpStatusCode.BadRequest, "bad TOKEN=hunter22"));

        var run = () => cluster.Containers.RunToCompletionAsync(Spec("true") with { Environment = ["TOKEN=hunter22"] }, cancellationToken: cancellationToken);

        (await run.Should().ThrowAsync<EngineApiException>()).Which.ToString().Should().Contain("TOKEN=[redacted]").And.NotContain("hunter22");
    }

    [Test]
    public async Task Files_are_described_read_and_written(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.CreateAsync(Spec("sleep"), cancellationToken);

        (await cluster.Containers.StatPathAsync(container.Id, "/etc/motd", cancellationToken)).SizeBytes.Should().Be(5);
        await using var archive = await cluster.Containers.OpenArchiveAsync(container.Id, "/etc", cancellationToken);
        await cluster.Containers.ExtractArchiveAsync(container.Id, "/tmp", archive.Content, cancellationToken: cancellationToken);
        (await cluster.Containers.StatPathAsync(container.Id, "/tmp/etc/motd", cancellationToken)).SizeBytes.Should().Be(5);
        await using var export = await cluster.Containers.ExportAsync(container.Id, cancellationToken);
        using var copy = new MemoryStream();
        await export.CopyToAsync(copy, cancellationToken);
        copy.Length.Should().BePositive();
    }

    [Test]
    public async Task A_path_that_is_missing_is_not_a_container_that_is(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var container = await cluster.Containers.CreateAsync(Spec("sleep"), cancellationToken);

        var stat = () => cluster.Containers.StatPathAsync(container.Id, "/nosuch", cancellationToken);

        (await stat.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task An_upload_that_an_engine_does_not_take_is_given_up_but_a_slow_source_is_not(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(options: options => options.TransferIdleTimeout = TimeSpan.FromSeconds(30));
        var container = await cluster.Containers.CreateAsync(Spec("sleep"), cancellationToken);
        var gate = new TaskCompletionSource();
        await using var source = new GatedStream(gate.Task);
        var upload = cluster.Containers.ExtractArchiveAsync(container.Id, "/tmp", source, cancellationToken: cancellationToken);
        await cluster.UntilAsync(() => source.IsRead, "the source is asked");

        for (var i = 0; i < 10; i++)
        {
            cluster.Time.Advance(TimeSpan.FromSeconds(20));
        }

        upload.IsCompleted.Should().BeFalse("it is the caller who is slow");
        cluster.Host(0).Hang();
        gate.SetResult();
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WriteArchive) == 1, "the engine has it");
        await cluster.PassTimeUntilAsync(() => upload.IsCompleted, "the upload is given up");
        await FluentActions.Awaiting(() => upload).Should().ThrowAsync<EngineTimeoutException>();
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
        cluster.OpenReservations.Should().Be(0);
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
        cluster.OpenReservations.Should().Be(0);
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
        var engine = simulation.AddEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Images = [_image] });
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

    [Test]
    public async Task What_is_opened_just_when_it_is_given_up_is_returned_or_closed(CancellationToken cancellationToken)
    {
        TaskCompletionSource<IContainerStreams> opening = new();
        TaskCompletionSource asked = new();
        await using var cluster = await TappedAsync(_ =>
        {
            var given = Volatile.Read(ref opening).Task;
            Volatile.Read(ref asked).TrySetResult();
            return given;
        });
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var opened = new List<DeadStreams>();

        for (var round = 0; round < 3000; round++)
        {
            var streams = new DeadStreams();
            opened.Add(streams);
            var next = new TaskCompletionSource<IContainerStreams>();
            Volatile.Write(ref opening, next);
            Volatile.Write(ref asked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var attach = cluster.Containers.AttachAsync(container.Id, cancellationToken: giveUp.Token);
            await asked.Task.WaitAsync(cancellationToken); // or it would be given up before there is anything to open
            using var together = new Barrier(2);
            var complete = Task.Run(
                () =>
                {
                    together.SignalAndWait(cancellationToken);
                    next.SetResult(streams);
                },
                cancellationToken);
            together.SignalAndWait(cancellationToken);
            await giveUp.CancelAsync();
            await complete;
            try
            {
                await using var attached = await attach;
            }
            catch (OperationCanceledException)
            {
            }
        }

        await cluster.UntilAsync(() => opened.TrueForAll(each => each.IsDisposed), "all of them are closed");
    }

    /// <summary>Runs a container that goes on, and waits for it until its engine has been asked.</summary>
    private static async Task<(ClusterContainer Container, Task<ContainerExit> Wait)> WaitForSleeperAsync(TestCluster cluster, WaitCondition condition, CancellationToken cancellationToken)
    {
        var container = await cluster.Containers.RunAsync(Spec("sleep"), cancellationToken);
        var wait = cluster.Containers.WaitAsync(container.Id, condition, cancellationToken);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.WaitContainer) == 1, "the engine was asked");
        return (container, wait);
    }

    private static async Task<CompletedRun> EndDuringAnOutageAsync(TestCluster cluster, Task<CompletedRun> run)
    {
        cluster.Host(0).Disconnect();
        cluster.Time.Advance(TimeSpan.FromSeconds(20));
        cluster.Host(0).Reconnect();
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it ends");
        return await run;
    }

    private static Task<TestCluster> TappedAsync(Func<Func<Task<IContainerStreams>>, Task<IContainerStreams>> attach) => TestCluster.StartAsync(
        1,
        (host, _) => host with { Images = [_image] },
        connector: hosts => new TappedConnector(hosts) { OnConnected = engine => engine.OnAttach = attach });

    private static Task<TestCluster> StartAsync(int engines = 1, Action<SwarmOptions>? options = null) =>
        TestCluster.StartAsync(engines, (host, _) => host with { Images = [_image] }, options);

    private static ContainerSpec Spec(string command) => new() { Image = "busybox", Command = [command] };

    /// <summary>An empty stream that ends when the test lets it.</summary>
    private sealed class GatedStream(Task gate) : MemoryStream
    {
        public bool IsRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsRead = true;
            await gate.WaitAsync(cancellationToken);
            return 0;
        }
    }
}
