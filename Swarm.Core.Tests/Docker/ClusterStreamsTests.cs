using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>Streams of containers through a cluster of real daemons.</summary>
[TestFixture]
[Category("Docker")]
[CancelAfter(120_000)]
internal sealed class ClusterStreamsTests
{
    [Test]
    public async Task Jobs_are_run_to_their_end_with_input_and_output(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        var spec = Spec("cat; echo done >&2; exit 5") with { OpenStdin = true, StdinOnce = true };

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => cluster.Containers.RunToCompletionAsync(
            spec,
            new RunToCompletionOptions { Input = Encoding.UTF8.GetBytes($"input {number}") },
            cancellationToken)));

        runs.Select(run => run.ExitCode).Should().OnlyContain(code => code == 5);
        runs.Select(run => run.Output.StandardOutput).Should().Equal("input 0", "input 1", "input 2", "input 3");
        runs.Select(run => run.Output.StandardError).Should().OnlyContain(text => text == "done\n");
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
        cluster.Containers.List().Should().BeEmpty();
    }

    [Test]
    public async Task A_short_job_that_removes_itself_is_not_missed(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Unix);

        var run = await cluster.Containers.RunToCompletionAsync(Spec("echo here; exit 6") with { AutoRemove = true }, cancellationToken: cancellationToken);

        run.ExitCode.Should().Be(6);
        run.Output.StandardOutput.Should().Be("here\n");
    }

    [Test]
    public async Task A_job_that_is_cancelled_leaves_nothing(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = cluster.Containers.RunToCompletionAsync(Spec("sleep 1000"), cancellationToken: giveUp.Token);
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Any(each => each.State == ContainerState.Running), "it runs");

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
    }

    [Test]
    public async Task A_wait_and_a_job_outlast_a_daemon_that_is_killed_and_comes_back(CancellationToken cancellationToken)
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        var server = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("server"), cancellationToken);
        var wait = cluster.Containers.WaitAsync("server", cancellationToken: cancellationToken);
        var job = cluster.Containers.RunToCompletionAsync(Spec("echo before; sleep 1000"), cancellationToken: cancellationToken);
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Count(each => each.State == ContainerState.Running) == 2, "both run");

        // A daemon that finds containers running which it did not leave so ends them.
        await daemon.KillAsync();
        await daemon.StartAsync();

        (await wait).ExitCode.Should().NotBe(0);
        var completed = await job;
        completed.ExitCode.Should().NotBe(0);
        completed.Output.StandardOutput.Should().Be("before\n");
        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(server.Id);
    }

    // A process takes the daemon up to a third of a second, so only one of the ways to reach it has one in every round.
    [TestCase("tcp", 1)]
    [TestCase("unix", 4)]
    [TestCase("tls", 4)]
    public async Task Two_hundred_rounds_of_streams_leave_no_socket(string scheme, int roundsForEachExec, CancellationToken cancellationToken)
    {
        using var certificates = new TestCertificates();
        await using var encrypted = scheme == "tls" ? await DockerDaemons.StartAsync(new DockerDaemonOptions { Tls = certificates }) : null;
        var daemon = encrypted ?? await DockerDaemons.SharedAsync();
        var options = new EngineConnectionOptions
        {
            Tls = encrypted is null ? null : new EngineTlsOptions { ClientCertificate = certificates.Client, CertificateAuthorities = { certificates.Authority } },
        };
        await using var engine = (DockerEngine)await new DockerEngineConnector(options).ConnectAsync(scheme == "unix" ? daemon.Unix : daemon.Tcp, cancellationToken);
        var created = await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sh", "-c", "echo x; sleep 1000"], NetworkMode = "none" }, cancellationToken);
        await engine.Containers.StartAsync(created.Id, cancellationToken);
        await using (var log = await engine.Containers.OpenLogsAsync(created.Id, new LogOptions { Follow = true }, cancellationToken))
        {
            (await log.ReadAsync(cancellationToken)).Should().NotBeNull("the container writes something first");
        }

        await CycleAsync(engine, created.Id, 0, withExec: true, cancellationToken);
        var before = Sockets();

        for (var i = 1; i <= 200; i++)
        {
            await CycleAsync(engine, created.Id, i, withExec: i % roundsForEachExec == 0, cancellationToken);
        }

        // A connection that was being made when its caller gave up is closed a moment later.
        await Eventually.IsTrueAsync(() => engine.Transport.OpenConnections <= 2, "only shared connections are left");
        await Eventually.IsTrueAsync(() => Sockets() <= before + 3, "no socket is left");
    }

    // What is opened is by turns used to its end, closed while more would come, and given up in the middle of a read.
    private static async Task CycleAsync(DockerEngine engine, string id, int number, bool withExec, CancellationToken cancellationToken)
    {
        await using (var attached = await engine.Containers.AttachAsync(id, new AttachOptions { Input = number % 3 == 0 }, cancellationToken))
        {
            await LeaveAsync(attached, number, cancellationToken);
        }

        await using (var log = await engine.Containers.OpenLogsAsync(id, new LogOptions { Follow = number % 3 != 0 }, cancellationToken))
        {
            (await log.ReadAsync(cancellationToken)).Should().NotBeNull();
            if (number % 3 == 0)
            {
                (await log.ReadAsync(cancellationToken)).Should().BeNull();
            }
            else
            {
                await LeaveAsync(log, number, cancellationToken);
            }
        }

        if (!withExec)
        {
            return;
        }

        var isShort = number % 3 == 0;
        var exec = await engine.Execs.CreateAsync(id, new ExecConfig { Command = [isShort ? "true" : "cat"], Input = true }, cancellationToken);
        await using (var streams = await engine.Execs.StartAsync(exec, cancellationToken))
        {
            if (isShort)
            {
                (await streams.ReadAsync(cancellationToken)).Should().BeNull();
            }
            else
            {
                await LeaveAsync(streams, number, cancellationToken);
            }
        }

        if (number % 4 != 0)
        {
            return;
        }

        await using (var wait = await engine.Containers.OpenWaitAsync(id, WaitCondition.NextExit, cancellationToken))
        await using (var stats = await engine.Containers.OpenStatsAsync(id, cancellationToken))
        await using (var export = await engine.Containers.ExportAsync(id, cancellationToken))
        {
            (await export.ReadAsync(new byte[100], cancellationToken)).Should().BePositive();
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opening = engine.Containers.AttachAsync(id, new AttachOptions(), giveUp.Token);
        await giveUp.CancelAsync();
        try
        {
            await using var early = await opening;
        }
        catch (OperationCanceledException)
        {
            // As a rule the engine is not as quick as that.
        }
    }

    private static async Task LeaveAsync(IContainerOutput output, int number, CancellationToken cancellationToken)
    {
        if (number % 2 == 0)
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var read = output.ReadAsync(giveUp.Token).AsTask();
            await giveUp.CancelAsync();
            await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
        }
    }

    private static int Sockets() => Directory.EnumerateFiles("/proc/self/fd").Count(IsSocket);

    // What other threads close meanwhile is none.
    private static bool IsSocket(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static ContainerSpec Spec(string script) => new() { Image = DockerDaemons.Image, Command = ["sh", "-c", script], NetworkMode = "none" };
}
