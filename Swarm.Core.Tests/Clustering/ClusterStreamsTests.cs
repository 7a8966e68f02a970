using System.Net;
using System.Text;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Testing;
using static Swarm.Core.Builders.StreamCluster;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterStreamsTests
{
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
