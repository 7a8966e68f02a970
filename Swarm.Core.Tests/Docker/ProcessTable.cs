using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Swarm.Core.Docker;

/// <summary>Finds and ends exactly those processes that belong to a daemon under test.</summary>
internal static class ProcessTable
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Signal(int pid, int signal)
    {
        const int NoSuchProcess = 3;
        if (Kill(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new InvalidOperationException($"Signal {signal} cannot be sent to process {pid}: error {error}.");
        }
    }

    /// <summary>Processes whose command line names something below a directory, and whatever they started.</summary>
    public static IReadOnlyCollection<int> Under(string directory)
    {
        var parents = new Dictionary<int, int>();
        var found = new HashSet<int>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || ReadStat(pid) is not { } stat)
            {
                continue;
            }

            parents[pid] = stat.Parent;
            if (pid != Environment.ProcessId && CommandLine(pid).Contains(directory + "/", StringComparison.Ordinal))
            {
                found.Add(pid);
            }
        }

        bool grew;
        do
        {
            grew = false;
            foreach (var (pid, parent) in parents)
            {
                grew |= found.Contains(parent) && found.Add(pid);
            }
        }
        while (grew);
        return found;
    }

    /// <summary>Processes that one process started.</summary>
    public static IReadOnlyCollection<int> Children(int pid) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var child) ? child : 0)
            .Where(child => child != 0 && ReadStat(child)?.Parent == pid)];

    /// <summary>Ends everything below a directory, and waits until it is gone.</summary>
    public static async Task EndAsync(string directory)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (Under(directory) is { Count: > 0 } left)
        {
            foreach (var pid in left)
            {
                Signal(pid, SigKill);
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    public static async Task WaitUntilGoneAsync(IReadOnlyCollection<int> pids)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (pids.Any(pid => ReadStat(pid) is not null))
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Waits until no thread of a process runs any more: after the signal to stop each of them may still go on for a moment.</summary>
    public static async Task WaitUntilStoppedAsync(int pid)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (Directory.EnumerateDirectories($"/proc/{pid}/task").Any(thread => ReadFields($"{thread}/stat") is { } fields && fields[0] is not ("T" or "t")))
        {
            await Task.Delay(1, deadline.Token);
        }
    }

    /// <summary>A text that tells this life of a process ID from an earlier or later one.</summary>
    public static string? Identity(int pid) => ReadStat(pid) is { } stat ? string.Create(CultureInfo.InvariantCulture, $"{pid}-{stat.Started}") : null;

    /// <summary>The name of a process; empty when there is none.</summary>
    public static string NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // A zombie only waits to be counted.
    private static (int Parent, ulong Started)? ReadStat(int pid) => ReadFields($"/proc/{pid}/stat") is { } fields && fields[0] is not ("Z" or "X")
        ? (int.Parse(fields[1], CultureInfo.InvariantCulture), ulong.Parse(fields[19], CultureInfo.InvariantCulture))
        : null;

    // From the state on; the name before it, in parentheses, may hold anything.
    private static string[]? ReadFields(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
