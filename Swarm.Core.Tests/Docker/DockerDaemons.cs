using System.Globalization;
using System.Runtime.InteropServices;

namespace Swarm.Core.Docker;

/// <summary>The daemons of this test run: a few that all tests share, and private ones for tests that break theirs.</summary>
internal static class DockerDaemons
{
    /// <summary>The image that every daemon has.</summary>
    public const string Image = "busybox:latest";

    // Short, for the path of a unix socket may have 107 characters.
    private const string Root = "/var/tmp/swarm-core-tests";
    private const string ControlGroupRoot = "/swarm-core-tests";

    private static readonly string[] _programs = ["dockerd", "containerd", "runc", "unshare", "hostname", "mount"];
    private static readonly SemaphoreSlim _gate = new(1, 1);
    private static readonly Dictionary<(EngineRelease Release, int Index, bool OwnNetwork), DockerDaemon> _shared = [];
    private static readonly HashSet<string> _cleaned = [];
    private static int _count;

    /// <summary>Why no daemon can be started here, or <see langword="null"/> when one can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    private static string RunDirectory => Path.Combine(Root, ProcessTable.Identity(Environment.ProcessId) ?? throw new InvalidOperationException("This process cannot be found."));

    /// <summary>Skips the test where no daemon can be started; on a build server that is a failure, for it would hide that nothing was tested.</summary>
    public static void RequireDocker()
    {
        if (Obstacle is { } obstacle)
        {
            MissingPart.Skip($"Docker engines cannot be started: {obstacle}.");
        }
    }

    private static void Require(EngineRelease release)
    {
        RequireDocker();
        EngineReleases.Require(release);
    }

    /// <summary>Gets one of the shared daemons, without containers and volumes. It must be left running.</summary>
    public static Task<DockerDaemon> SharedAsync(int index = 0, EngineRelease? release = null) => SharedAsync(release ?? EngineReleases.Default, index, ownNetwork: false);

    /// <summary>Gets the shared daemon that has a network stack of its own, as new. It must be left running.</summary>
    public static Task<DockerDaemon> SharedWithNetworkAsync(EngineRelease? release = null) => SharedAsync(release ?? EngineReleases.Default, 0, ownNetwork: true);

    private static async Task<DockerDaemon> SharedAsync(EngineRelease release, int index, bool ownNetwork)
    {
        Require(release);
        await _gate.WaitAsync();
        try
        {
            if (!_shared.TryGetValue((release, index, ownNetwork), out var daemon))
            {
                daemon = await StartCoreAsync(new DockerDaemonOptions { Release = release, Labels = [$"shared={index}"], OwnNetwork = ownNetwork });
                _shared.Add((release, index, ownNetwork), daemon);
            }

            await daemon.ClearAsync();
            return daemon;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts a daemon for one test, which disposes of it.</summary>
    public static async Task<DockerDaemon> StartAsync(DockerDaemonOptions? options = null)
    {
        options ??= new DockerDaemonOptions();
        Require(options.Release);
        await _gate.WaitAsync();
        try
        {
            return await StartCoreAsync(options);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the shared daemons.</summary>
    public static async Task StopAsync()
    {
        foreach (var daemon in _shared.Values)
        {
            await daemon.DisposeAsync();
        }

        _shared.Clear();
        if (_count > 0)
        {
            Directory.Delete(RunDirectory, recursive: true);
            _ = RemoveControlGroups(RunDirectory);

            // These stay while another run uses them.
            _ = RemoveDirectory(Root);
            foreach (var hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup").Prepend("/sys/fs/cgroup"))
            {
                _ = RemoveDirectory(hierarchy + ControlGroupRoot);
            }
        }
    }

    /// <summary>The control group that the containers of a daemon are in.</summary>
    public static string ControlGroup(string directory) => ControlGroupRoot + directory[Root.Length..];

    /// <summary>Removes the control groups of a daemon that has no process left; false when the kernel still holds one.</summary>
    public static bool RemoveControlGroups(string directory)
    {
        var areGone = true;
        foreach (var hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup").Prepend("/sys/fs/cgroup"))
        {
            var group = hierarchy + ControlGroup(directory);
            if (Directory.Exists(group))
            {
                RemoveControlGroup(group);
                areGone &= !Directory.Exists(group);
            }
        }

        return areGone;
    }

    private static void RemoveControlGroup(string group)
    {
        foreach (var child in Directory.EnumerateDirectories(group))
        {
            RemoveControlGroup(child);
        }

        // The files in it cannot be removed and need not be: only an empty rmdir is asked of the kernel.
        _ = RemoveDirectory(group);
    }

    private static async Task<DockerDaemon> StartCoreAsync(DockerDaemonOptions options)
    {
        if (_cleaned.Add(Root))
        {
            await RemoveLeftoversAsync();
        }

        var number = (++_count).ToString(CultureInfo.InvariantCulture);
        return await DockerDaemon.StartAsync(options with { HostName = options.HostName ?? $"engine{number}" }, Path.Combine(RunDirectory, number));
    }

    /// <summary>Ends what a test run left that was killed before it could do so itself.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var run in Directory.Exists(Root) ? Directory.GetDirectories(Root) : [])
        {
            var name = Path.GetFileName(run);
            if (int.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ProcessTable.Identity(pid) != name)
            {
                await ProcessTable.EndAsync(run);
                RemoveControlGroups(run);
                Directory.Delete(run, recursive: true);
            }
        }
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "this is not Linux";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "the tests do not run as root";
        }

        if (!File.Exists(BusyboxImage.Binary))
        {
            return $"{BusyboxImage.Binary} is missing";
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = _programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} cannot be found";
    }

    [DllImport("libc", EntryPoint = "rmdir", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RemoveDirectory(string path);
}
