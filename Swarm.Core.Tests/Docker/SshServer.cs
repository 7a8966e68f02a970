using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>A real sshd on the loopback interface, with keys and settings of its own, and a client that knows them. The docker command that is run through it is the machine's, and talks to one engine.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private static readonly string[] _commands = ["ssh", "ssh-keygen"];

    private readonly TemporaryFolder _folder = new();
    private readonly int _port;
    private Process? _process;

    private SshServer(int port) => _port = port;

    /// <summary>Gets the address of the engine behind it.</summary>
    public EngineAddress Address => EngineAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"ssh://{Environment.UserName}@127.0.0.1:{_port}"));

    /// <summary>Gets the command that a client is started by; it has the settings that somebody has in the own home folder.</summary>
    public string Client => _folder.File("ssh");

    /// <summary>Gets how many clients run.</summary>
    public int Clients => ProcessTable.Under(_folder.Path).Count(id => ProcessTable.NameOf(id).Trim() == "ssh");

    /// <summary>Starts one.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="isKnown">Whether the client knows the key of the server.</param>
    /// <param name="isLetIn">Whether the server accepts the key of the client.</param>
    public static async Task<SshServer> StartAsync(EngineAddress engine, bool isKnown = true, bool isLetIn = true)
    {
        Require();
        DockerCommand.Require();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var server = new SshServer(((IPEndPoint)free.LocalEndpoint).Port);
        free.Stop();
        try
        {
            await server.StartAsync(engine.ToString(), isKnown, isLetIn);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }

    // Skips the test where it is missing; on a build server that is a failure.
    private static void Require()
    {
        if (!File.Exists(Program) || !_commands.All(MissingPart.HasCommand))
        {
            MissingPart.Skip("There is no sshd, no ssh or no ssh-keygen.");
        }
    }

    private async Task StartAsync(string engine, bool isKnown, bool isLetIn)
    {
        await MakeKeyAsync("server");
        await MakeKeyAsync("client");
        _folder.Write("authorized", isLetIn ? File.ReadAllText(_folder.File("client.pub")) : "");
        _folder.Write("known", isKnown ? string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{_port} {File.ReadAllText(_folder.File("server.pub"))}") : "");
        _folder.Write("server.settings", string.Create(CultureInfo.InvariantCulture, $"""
            ListenAddress 127.0.0.1:{_port}
            HostKey {_folder.File("server")}
            AuthorizedKeysFile {_folder.File("authorized")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups 100
            SetEnv "PATH={Environment.GetEnvironmentVariable("PATH")}" DOCKER_HOST={engine}

            """));
        _folder.Write("client.settings", $"""
            Host *
              IdentityFile {_folder.File("client")}
              IdentitiesOnly yes
              UserKnownHostsFile {_folder.File("known")}
              GlobalKnownHostsFile none
              StrictHostKeyChecking ask

            """);
        _folder.Write("ssh", $"""
            #!/bin/sh
            exec ssh -F '{_folder.File("client.settings")}' "$@"
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Client, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // The one that the package makes at the start of the machine; without it there is no start.
        Directory.CreateDirectory("/run/sshd");
        var start = new ProcessStartInfo(Program, ["-D", "-e", "-f", _folder.File("server.settings")]) { UseShellExecute = false, RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("sshd cannot be started.");
        var said = _process.StandardError.ReadToEndAsync();
        await Eventually.IsTrueAsync(() => _process.HasExited || Listens(), "it listens");
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"sshd ended: {await said}");
        }
    }

    private async Task MakeKeyAsync(string name)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", _folder.File(name)]) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0);
    }

    private bool Listens()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
