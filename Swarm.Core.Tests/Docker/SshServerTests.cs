using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>An engine behind a real sshd.</summary>
[TestFixture]
[Category("Docker")]
[CancelAfter(180_000)]
internal sealed class SshServerTests
{
    [Test]
    public async Task A_cluster_works_with_an_engine_behind_it_and_leaves_no_process(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var server = await SshServer.StartAsync(daemon.Unix);
        await using (var cluster = await ClusterUnderTest.StartAsync(options => Allow(options.Connection, server), server.Address))
        {
            await cluster.UntilAsync(server.Address, EngineStatus.Healthy);
            var container = await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper("web"), cancellationToken: cancellationToken);

            var exec = await cluster.Containers.ExecAsync(container.Id, ["sh", "-c", "cat; echo err >&2; exit 7"], "hello"u8.ToArray(), cancellationToken: cancellationToken);
            var job = await cluster.Containers.RunToCompletionAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sh", "-c", "echo done; exit 3"] }, cancellationToken: cancellationToken);

            (exec.ExitCode, exec.Output.StandardOutput, exec.Output.StandardError).Should().Be((7, "hello", "err\n"));
            (job.ExitCode, job.Output.StandardOutput).Should().Be((3, "done\n"));
            cluster.Cluster.Engines.List().Single().Name.Should().Be(daemon.HostName);
            server.Clients.Should().BeInRange(1, SshDialer.MaxProcesses);
        }

        await Eventually.IsTrueAsync(() => server.Clients == 0, "no process outlives its connection");
    }

    [Test]
    public async Task An_engine_that_was_killed_behind_it_is_found_again(CancellationToken cancellationToken)
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var server = await SshServer.StartAsync(daemon.Unix);
        await using var cluster = await ClusterUnderTest.StartAsync(options => Allow(options.Connection, server), server.Address);
        await cluster.UntilAsync(server.Address, EngineStatus.Healthy);

        await daemon.KillAsync();
        var lost = await cluster.UntilAsync(server.Address, state => state.Status != EngineStatus.Healthy && state.Reason is not null);
        await daemon.StartAsync();

        await cluster.UntilAsync(server.Address, EngineStatus.Healthy);
        lost.Reason.Should().NotBeEmpty();
        await cluster.Containers.RunAsync(ClusterUnderTest.Sleeper(), cancellationToken: cancellationToken);
    }

    [Test]
    public async Task A_server_whose_key_is_not_known_is_refused_and_nobody_is_asked(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var server = await SshServer.StartAsync(daemon.Unix, isKnown: false);

        (await Connecting(server, cancellationToken).Should().ThrowAsync<EngineUnreachableException>().WithMessage("*Host key verification failed*")).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_client_whose_key_is_not_accepted_is_refused_and_nobody_is_asked_for_a_password(CancellationToken cancellationToken)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var server = await SshServer.StartAsync(daemon.Unix, isLetIn: false);

        (await Connecting(server, cancellationToken).Should().ThrowAsync<EngineUnreachableException>().WithMessage("*Permission denied (publickey)*")).Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_machine_without_a_daemon_says_what_the_docker_command_says_there(CancellationToken cancellationToken)
    {
        await using var server = await SshServer.StartAsync(EngineAddress.Parse("unix:///nowhere/docker.sock"));

        await Connecting(server, cancellationToken).Should().ThrowAsync<EngineUnreachableException>().WithMessage("*/nowhere/docker.sock*");
    }

    private static Func<Task> Connecting(SshServer server, CancellationToken cancellationToken) => async () =>
    {
        var options = new EngineConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(30) };
        Allow(options, server);
        await using var engine = await new DockerEngineConnector(options).ConnectAsync(server.Address, cancellationToken);
    };

    private static void Allow(EngineConnectionOptions options, SshServer server) => (options.AllowSsh, options.SshPath, options.ConnectTimeout) = (true, server.Client, TimeSpan.FromSeconds(30));
}
