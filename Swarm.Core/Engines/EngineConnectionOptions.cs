using System.Net;

namespace Swarm.Core.Engines;

/// <summary>How connections to engines are made. Read once, when a connector is created: later changes have no effect.</summary>
public sealed class EngineConnectionOptions
{
    /// <summary>The largest <see cref="ConnectTimeout"/> that is accepted.</summary>
    internal static readonly TimeSpan MaxConnectTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how long resolving a name, connecting and the TLS handshake may take together. 5 seconds when not set; at most 5 minutes.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets whether tcp without TLS may be used beyond this machine. Whoever reaches such an engine is root on its host.</summary>
    /// <remarks>Loopback addresses and unix sockets never need it. What counts is the address a name resolves to.</remarks>
    public bool AllowInsecureTcp { get; set; }

    /// <summary>Gets or sets how engines and this program prove to each other who they are; <see langword="null"/> for no TLS. Unix sockets never use TLS.</summary>
    public EngineTlsOptions? Tls { get; set; }

    /// <summary>Gets the networks engines may be in; empty for any but link-local, multicast and unspecified addresses.</summary>
    /// <remarks>Compared with the address a name resolves to, just before connecting to exactly that address. Loopback is always allowed.</remarks>
    public IList<IPNetwork> AllowedNetworks { get; } = [];

    /// <summary>Lists what is wrong with the options.</summary>
    /// <returns>Sentences that name the option at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > MaxConnectTimeout)
        {
            yield return $"{nameof(ConnectTimeout)} is {ConnectTimeout}; it must be positive and at most {MaxConnectTimeout}.";
        }

        foreach (var error in Tls?.Validate() ?? [])
        {
            yield return error;
        }
    }
}
