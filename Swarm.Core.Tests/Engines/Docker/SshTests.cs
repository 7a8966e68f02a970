using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Engines that are reached through <c>ssh</c>.</summary>
[CancelAfter(120_000)]
public sealed class SshTests
{
    private const string Answers = @"read -r _; read -r _; read -r _; printf 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'; exec cat";

    private static readonly EngineAddress _address = EngineAddress.Parse("ssh://me@engine:2222");

    [Test]
    public async Task An_engine_is_reached_as_the_docker_command_reaches_it(CancellationToken cancellationToken)
    {
        DockerCommand.Require();
        await using var engine = new RecordingProxy();
        engine.Always(request => request.Method == "HEAD", ProxyFault.Say("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n"));
        engine.Always(_ => true, ProxyFault.Say(RecordingProxy.Pong));
        using var ssh = new FakeSsh($"export DOCKER_HOST=tcp://{engine.Address}; exec \"$@\"");

        await using (var connected = await Connector(ssh).ConnectAsync(_address, cancellationToken))
        {
            await connected.System.PingAsync(cancellationToken);

            engine.Requests.Count(request => request is { Method: "GET", Target: "/_ping" }).Should().Be(2);
            ssh.Started.Should().Be(1, "calls share a connection");
            ssh.Arguments.Should().ContainInConsecutiveOrder("-l", "me", "-p", "2222", "--", "engine", "docker", "system", "dial-stdio");
        }

        await Eventually.IsTrueAsync(() => ssh.Running == 0, "the process ends with its connection");
    }

    [Test]
    public async Task Nothing_is_run_unless_the_options_allow_it(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh(Answers);
        var connect = () => Connector(ssh, options => options.AllowSsh = false).ConnectAsync(_address, cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*AllowSsh*")).Which.NotSent.Should().BeTrue();

        ssh.Started.Should().Be(0);
    }

    [TestCase("ssh://me@engine", null, false)]
    [TestCase("ssh://me@127.0.0.1", null, false)]
    [TestCase("ssh://me@localhost", null, false)]
    [TestCase("ssh://me@10.0.0.5", null, true)]
    [TestCase("ssh://me@10.0.0.5", "10.0.0.0/8", true)]
    [TestCase("ssh://me@192.0.2.5", "10.0.0.0/8", false)]
    [TestCase("ssh://me@169.254.169.254", null, false)]
    public void An_address_that_others_wrote_leads_ssh_only_where_the_rules_let_connections_go(string address, string? network, bool isAllowed)
    {
        var options = new EngineConnectionOptions { AllowSsh = true };
        if (network is not null)
        {
            options.AllowedNetworks.Add(network);
        }

        (ConnectionRules.Create(options, programAddresses: false).ObjectionToSsh(EngineAddress.Parse(address).Host) is null).Should().Be(isAllowed);
    }

    [TestCase("engine", null, true)]
    [TestCase("localhost", null, true)]
    [TestCase("127.0.0.1", null, true)]
    [TestCase("engine", "10.0.0.0/8", false)]
    [TestCase("127.0.0.1", "10.0.0.0/8", false)]
    public void The_program_itself_may_name_hosts_unless_it_gives_networks(string host, string? network, bool isAllowed)
    {
        var options = new EngineConnectionOptions { AllowSsh = true };
        if (network is not null)
        {
            options.AllowedNetworks.Add(network);
        }

        (ConnectionRules.Create(options, programAddresses: true).ObjectionToSsh(host) is null).Should().Be(isAllowed);
    }

    [Test]
    public async Task What_ssh_complains_of_first_is_what_the_error_says(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh("echo 'me@engine: Permission denied (publickey).' >&2; echo second >&2; exit 255");
        var connect = () => Connector(ssh).ConnectAsync(_address, cancellationToken);

        var error = (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which;

        error.Message.Should().Contain("status 255: me@engine: Permission denied (publickey).").And.NotContain("second");
        error.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task A_machine_without_the_docker_command_is_told_from_one_that_is_away(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh("exec no-such-command-here");
        var connect = () => Connector(ssh).ConnectAsync(_address, cancellationToken);

        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*status 127*no-such-command-here*");
    }

    [Test]
    public async Task Words_that_have_no_end_are_read_and_cut(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh("head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; exit 255");
        var connect = () => Connector(ssh).ConnectAsync(_address, cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.Message.Length.Should().BeLessThan(2000);
    }

    [Test]
    public async Task One_that_never_answers_is_given_up_after_the_time_to_connect_and_ended(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh("echo 'still trying' >&2; exec sleep 1000");
        var connect = () => Connector(ssh, options => options.ConnectTimeout = TimeSpan.FromSeconds(1)).ConnectAsync(_address, cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*in time*still trying*")).Which.NotSent.Should().BeTrue();

        await Eventually.IsTrueAsync(() => ssh.Running == 0, "the process is ended");
    }

    [Test]
    public async Task What_is_no_engine_is_quoted_clean(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh(@"printf 'Welcome \033[2J\r\n\r\n'; exec sleep 1000");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var connect = () => Connector(ssh).ConnectAsync(_address, limit.Token);

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*no engine*Welcome*")).Which.Message.Should().NotContain("\u001b");
    }

    [Test]
    public async Task A_missing_command_is_named(CancellationToken cancellationToken)
    {
        var connector = new DockerEngineConnector(new EngineConnectionOptions { AllowSsh = true, SshPath = "no-such-ssh" });
        var connect = () => connector.ConnectAsync(_address, cancellationToken);

        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*no program 'no-such-ssh'*");
    }

    [Test]
    public async Task Input_can_be_ended_while_output_goes_on(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh(@"read -r _; read -r _; read -r _; printf 'HTTP/1.1 200 OK\r\n\r\n'; cat; echo done");
        using var connection = await Dialer(ssh).DialAsync(_ => { }, cancellationToken);

        await connection.Stream.WriteAsync("hello "u8.ToArray(), cancellationToken);
        connection.CloseSend();

        using var reader = new StreamReader(connection.Stream, Encoding.UTF8);
        (await reader.ReadToEndAsync(cancellationToken)).Should().Be("hello done\n");
    }

    [Test]
    public async Task One_engine_has_a_bounded_number_of_processes(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh(Answers);
        var dialer = Dialer(ssh);
        var closed = 0;
        var connections = new List<PipedConnection>();
        for (var count = 0; count < SshDialer.MaxProcesses; count++)
        {
            connections.Add(await dialer.DialAsync(_ => closed++, cancellationToken));
        }

        using var given = new CancellationTokenSource();
        var further = dialer.DialAsync(_ => { }, given.Token);
        further.IsCompleted.Should().BeFalse();
        await given.CancelAsync();
        await further.Awaiting(each => each).Should().ThrowAsync<EngineConnectException>().WithMessage("*16 ssh processes*");
        dialer.Running.Should().Be(SshDialer.MaxProcesses);

        connections[0].Dispose();
        connections[0].Dispose();
        connections[0] = await dialer.DialAsync(_ => closed++, cancellationToken);

        closed.Should().Be(1);
        ssh.Started.Should().Be(SshDialer.MaxProcesses + 1);
        connections.ForEach(each => each.Dispose());
        await Eventually.IsTrueAsync(() => ssh.Running == 0 && dialer.Running == 0, "all have ended");
    }

    [Test]
    public async Task A_read_under_way_ends_when_the_connection_is_cut_off(CancellationToken cancellationToken)
    {
        using var ssh = new FakeSsh(Answers);
        var connection = await Dialer(ssh).DialAsync(_ => { }, cancellationToken);
        var rest = new byte[100];
        var reading = connection.Stream.ReadAsync(rest, CancellationToken.None).AsTask();
        connection.CutOff();

        connection.IsCutOff.Should().BeTrue();
        await Eventually.IsTrueAsync(() => reading.IsCompleted, "it ends");
        _ = reading.Exception;
    }

    [TestCase("", false)]
    [TestCase("bin/ssh", false)]
    [TestCase("./ssh", false)]
    [TestCase("ssh", true)]
    [TestCase("/usr/bin/ssh", true)]
    public void The_command_is_a_name_or_an_absolute_path(string path, bool isValid) =>
        (!new EngineConnectionOptions { SshPath = path }.Validate().Any()).Should().Be(isValid);

    [Test]
    public async Task A_named_pipe_is_refused_where_there_are_none(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Here there are named pipes.");
        }

        var connect = () => new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(EngineAddress.Parse("npipe:////./pipe/docker_engine"), cancellationToken);
        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*Windows only*");

        var forbidden = () => new DockerEngineConnector(new EngineConnectionOptions(), programAddresses: false).ConnectAsync(EngineAddress.Parse("npipe:////./pipe/docker_engine"), cancellationToken);
        await forbidden.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*named pipes*AllowUnix*");
    }

    private static SshDialer Dialer(FakeSsh ssh)
    {
        var options = new EngineConnectionOptions { AllowSsh = true, SshPath = ssh.Path };
        return new SshDialer(_address, options, ConnectionRules.Create(options, programAddresses: true), TimeProvider.System);
    }

    private static DockerEngineConnector Connector(FakeSsh ssh, Action<EngineConnectionOptions>? more = null)
    {
        var options = new EngineConnectionOptions { AllowSsh = true, SshPath = ssh.Path, ConnectTimeout = TimeSpan.FromSeconds(30) };
        more?.Invoke(options);
        return new DockerEngineConnector(options);
    }
}
