using System.Runtime.InteropServices;

namespace Swarm.Core.Docker;

/// <summary>Opens sockets in the network of another process.</summary>
internal static class NetworkNamespace
{
    private const int Network = 0x40000000;

    /// <summary>Runs something within the network of a process: a socket made there stays there, whoever uses it later.</summary>
    /// <param name="pid">The process, or 0 for the caller's own network.</param>
    /// <param name="open">Opens what is wanted. It runs on a thread of its own, which ends after it, for a thread does not come back.</param>
    public static T Within<T>(int pid, Func<T> open)
    {
        if (pid == 0)
        {
            return open();
        }

        T? opened = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle($"/proc/{pid}/ns/net");
                if (SetNamespace(space.DangerousGetHandle().ToInt32(), Network) != 0)
                {
                    throw new InvalidOperationException($"The network of process {pid} cannot be entered: error {Marshal.GetLastPInvokeError()}.");
                }

                opened = open();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? opened! : throw new InvalidOperationException(failure.Message, failure);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int descriptor, int kind);
}
