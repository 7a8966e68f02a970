using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Swarm.Core.Docker;

/// <summary>Opens sockets in the network of another process.</summary>
internal static class NetworkNamespace
{
    private const int Network = 0x40000000;

    /// <summary>Gets hold of the network that a process is in now.</summary>
    /// <remarks>To be asked before the process has made networks: what makes them in threads that it then gives up, as engines do, may leave its first thread, which is what is read here, in one of them.</remarks>
    public static SafeFileHandle Of(int pid) => File.OpenHandle($"/proc/{pid}/ns/net");

    /// <summary>Runs something within a network: a socket made there stays there, whoever uses it later.</summary>
    /// <param name="network">The network, or <see langword="null"/> for the caller's own.</param>
    /// <param name="open">Opens what is wanted, and starts nothing that goes on: a thread of the pool that is made there would stay there, and run what belongs elsewhere. It runs on a thread of its own, which ends after it, for a thread does not come back.</param>
    public static T Within<T>(SafeFileHandle? network, Func<T> open)
    {
        if (network is null)
        {
            return open();
        }

        T? opened = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (SetNamespace(network, Network) != 0)
                {
                    throw new InvalidOperationException($"The network cannot be entered: error {Marshal.GetLastPInvokeError()}.");
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
    private static extern int SetNamespace(SafeFileHandle descriptor, int kind);
}
