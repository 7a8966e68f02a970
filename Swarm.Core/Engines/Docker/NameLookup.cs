using System.Net;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Looks names up, a few at a time: of a name whose service does not answer a thread of the platform waits, whoever has given up meanwhile. Safe for concurrent use.</summary>
/// <param name="resolve">Looks one up; <see langword="null"/> for the platform's way.</param>
internal sealed class NameLookup(Func<string, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>How many names are looked up at once.</summary>
    public const int AtOnce = 16;

    private readonly AsyncSemaphore _places = new(AtOnce);
    private readonly Func<string, Task<IPAddress[]>> _resolve = resolve ?? (static host => Dns.GetHostAddressesAsync(host));

    /// <summary>Finds the addresses of a name.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It has none.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        var (addresses, error) = await ResolveAsync(host).WaitAsync(cancellationToken);
        return addresses ?? throw error!;
    }

    // Its place is free when the look-up has ended, not when nobody waits for it any more.
    private async Task<(IPAddress[]? Addresses, Exception? Error)> ResolveAsync(string host)
    {
        try
        {
            return (await _resolve(host), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
        finally
        {
            _places.Release();
        }
    }
}
