using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>All engines a discovery backend knows of at one moment.</summary>
public sealed class DiscoverySnapshot
{
    /// <summary>Creates a snapshot; an address that is given twice counts once.</summary>
    /// <param name="addresses">The addresses of the engines.</param>
    public DiscoverySnapshot(params IEnumerable<EngineAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        Addresses = [.. addresses.Distinct().Order()];
    }

    /// <summary>Gets the addresses, each once, in ordinal order.</summary>
    public ImmutableArray<EngineAddress> Addresses { get; }
}
