using System.Runtime.CompilerServices;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>A fixed set of engines.</summary>
internal sealed class StaticDiscovery : IDiscoveryBackend
{
    private readonly DiscoverySnapshot _snapshot;

    /// <param name="patterns">Addresses or address patterns; also several in one text, separated by commas, with or without <c>nodes://</c>.</param>
    /// <exception cref="InvalidAddressException">One of them is refused.</exception>
    public StaticDiscovery(IEnumerable<string> patterns)
    {
        _snapshot = AddressList.Read(patterns.SelectMany(Split));
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return _snapshot;

        // A watch that ends is taken for an outage and started again; there is nothing to come but the end of the cluster.
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }

    private static IEnumerable<string> Split(string text)
    {
        var url = DiscoveryUrl.Parse(text);
        return url.Scheme switch
        {
            DiscoveryUrl.Nodes => url.Rest.Split(','),
            "tcp" or "unix" => [text],
            _ => throw new InvalidAddressException(text, "its scheme is not one of nodes, tcp and unix"),
        };
    }
}
