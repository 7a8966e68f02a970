using System.Runtime.CompilerServices;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>Finds engines in a fixed list.</summary>
/// <remarks>
/// An address is <c>host:port</c>, <c>[ipv6]:port</c>, <c>unix:///path</c>, <c>ssh://user@host:port</c> or <c>npipe:////./pipe/name</c>. A pattern may hold one range of numbers, bounds inclusive:
/// <c>10.0.0.[10:20]:2375</c>. At most 10,000 addresses make a set and 256 characters a pattern. Safe to share.
/// </remarks>
public sealed class StaticDiscovery : IProgramDiscovery
{
    private readonly DiscoverySnapshot _snapshot;

    /// <summary>Creates the discovery.</summary>
    /// <param name="patterns">Addresses or patterns; one text may also hold several, separated by commas, as in classic Swarm's <c>nodes://</c> list; one of them may have a scheme only where that begins it.</param>
    /// <exception cref="InvalidAddressException">One of the patterns is malformed.</exception>
    public StaticDiscovery(params IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        _snapshot = AddressList.Read(patterns.SelectMany(Split));
    }

    /// <summary>Creates the discovery.</summary>
    /// <param name="addresses">The addresses.</param>
    public StaticDiscovery(IEnumerable<EngineAddress> addresses)
    {
        _snapshot = new DiscoverySnapshot(addresses);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return _snapshot;

        // A watch that ends is taken for an outage and started again; there is nothing to come but the end of the cluster.
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }

    private static IEnumerable<string> Split(string text)
    {
        var url = DiscoveryUrl.Parse(text);
        if (url.Scheme == DiscoveryUrl.Nodes)
        {
            return AddressText.Split(url.Rest, IsAddress).Select(part => IsCut(part)
                ? part
                : throw new InvalidAddressException(part, "one of these is no address, and which cannot be shown, for some of it may be a password; give each in a text of its own"));
        }

        return text.Contains(',', StringComparison.Ordinal) && (AddressText.BeginsWithScheme(text) || AddressText.HasSchemeBehindComma(text)) && !AddressList.CanRead(text)
            ? throw new InvalidAddressException(text, "it has a comma: a list of addresses of which some have a scheme begins with nodes://, and no address has a password")
            : [text];
    }

    // In a list each comma ends an address.
    private static bool IsCut(string part) => !part.Contains(',', StringComparison.Ordinal);

    private static bool IsAddress(string part) => IsCut(part) && AddressList.CanRead(part);
}
