using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>A real engine of its own: own key, host name, data, sockets and containers. Nothing of it outlives <see cref="DisposeAsync"/>.</summary>
internal sealed class DockerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // The mounts are made in a namespace of the daemon's own and vanish with it.
    private const string Launcher = """
        hostname "$1" && mount --bind "$2" /etc/docker && log="$3" && shift 3 && exec "$@" </dev/null >"$log" 2>&1
        """;

    // The same within the root folder of another release: the folder is a mount of its own, for engines remount what they unpack images in.
    private const string RootLauncher = """
        hostname "$1" && mount --bind "$2" /etc/docker && log="$3" && root="$4" && shift 4 && mount --bind "$root" "$root" &&
        for folder in /proc /dev /sys /tmp /run /var/tmp /etc/docker; do mkdir -p "$root$folder" && mount --rbind "$folder" "$root$folder" || exit; done &&
        exec chroot "$root" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null >"$log" 2>&1
        """;

    private const string NetworkUp = $"{BusyboxImage.Binary} ip link set lo up && ";

    private readonly DockerDaemonOptions _options;
    private readonly string _directory;
    private readonly string _hostName;
    private readonly string _log;
    private readonly int _port;
    private Process? _process;

    private DockerDaemon(DockerDaemonOptions options, string directory)
    {
        _options = options;
        _directory = directory;
        _hostName = options.HostName ?? Path.GetFileName(directory);
        _log = Path.Combine(directory, "log");
        _port = FreePort();
        Http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false })
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = StartPatience,
        };
    }

    /// <summary>The address over tcp on the loopback interface. It stays the same over restarts.</summary>
    public EngineAddress Tcp => EngineAddress.Parse($"127.0.0.1:{_port}");

    /// <summary>The address of the unix socket.</summary>
    public EngineAddress Unix => EngineAddress.Parse($"unix://{SocketPath}");

    /// <summary>The host name the daemon reports.</summary>
    public string HostName => _hostName;

    /// <summary>The process ID of the daemon; 0 when it does not run.</summary>
    public int Pid => _process?.Id ?? 0;

    /// <summary>The network of the daemon's own; <see langword="null"/> where it shares the one of the tests, and while it does not run.</summary>
    public SafeFileHandle? Network { get; private set; }

    /// <summary>Plain calls to the daemon, beside the code under test.</summary>
    public HttpClient Http { get; }

    private string SocketPath => Path.Combine(_directory, "s");

    public static async Task<DockerDaemon> StartAsync(DockerDaemonOptions options, string directory)
    {
        Directory.CreateDirectory(Path.Combine(directory, "etc"));
        Directory.CreateDirectory("/etc/docker");
        var daemon = new DockerDaemon(options, directory);
        try
        {
            await daemon.StartAsync();
            await daemon.ImportAsync(DockerDaemons.Image);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon, also after <see cref="KillAsync"/>, on the data it had, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        // A killed daemon leaves these, and the next one would believe them.
        File.Delete(Path.Combine(_directory, "pid"));
        File.Delete(SocketPath);
        if (Directory.Exists(Path.Combine(_directory, "exec", "containerd")))
        {
            File.Delete(Path.Combine(_directory, "exec", "containerd", "containerd.pid"));
        }

        using var deadline = new CancellationTokenSource(StartPatience);
        var started = new ProcessStartInfo("unshare", Arguments()) { UseShellExecute = false };
        _process = Process.Start(started) ?? throw new InvalidOperationException("unshare cannot be started.");
        while (true)
        {
            try
            {
                var log = File.Exists(_log) ? await File.ReadAllTextAsync(_log, deadline.Token) : "";
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"dockerd ended with code {_process.ExitCode}:\n{Tail(log)}");
                }

                if (await ListensAsync(deadline.Token) && await AnswersAsync(deadline.Token))
                {
                    Network = _options.OwnNetwork ? NetworkNamespace.Of(Pid) : null;
                    return;
                }

                await Task.Delay(20, deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"dockerd did not get ready:\n{Tail(await File.ReadAllTextAsync(_log))}");
            }
        }
    }

    /// <summary>Kills the daemon as the kernel would, and leaves its containers running.</summary>
    public async Task KillAsync()
    {
        var pid = Pid;
        var doomed = ProcessTable.Children(pid).Append(pid).ToArray();
        ProcessTable.Signal(pid, ProcessTable.SigKill);
        await ReapAsync(StartPatience);
        await ProcessTable.WaitUntilGoneAsync(doomed);
    }

    /// <summary>Kills the daemon and all its containers, as a power cut would.</summary>
    public async Task CutPowerAsync()
    {
        await ProcessTable.EndAsync(_directory);
        await ReapAsync(StartPatience);
    }

    /// <summary>Freezes the daemon: connections are accepted by the kernel, and nothing is answered.</summary>
    public async Task PauseAsync()
    {
        ProcessTable.Signal(Pid, ProcessTable.SigStop);
        await ProcessTable.WaitUntilStoppedAsync(Pid);
    }

    /// <summary>Lets a frozen daemon go on.</summary>
    public void Resume() => ProcessTable.Signal(Pid, ProcessTable.SigCont);

    /// <summary>Makes the busybox image known under a name.</summary>
    /// <param name="reference">The name and tag.</param>
    public async Task ImportAsync(string reference)
    {
        var colon = reference.LastIndexOf(':');
        using var content = new ByteArrayContent(BusyboxImage.Archive());
        using var response = await Http.PostAsync($"images/create?fromSrc=-&repo={reference[..colon]}&tag={reference[(colon + 1)..]}&changes={Uri.EscapeDataString("CMD [\"sh\"]")}", content);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || answer.Contains("errorDetail", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The image cannot be imported: {answer}");
        }
    }

    /// <summary>Makes a network.</summary>
    public async Task CreateNetworkAsync(string name, string? subnet = null)
    {
        object body = subnet is null ? new { Name = name } : new { Name = name, IPAM = new { Config = new[] { new { Subnet = subnet } } } };
        using var response = await Http.PostAsJsonAsync("networks/create", body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Removes every container, volume and network that a test made, so that the next one finds the daemon as new.</summary>
    public async Task ClearAsync()
    {
        foreach (var container in await Http.GetFromJsonAsync<JsonElement[]>("containers/json?all=1") ?? [])
        {
            // Podman waits for the grace of a stop unless it is told not to in its own API.
            var id = container.GetProperty("Id").GetString();
            using var response = await Http.DeleteAsync(_options.Release.Product == EngineProduct.Docker ? $"containers/{id}?force=1&v=1" : $"v4.0.0/libpod/containers/{id}?force=true&timeout=0&depend=true&v=true");
        }

        var volumes = (await Http.GetFromJsonAsync<JsonElement>("volumes")).GetProperty("Volumes");
        foreach (var volume in volumes.ValueKind == JsonValueKind.Array ? volumes.EnumerateArray().ToArray() : [])
        {
            using var response = await Http.DeleteAsync($"volumes/{volume.GetProperty("Name").GetString()}?force=1");
        }

        foreach (var network in await Http.GetFromJsonAsync<JsonElement[]>("networks") ?? [])
        {
            // Refused for those that every daemon has.
            using var response = await Http.DeleteAsync($"networks/{network.GetProperty("Id").GetString()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_directory))
        {
            return;
        }

        Http.Dispose();
        if (_process is { HasExited: false } process)
        {
            // Its containers first, or it would wait ten seconds for each of them.
            var shims = ProcessTable.Under(_directory).Where(pid => pid != process.Id && !ProcessTable.Children(process.Id).Contains(pid)).ToArray();
            foreach (var pid in shims)
            {
                ProcessTable.Signal(pid, ProcessTable.SigKill);
            }

            ProcessTable.Signal(process.Id, ProcessTable.SigCont);
            ProcessTable.Signal(process.Id, ProcessTable.SigTerm);
            try
            {
                await ReapAsync(StopPatience);
            }
            catch (TimeoutException)
            {
                ProcessTable.Signal(process.Id, ProcessTable.SigKill);
            }
        }

        await ProcessTable.EndAsync(_directory);
        await ReapAsync(StartPatience);

        // A group is busy for a moment longer than its last process can be seen.
        await Eventually.IsTrueAsync(() => DockerDaemons.RemoveControlGroups(_directory), "the control groups of the daemon are empty");
        Directory.Delete(_directory, recursive: true);
    }

    private static string Tail(string log) => string.Join('\n', log.Split('\n').TakeLast(12));

    // A port that is free now: Docker 28 takes no port 0.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private List<string> Arguments()
    {
        string[] network = _options.OwnNetwork ? ["--net"] : [];
        var root = EngineReleases.RootOf(_options.Release);
        var launcher = (_options.OwnNetwork ? NetworkUp : "") + (root is null ? Launcher : RootLauncher);
        string[] folder = root is null ? [] : [root];
        return
        [
            "--mount", "--uts", .. network, "--propagation", "private", "--", "/bin/sh", "-c", launcher, "sh",
            _hostName, Path.Combine(_directory, "etc"), _log, .. folder, .. _options.Release.Product == EngineProduct.Docker ? DockerArguments() : PodmanArguments(),
        ];
    }

    private List<string> DockerArguments()
    {
        if (_options.Release.Configuration is { } configuration)
        {
            File.WriteAllText(Path.Combine(_directory, "etc", "daemon.json"), configuration);
        }

        List<string> arguments =
        [
            "/usr/bin/env", .. _options.Release.Environment, "dockerd",
            "--data-root", Path.Combine(_directory, "data"),
            "--exec-root", Path.Combine(_directory, "exec"),
            "--pidfile", Path.Combine(_directory, "pid"),
            "--host", $"unix://{SocketPath}",
            "--host", $"tcp://127.0.0.1:{_port}",
            "--iptables=false", "--ip-masq=false",
            "--exec-opt", "native.cgroupdriver=cgroupfs",
            "--cgroup-parent", DockerDaemons.ControlGroup(_directory),
        ];
        if (!_options.OwnNetwork)
        {
            arguments.AddRange(["--bridge", "none"]);
        }

        foreach (var label in _options.Labels)
        {
            arguments.AddRange(["--label", label]);
        }

        if (_options.Tls is { } tls)
        {
            var files = tls.WriteServerFiles(Path.Combine(_directory, "tls"));
            arguments.AddRange(["--tlsverify", "--tlscacert", files.Authority, "--tlscert", files.Certificate, "--tlskey", files.Key]);
        }

        return arguments;
    }

    // One service listens in one place: two of them, on one store, are one engine.
    private List<string> PodmanArguments()
    {
        // What it unpacks goes into its own folder too, for it leaves it there.
        var scratch = Path.Combine(_directory, "scratch");
        Directory.CreateDirectory(scratch);

        // The registries of tests speak no TLS, which Docker expects of the loopback interface. Nothing here has timers for probes of health: tests probe themselves.
        var registries = Path.Combine(_directory, "registries.conf");
        File.WriteAllText(registries, "[[registry]]\nlocation = \"127.0.0.1\"\ninsecure = true\n");
        string[] podman =
        [
            "/usr/bin/env", $"CONTAINERS_REGISTRIES_CONF={registries}", $"TMPDIR={scratch}", "DISABLE_HC_SYSTEMD=true", "podman",
            "--root", Path.Combine(_directory, "data"),
            "--runroot", Path.Combine(_directory, "exec"),
            "--tmpdir", Path.Combine(_directory, "tmp"),
            "--volumepath", Path.Combine(_directory, "volumes"),
            "--network-config-dir", Path.Combine(_directory, "networks"),
            "--storage-driver", "vfs",
            "--cgroup-manager", "cgroupfs",
            "--events-backend", "file",
            "system", "service", "--time", "0",
        ];
        return ["/bin/sh", "-c", """tcp="$1" unix="$2"; shift 2; "$@" "$tcp" & exec "$@" "$unix" """, "sh", $"tcp://127.0.0.1:{_port}", $"unix://{SocketPath}", .. podman];
    }

    // Out of a network of its own nobody listens here.
    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        if (_options.OwnNetwork)
        {
            return true;
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync("_ping", cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReapAsync(TimeSpan patience)
    {
        if (_process is { } process)
        {
            await process.WaitForExitAsync().WaitAsync(patience);
            process.Dispose();
            _process = null;
            Network?.Dispose();
            Network = null;
        }
    }
}
