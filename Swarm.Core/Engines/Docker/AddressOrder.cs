using System.Net;
using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>In which order the addresses of a name are tried (RFC 8305, section 4): as the name service gave them, the families in turns, so that one that is dead costs one attempt.</summary>
internal static class AddressOrder
{
    /// <summary>Orders addresses.</summary>
    /// <param name="addresses">As they were given; one that is there twice, or once more in the form of IPv6, counts once.</param>
    /// <param name="known">The address that worked last, which goes first if it is among them; or <see langword="null"/>.</param>
    public static IReadOnlyList<IPAddress> Of(IReadOnlyList<IPAddress> addresses, IPAddress? known = null)
    {
        var distinct = addresses.DistinctBy(ConnectionRules.Plain).ToList();
        var first = new Queue<IPAddress>(distinct.Where(address => FamilyOf(address) == FamilyOf(distinct[0])));
        var second = new Queue<IPAddress>(distinct.Where(address => FamilyOf(address) != FamilyOf(distinct[0])));
        var ordered = new List<IPAddress>(distinct.Count);
        while (first.TryDequeue(out var address))
        {
            ordered.Add(address);
            if (second.TryDequeue(out var other))
            {
                ordered.Add(other);
            }
        }

        ordered.AddRange(second);
        if (known is not null && ordered.Remove(known))
        {
            ordered.Insert(0, known);
        }

        return ordered;
    }

    private static AddressFamily FamilyOf(IPAddress address) => ConnectionRules.Plain(address).AddressFamily;
}
