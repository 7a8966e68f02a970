using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

/// <summary>What every engine, real or simulated, does with the streams of containers. A subclass gives an engine with a small <c>busybox:latest</c> image.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class EngineStreamsContract() : EngineContractFixture(TimeSpan.FromSeconds(60))
{
    /// <summary>Writes a line to each output, in this order, and ends with code 3.</summary>
    protected const string TalkScript = "echo out; sleep 0.1; echo err >&2; sleep 0.1; exit 3";

    /// <summary>Writes three lines.</summary>
    protected const string LinesScript = "echo one; echo two; echo three";

    /// <summary>Ends with code 4 after a moment.</summary>
    protected const string ShortScript = "sleep 0.3; exit 4";

    [Test]
    public async Task A_wait_for_a_container_that_does_not_run_ends_at_once()
    {
        var id = await CreateAsync(["true"]);

        var exit = await WaitAsync(id, WaitCondition.NotRunning);

        exit.Error.Should().BeNull();
        Traits.ExitCodesOfWhatNeverRan.Should().Contain(exit.ExitCode.ToString(CultureInfo.InvariantCulture));
    }

    [Test]
    public async Task A_wait_ends_with_the_exit_code()
    {
        var id = await CreateAsync(["sh", "-c", ShortScript]);
        await Containers.StartAsync(id, Token);

        (await WaitAsync(id, WaitCondition.NotRunning)).Should().Be(new ContainerExit(4));
        (await WaitAsync(id, WaitCondition.NotRunning)).Should().Be(new ContainerExit(4), "the code stays");
    }

    [Test]
    public async Task A_wait_for_the_next_exit_that_was_begun_before_the_start_misses_nothing()
    {
        var id = await CreateAsync(["false"]);
        await using var wait = await Containers.OpenWaitAsync(id, WaitCondition.NextExit, Token);

        await Containers.StartAsync(id, Token);

        (await wait.GetExitAsync(Token)).ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_wait_for_what_is_restarted_again_and_again_ends_when_that_is_stopped()
    {
        var id = await StartedAsync(["false"], spec => spec with { RestartPolicy = RestartPolicy.Always });
        while (JsonNode.Parse((await Containers.InspectAsync(id, Token)).Json.Span) is { } seen
            && !((int)seen["RestartCount"]! >= 5 && ((bool)seen["State"]!["Restarting"]! || !Traits.PausesBeforeRestarts)))
        {
            await Task.Delay(10, Token);
        }

        await using var wait = await Containers.OpenWaitAsync(id, WaitCondition.NotRunning, Token);
        var exit = wait.GetExitAsync(Token);
        if (Traits.PausesBeforeRestarts)
        {
            exit.IsCompleted.Should().BeFalse("an engine takes it for running");
        }

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        (await exit).ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_wait_for_the_removal_ends_with_it()
    {
        var id = await CreateAsync(["false"]);
        await Containers.StartAsync(id, Token);
        await WaitAsync(id, WaitCondition.NotRunning);
        await using var wait = await Containers.OpenWaitAsync(id, WaitCondition.Removed, Token);
        var exit = wait.GetExitAsync(Token);
        exit.IsCompleted.Should().BeFalse();

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        (await exit).ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_container_that_is_removed_without_having_run_ends_a_wait_with_0()
    {
        var id = await CreateAsync(["false"]);
        await using var wait = await Containers.OpenWaitAsync(id, WaitCondition.NextExit, Token);
        var exit = wait.GetExitAsync(Token);

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        if (Traits.EndsWaitsOfWhatNeverRan)
        {
            (await exit).ExitCode.Should().Be(0);
            return;
        }

        (await RefusalAsync(() => Containers.InspectAsync(id, Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await wait.DisposeAsync();
        await FluentActions.Awaiting(() => exit).Should().ThrowAsync<ObjectDisposedException>("it is given up, not answered");
    }

    [Test]
    public async Task A_cancelled_wait_can_be_taken_up_again()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        await using var wait = await Containers.OpenWaitAsync(id, WaitCondition.NotRunning, Token);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = wait.GetExitAsync(impatience.Token);

        await impatience.CancelAsync();

        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        await Containers.KillAsync(id, null, Token);
        (await wait.GetExitAsync(Token)).ExitCode.Should().Be(137);
    }

    [Test]
    public async Task Nothing_can_be_opened_on_a_container_that_does_not_exist()
    {
        Func<Task>[] calls =
        [
            () => Containers.OpenWaitAsync("nosuch", WaitCondition.NotRunning, Token),
            () => Containers.OpenLogsAsync("nosuch", new LogOptions(), Token),
            () => Containers.AttachAsync("nosuch", new AttachOptions(), Token),
            () => Containers.GetStatsAsync("nosuch", Token),
            () => Containers.OpenStatsAsync("nosuch", Token),
            () => Containers.StatPathAsync("nosuch", "/etc", Token),
            () => Containers.OpenArchiveAsync("nosuch", "/etc", Token),
            () => Containers.ExtractArchiveAsync("nosuch", "/etc", new MemoryStream(Tar()), false, Token),
            () => Containers.ExportAsync("nosuch", Token),
            () => Engine.Execs.CreateAsync("nosuch", new ExecConfig { Command = ["true"] }, Token),
            () => Engine.Execs.StartAsync("nosuch", Token),
            () => Engine.Execs.StartDetachedAsync("nosuch", Token),
            () => Engine.Execs.InspectAsync("nosuch", Token),
            () => Engine.Execs.ResizeAsync("nosuch", 80, 25, Token),
        ];

        foreach (var call in calls)
        {
            (await RefusalAsync(call)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        }
    }

    [Test]
    public async Task The_log_has_both_outputs_apart()
    {
        var id = await RanAsync(["sh", "-c", TalkScript]);

        var output = await LogAsync(id, new LogOptions());

        output.StandardOutput.Should().Be("out\n");
        output.StandardError.Should().Be("err\n");
        output.IsTruncated.Should().BeFalse();
    }

    [Test]
    public async Task One_output_of_the_log_can_be_chosen()
    {
        var id = await RanAsync(["sh", "-c", TalkScript]);

        var output = await LogAsync(id, new LogOptions { StandardOutput = false });

        output.StandardOutput.Should().BeEmpty();
        output.StandardError.Should().Be("err\n");
    }

    [Test]
    public async Task A_log_without_any_output_is_refused()
    {
        var id = await CreateAsync(["true"]);

        (await RefusalAsync(() => Containers.OpenLogsAsync(id, new LogOptions { StandardOutput = false, StandardError = false }, Token))).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task The_log_of_a_container_that_was_not_started_is_empty()
    {
        var id = await CreateAsync(["true"]);

        (await LogAsync(id, new LogOptions { Follow = true })).TotalBytes.Should().Be(0);
    }

    [Test]
    public async Task The_last_lines_of_the_log_can_be_chosen()
    {
        var id = await RanAsync(["sh", "-c", LinesScript]);

        (await LogAsync(id, new LogOptions { Tail = 2 })).StandardOutput.Should().Be("two\nthree\n");
        (await LogAsync(id, new LogOptions { Tail = 0 })).StandardOutput.Should().BeEmpty();
    }

    [Test]
    public async Task Lines_of_the_log_can_have_times()
    {
        var id = await RanAsync(["sh", "-c", LinesScript]);
        await using var log = await Containers.OpenLogsAsync(id, new LogOptions { Timestamps = true }, Token);

        var lines = await log.ReadLinesAsync(cancellationToken: Token).ToListAsync(Token);

        lines.Should().HaveCount(3);
        lines[0].Text.Should().MatchRegex($@"^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d{(Traits.TellsFractionsOfSeconds ? @"\.\d{9}" : "")}Z one$");
    }

    [Test]
    public async Task The_log_can_begin_and_end_at_a_time()
    {
        var id = await RanAsync(["sh", "-c", LinesScript]);
        var ended = (await Containers.InspectAsync(id, Token)).View.FinishedAt!.Value;

        (await LogAsync(id, new LogOptions { Since = ended.AddSeconds(-50) })).StandardOutput.Should().Be("one\ntwo\nthree\n");
        (await LogAsync(id, new LogOptions { Since = ended.AddSeconds(50) })).StandardOutput.Should().BeEmpty();
        (await LogAsync(id, new LogOptions { Until = ended.AddSeconds(-50) })).StandardOutput.Should().BeEmpty();
    }

    [Test]
    public async Task A_followed_log_ends_with_the_container()
    {
        var id = await StartedAsync(["sh", "-c", TalkScript]);

        var output = await LogAsync(id, new LogOptions { Follow = true });

        output.StandardOutput.Should().Be("out\n");
        output.StandardError.Should().Be("err\n");
    }

    [Test]
    public async Task A_followed_log_waits_until_it_is_cancelled_and_can_be_read_on()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        await using var log = await Containers.OpenLogsAsync(id, new LogOptions { Follow = true }, Token);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var read = log.ReadAsync(impatience.Token).AsTask();

        await impatience.CancelAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
        await Containers.KillAsync(id, null, Token);
        (await log.ReadAsync(Token)).Should().BeNull();
    }

    [Test]
    public async Task The_log_of_a_terminal_is_one_output()
    {
        var id = await RanAsync(["sh", "-c", LinesScript], spec => spec with { Tty = true });
        await using var log = await Containers.OpenLogsAsync(id, new LogOptions(), Token);

        log.IsTerminal.Should().BeTrue();
        (await log.CollectAsync(1000, Token)).StandardOutput.Should().Be("one\r\ntwo\r\nthree\r\n");
    }

    [Test]
    public async Task A_log_that_is_kept_nowhere_cannot_be_read()
    {
        var body = """{"Image":"busybox:latest","Cmd":["true"],"HostConfig":{"NetworkMode":"none","LogConfig":{"Type":"none"}}}"""u8;
        var id = (await Containers.CreateAsync(ContainerConfig.Parse(body), Token)).Id;
        Made.Add(id);

        (await RefusalAsync(() => Containers.OpenLogsAsync(id, new LogOptions(), Token))).StatusCode.Should().Be(HttpStatusCode.NotImplemented);
    }

    [Test]
    public async Task What_is_attached_before_the_start_misses_nothing()
    {
        var id = await CreateAsync(["sh", "-c", TalkScript]);
        await using var streams = await Containers.AttachAsync(id, new AttachOptions(), Token);

        await Containers.StartAsync(id, Token);

        var output = await streams.CollectAsync(1000, Token);
        output.StandardOutput.Should().Be("out\n");
        output.StandardError.Should().Be("err\n");
    }

    [Test]
    public async Task Attached_input_comes_back_from_cat_and_its_end_ends_it()
    {
        var id = await CreateAsync(["cat"], spec => spec with { OpenStdin = true, StdinOnce = true });
        await using var streams = await Containers.AttachAsync(id, new AttachOptions { Input = true }, Token);
        await Containers.StartAsync(id, Token);

        await streams.WriteAsync("hello "u8.ToArray(), Token);
        (await ReadTextAsync(streams, 6)).Should().Be("hello ");
        await streams.WriteAsync("again"u8.ToArray(), Token);
        await streams.CloseInputAsync(Token);
        await streams.CloseInputAsync(Token);

        (await streams.CollectAsync(1000, Token)).StandardOutput.Should().Be("again");
        (await WaitAsync(id, WaitCondition.NotRunning)).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task Input_that_was_written_before_the_start_is_read()
    {
        var id = await CreateAsync(["cat"], spec => spec with { OpenStdin = true, StdinOnce = true });
        await using var streams = await Containers.AttachAsync(id, new AttachOptions { Input = true }, Token);
        await streams.WriteAsync("early"u8.ToArray(), Token);
        await streams.CloseInputAsync(Token);

        await Containers.StartAsync(id, Token);

        (await streams.CollectAsync(1000, Token)).StandardOutput.Should().Be("early");
        (await WaitAsync(id, WaitCondition.NotRunning)).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task An_input_that_is_not_for_others_ends_when_its_client_goes()
    {
        var id = await CreateAsync(["cat"], spec => spec with { OpenStdin = true, StdinOnce = true });
        var streams = await Containers.AttachAsync(id, new AttachOptions { Input = true }, Token);
        await Containers.StartAsync(id, Token);
        await streams.WriteAsync("hello"u8.ToArray(), Token);
        (await ReadTextAsync(streams, 5)).Should().Be("hello");

        await streams.DisposeAsync();

        (await WaitAsync(id, WaitCondition.NotRunning)).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task Closing_an_input_that_stays_open_for_others_detaches()
    {
        var id = await CreateAsync(["cat"], spec => spec with { OpenStdin = true });
        await using var streams = await Containers.AttachAsync(id, new AttachOptions { Input = true }, Token);
        await Containers.StartAsync(id, Token);

        await streams.WriteAsync("hello"u8.ToArray(), Token);
        (await ReadTextAsync(streams, 5)).Should().Be("hello");
        await streams.CloseInputAsync(Token);

        (await streams.ReadAsync(Token)).Should().BeNull();
        if (Traits.ClosesInputsOfOthers)
        {
            (await WaitAsync(id, WaitCondition.NotRunning)).ExitCode.Should().Be(0);
            return;
        }

        (await Containers.InspectAsync(id, Token)).View.State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Nothing_can_be_written_where_the_input_is_missing_or_closed()
    {
        var id = await CreateAsync(["cat"], spec => spec with { OpenStdin = true, StdinOnce = true });
        await using var deaf = await Containers.AttachAsync(id, new AttachOptions(), Token);
        await using var closed = await Containers.AttachAsync(id, new AttachOptions { Input = true }, Token);
        await closed.CloseInputAsync(Token);

        await FluentActions.Awaiting(() => deaf.WriteAsync("x"u8.ToArray(), Token).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await FluentActions.Awaiting(() => deaf.CloseInputAsync(Token).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await FluentActions.Awaiting(() => closed.WriteAsync("x"u8.ToArray(), Token).AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task A_paused_container_cannot_be_attached_to_nor_run_an_exec()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var prepared = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["true"] }, Token);
        await Containers.PauseAsync(id, Token);

        (await RefusalAsync(() => Containers.AttachAsync(id, new AttachOptions(), Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await RefusalAsync(() => Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["true"] }, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await RefusalAsync(() => Engine.Execs.StartAsync(prepared, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);

        await Containers.UnpauseAsync(id, Token);
    }

    [Test]
    public async Task An_exec_has_its_outputs_and_exit_code()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var (output, state) = await ExecAsync(id, new ExecConfig { Command = ["sh", "-c", TalkScript] });

        output.StandardOutput.Should().Be("out\n");
        output.StandardError.Should().Be("err\n");
        state.ExitCode.Should().Be(3);
        state.ContainerId.Should().Be(id);
        (state.ProcessId > 0).Should().Be(Traits.KeepsProcessIds);
    }

    [Test]
    public async Task The_input_of_an_exec_comes_back_from_cat()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var (output, state) = await ExecAsync(id, new ExecConfig { Command = ["cat"], Input = true }, "x\n");

        output.StandardOutput.Should().Be("x\n");
        state.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_megabyte_comes_back_from_cat_unchanged()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number:D10}\n"));

        var (output, _) = await ExecAsync(id, new ExecConfig { Command = ["cat"], Input = true }, text, maxBytes: 2_000_000);

        output.StandardOutput.Should().Be(text);
    }

    [Test]
    public async Task An_exec_without_input_reads_the_end_at_once()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var (output, state) = await ExecAsync(id, new ExecConfig { Command = ["cat"] });

        output.TotalBytes.Should().Be(0);
        state.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task An_exec_on_a_terminal_has_one_output()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var (output, state) = await ExecAsync(id, new ExecConfig { Command = ["sh", "-c", TalkScript], Terminal = true });

        output.StandardOutput.Should().Be("out\r\nerr\r\n");
        output.StandardError.Should().BeEmpty();
        state.IsTerminal.Should().BeTrue();
    }

    [Test]
    public async Task An_exec_that_was_not_started_has_no_exit_code()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["true"] }, Token);

        var state = await Engine.Execs.InspectAsync(exec, Token);
        state.Id.Should().Be(exec);
        state.IsRunning.Should().BeFalse();
        state.ExitCode.Should().BeNull();
        state.ProcessId.Should().BeNull();
    }

    [Test]
    public async Task A_running_exec_says_so_and_cannot_be_started_again()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["cat"], Input = true }, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);
        await streams.WriteAsync("x"u8.ToArray(), Token);
        (await ReadTextAsync(streams, 1)).Should().Be("x");

        var state = await Engine.Execs.InspectAsync(exec, Token);
        state.IsRunning.Should().BeTrue();
        state.ExitCode.Should().BeNull();
        (await RefusalAsync(() => Engine.Execs.StartAsync(exec, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await RefusalAsync(() => Engine.Execs.StartDetachedAsync(exec, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task An_exec_that_has_run_cannot_be_started_again_nor_resized()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var (_, state) = await ExecAsync(id, new ExecConfig { Command = ["true"] });

        (await RefusalAsync(() => Engine.Execs.StartAsync(state.Id, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await RefusalAsync(() => Engine.Execs.ResizeAsync(state.Id, 80, 25, Token))).StatusCode.Should().BeOneOf([HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.InternalServerError], "it depends on the engine, and on how far the daemon is with tidying up");
    }

    [Test]
    public async Task A_running_exec_on_a_terminal_can_be_resized()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["cat"], Input = true, Terminal = true }, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);

        await FluentActions.Awaiting(() => Engine.Execs.ResizeAsync(exec, 132, 43, Token)).Should().NotThrowAsync();
    }

    [Test]
    public async Task A_detached_exec_runs_alone()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["false"] }, Token);

        await Engine.Execs.StartDetachedAsync(exec, Token);

        (await EndedAsync(exec)).ExitCode.Should().Be(1);
    }

    [Test]
    public async Task What_cannot_be_run_says_why_in_its_output()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var (output, state) = await ExecAsync(id, new ExecConfig { Command = ["nosuch"] });

        output.StandardOutput.Contains("executable file not found", StringComparison.Ordinal).Should().Be(Traits.SaysWhyInOutput);
        state.ExitCode.Should().Be(Traits.ExitCodeOfWhatCannotBeRun);
        state.ProcessId.Should().BeNull();
    }

    [Test]
    public async Task What_cannot_be_run_detached_is_refused()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["nosuch"] }, Token);

        (await RefusalAsync(() => Engine.Execs.StartDetachedAsync(exec, Token))).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task An_exec_needs_a_command_and_a_container_that_runs()
    {
        var created = await CreateAsync(["true"]);
        var running = await StartedAsync(["sleep", "1000"]);

        (await RefusalAsync(() => Engine.Execs.CreateAsync(running, new ExecConfig { Command = [] }, Token))).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await RefusalAsync(() => Engine.Execs.CreateAsync(created, new ExecConfig { Command = ["true"] }, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task An_exec_ends_with_its_container()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["cat"], Input = true }, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);
        await streams.WriteAsync("x"u8.ToArray(), Token);
        (await ReadTextAsync(streams, 1)).Should().Be("x");

        await Containers.KillAsync(id, null, Token);

        (await streams.ReadAsync(Token)).Should().BeNull();
        await WaitUntilEndedOrForgottenAsync(exec);
    }

    [Test]
    public async Task A_cancelled_read_loses_nothing()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["cat"], Input = true }, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var read = streams.ReadAsync(impatience.Token).AsTask();

        await impatience.CancelAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
        await streams.WriteAsync("kept"u8.ToArray(), Token);
        await streams.CloseInputAsync(Token);
        (await streams.CollectAsync(100, Token)).StandardOutput.Should().Be("kept");
    }

    [Test]
    public async Task Closing_the_engine_breaks_what_is_open()
    {
        var other = await OpenEngineAsync(Token);
        var id = await StartedAsync(["sleep", "1000"]);
        await using var log = await other.Containers.OpenLogsAsync(id, new LogOptions { Follow = true }, Token);
        await using var attached = await other.Containers.AttachAsync(id, new AttachOptions(), Token);
        await using var wait = await other.Containers.OpenWaitAsync(id, WaitCondition.NotRunning, Token);
        Task[] reads = [log.ReadAsync(Token).AsTask(), attached.ReadAsync(Token).AsTask(), wait.GetExitAsync(Token)];

        await other.DisposeAsync();

        foreach (var read in reads)
        {
            await FluentActions.Awaiting(() => read).Should().ThrowAsync<EngineUnreachableException>();
        }
    }

    [Test]
    public async Task The_input_of_what_has_ended_can_be_closed_but_not_written_to()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var exec = await Engine.Execs.CreateAsync(id, new ExecConfig { Command = ["true"], Input = true }, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);
        (await streams.CollectAsync(100, Token)).TotalBytes.Should().Be(0);

        await FluentActions.Awaiting(() => streams.WriteAsync("x"u8.ToArray(), Token).AsTask()).Should().ThrowAsync<EngineUnreachableException>();
        await FluentActions.Awaiting(() => streams.CloseInputAsync(Token).AsTask()).Should().NotThrowAsync();
    }

    [Test]
    public async Task What_was_disposed_of_says_so()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        var log = await Engine.Containers.OpenLogsAsync(id, new LogOptions { Follow = true }, Token);
        var attached = await Engine.Containers.AttachAsync(id, new AttachOptions(), Token);
        var wait = await Engine.Containers.OpenWaitAsync(id, WaitCondition.NotRunning, Token);
        var stats = await Engine.Containers.OpenStatsAsync(id, Token);
        (await stats.ReadAsync(Token)).Should().NotBeNull();
        Task[] underWay = [log.ReadAsync(Token).AsTask(), attached.ReadAsync(Token).AsTask(), wait.GetExitAsync(Token)];
        IAsyncDisposable[] all = [log, attached, wait, stats];

        foreach (var each in all.Concat(all))
        {
            await each.DisposeAsync();
        }

        Task[] later = [log.ReadAsync(Token).AsTask(), attached.ReadAsync(Token).AsTask(), wait.GetExitAsync(Token), stats.ReadAsync(Token).AsTask()];
        foreach (var read in underWay.Concat(later))
        {
            await FluentActions.Awaiting(() => read).Should().ThrowAsync<ObjectDisposedException>();
        }
    }

    [Test]
    public async Task What_came_before_it_was_disposed_of_is_gone_with_it()
    {
        var id = await RanAsync(["sh", "-c", TalkScript]);
        var log = await Engine.Containers.OpenLogsAsync(id, new LogOptions(), Token);

        await log.DisposeAsync();

        await FluentActions.Awaiting(() => log.ReadAsync(Token).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Test]
    public async Task Stats_of_a_running_container_have_numbers()
    {
        var id = await StartedAsync(["sleep", "1000"]);

        var stats = await Containers.GetStatsAsync(id, Token);

        stats.Time.Should().NotBeNull();
        stats.CpuNanoseconds.Should().BeGreaterThanOrEqualTo(0);
        (stats.CpusInUse >= 0).Should().Be(Traits.ShowsCpusAtOnce);
        stats.OnlineCpus.Should().BePositive();
        stats.MemoryBytes.Should().BeGreaterThanOrEqualTo(0);
        stats.MemoryLimitBytes.Should().BePositive();
        stats.NetworkReceivedBytes.Should().BeNull("it has no network");
        stats.Pids.Should().Be(1);
    }

    [Test]
    public async Task Stats_of_a_container_that_does_not_run_have_none()
    {
        var id = await CreateAsync(["true"]);

        (await Containers.GetStatsAsync(id, Token)).Should().Be(new ContainerStats());
    }

    [Test]
    public async Task Stats_come_again_and_again()
    {
        var id = await StartedAsync(["sleep", "1000"]);
        await using var stats = await Containers.OpenStatsAsync(id, Token);

        var first = await stats.ReadAsync(Token);

        first!.Time.Should().NotBeNull();
        first.Pids.Should().Be(1);
    }

    [Test]
    public async Task A_path_is_described()
    {
        var id = await CreateAsync(["true"]);

        var directory = await Containers.StatPathAsync(id, "/tmp", Token);

        directory.Name.Should().Be("tmp");
        directory.IsDirectory.Should().BeTrue();
        directory.Mode.Should().HaveFlag(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        directory.LinkTarget.Should().BeNull();
        directory.ModifiedAt.Should().NotBeNull();
    }

    [Test]
    public async Task Files_go_in_and_come_out()
    {
        var id = await CreateAsync(["true"]);

        await Containers.ExtractArchiveAsync(id, "/tmp", new MemoryStream(Tar(("a/b.txt", "inside"), ("c.txt", ""))), mayReplaceDirectories: false, Token);

        var stat = await Containers.StatPathAsync(id, "/tmp/a/b.txt", Token);
        stat.Name.Should().Be("b.txt");
        stat.SizeBytes.Should().Be(6);
        stat.IsDirectory.Should().BeFalse();
        await using var archive = await Containers.OpenArchiveAsync(id, "/tmp/a", Token);
        archive.Stat.Name.Should().Be("a");
        archive.Stat.IsDirectory.Should().BeTrue();
        (await UntarAsync(archive.Content)).Should().ContainKey("a/b.txt").WhoseValue.Should().Be("inside");
    }

    [Test]
    public async Task A_megabyte_of_files_goes_in_and_comes_out()
    {
        var id = await CreateAsync(["true"]);
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number:D10}\n"));

        await Containers.ExtractArchiveAsync(id, "/tmp", new MemoryStream(Tar(("big", text))), mayReplaceDirectories: false, Token);

        await using var archive = await Containers.OpenArchiveAsync(id, "/tmp/big", Token);
        (await UntarAsync(archive.Content))["big"].Should().Be(text);
    }

    [Test]
    public async Task What_is_not_there_cannot_be_described_nor_read_nor_written_to()
    {
        var id = await CreateAsync(["true"]);

        (await RefusalAsync(() => Containers.StatPathAsync(id, "/nosuch", Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await RefusalAsync(() => Containers.OpenArchiveAsync(id, "/nosuch", Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        if (Traits.MakesFoldersForArchives)
        {
            await Containers.ExtractArchiveAsync(id, "/nosuch", new MemoryStream(Tar()), false, Token);
            (await Containers.StatPathAsync(id, "/nosuch", Token)).IsDirectory.Should().BeTrue();
            return;
        }

        (await RefusalAsync(() => Containers.ExtractArchiveAsync(id, "/nosuch", new MemoryStream(Tar()), false, Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_large_archive_that_is_refused_at_once_says_why()
    {
        var id = await CreateAsync(["true"]);
        using var archive = new MemoryStream(new byte[64 * 1024 * 1024]);

        var error = await RefusalAsync(() => Containers.ExtractArchiveAsync(Traits.MakesFoldersForArchives ? "nosuch" : id, "/nosuch", archive, mayReplaceDirectories: true, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_file_is_no_directory_to_write_to_and_garbage_no_archive()
    {
        var id = await CreateAsync(["true"]);
        await Containers.ExtractArchiveAsync(id, "/tmp", new MemoryStream(Tar(("file", "x"))), mayReplaceDirectories: false, Token);

        (await RefusalAsync(() => Containers.ExtractArchiveAsync(id, "/tmp/file", new MemoryStream(Tar()), false, Token))).StatusCode.Should().Be(Traits.ArchiveIntoAFile);
        (await RefusalAsync(() => Containers.ExtractArchiveAsync(id, "/tmp", new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 1024))), false, Token))).StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Test]
    public async Task What_reading_the_archive_of_the_caller_throws_comes_out()
    {
        var id = await CreateAsync(["true"]);
        await using var broken = new BrokenStream();

        await FluentActions.Awaiting(() => Containers.ExtractArchiveAsync(id, "/tmp", broken, false, Token)).Should().ThrowAsync<InvalidTimeZoneException>();
    }

    [Test]
    public async Task The_whole_file_system_can_be_read()
    {
        var id = await CreateAsync(["true"]);
        await Containers.ExtractArchiveAsync(id, "/tmp", new MemoryStream(Tar(("mine", "x"))), mayReplaceDirectories: false, Token);

        await using var export = await Containers.ExportAsync(id, Token);

        (await UntarAsync(export)).Should().ContainKey("tmp/mine").WhoseValue.Should().Be("x");
    }

    protected static byte[] Tar(params (string Name, string Text)[] files)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return buffer.ToArray();
    }

    protected async Task<string> CreateAsync(IReadOnlyList<string> command, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = new ContainerSpec { Image = "busybox:latest", Command = [.. command], NetworkMode = "none" };
        var created = await Containers.CreateAsync(change?.Invoke(spec) ?? spec, Token);
        Made.Add(created.Id);
        return created.Id;
    }

    protected async Task<string> StartedAsync(IReadOnlyList<string> command, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var id = await CreateAsync(command, change);
        await Containers.StartAsync(id, Token);
        return id;
    }

    protected async Task<(CollectedOutput Output, ExecState State)> ExecAsync(string container, ExecConfig config, string? input = null, int maxBytes = 10_000)
    {
        var exec = await Engine.Execs.CreateAsync(container, config, Token);
        await using var streams = await Engine.Execs.StartAsync(exec, Token);
        var output = streams.CollectAsync(maxBytes, Token);
        if (input is not null)
        {
            await streams.WriteAsync(Encoding.UTF8.GetBytes(input), Token);
            await streams.CloseInputAsync(Token);
        }

        return (await output, await EndedAsync(exec));
    }

    protected async Task<ContainerExit> WaitAsync(string id, WaitCondition condition)
    {
        await using var wait = await Containers.OpenWaitAsync(id, condition, Token);
        return await wait.GetExitAsync(Token);
    }

    private static async Task<EngineApiException> RefusalAsync(Func<Task> call) => (await FluentActions.Awaiting(call).Should().ThrowAsync<EngineApiException>()).Which;

    private static async Task<Dictionary<string, string>> UntarAsync(Stream archive)
    {
        var files = new Dictionary<string, string>();
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            files[entry.Name] = await text.ReadToEndAsync();
        }

        return files;
    }

    private async Task<string> RanAsync(IReadOnlyList<string> command, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var id = await StartedAsync(command, change);
        await WaitAsync(id, WaitCondition.NotRunning);
        return id;
    }

    private async Task<CollectedOutput> LogAsync(string id, LogOptions options)
    {
        await using var log = await Containers.OpenLogsAsync(id, options, Token);
        return await log.CollectAsync(10_000, Token);
    }

    private async Task<ExecState> EndedAsync(string exec)
    {
        while (true)
        {
            var state = await Engine.Execs.InspectAsync(exec, Token);
            if (state.ExitCode is not null)
            {
                return state;
            }

            await Task.Delay(10, Token);
        }
    }

    // Which of the two depends on what the engine hears of first: the end of the process or that of its container.
    private async Task WaitUntilEndedOrForgottenAsync(string exec)
    {
        try
        {
            await EndedAsync(exec);
        }
        catch (EngineApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
        }
    }

    private async Task<string> ReadTextAsync(IContainerOutput output, int length)
    {
        var text = "";
        while (text.Length < length && await output.ReadAsync(Token) is { } chunk)
        {
            text += Encoding.UTF8.GetString(chunk.Data.Span);
        }

        return text;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidTimeZoneException();

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new InvalidTimeZoneException();
    }
}
