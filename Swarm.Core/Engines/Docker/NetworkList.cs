using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Networks as texts, such as <c>10.0.0.0/8</c> or <c>fd00::/8</c>; an address alone is a network of one.</summary>
/// <remarks>
/// Texts are kept as they come, so that a configuration binder never has to leave one out that it cannot read; what is no network makes the start
/// of the cluster fail, and the error quotes it.
/// </remarks>
[TypeConverter(typeof(NetworkListConverter))]
public sealed class NetworkList : Collection<string>
{
    /// <summary>Adds a network.</summary>
    /// <param name="network">The network.</param>
    public void Add(IPNetwork network) => Add(network.ToString());

    /// <summary>Returns the networks, separated by commas.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", this);

    /// <summary>Reads a network. One of IPv4 addresses in the form of IPv6 is that of the IPv4 addresses.</summary>
    internal static bool TryParse([NotNullWhen(true)] string? text, out IPNetwork network)
    {
        network = default;
        if (text is null || text.Contains('%', StringComparison.Ordinal))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];

        // The platform's parser takes brackets, and 1, 0x7f.1 and 017.0.0.1 for addresses.
        if (host.StartsWith('[') || !IPAddress.TryParse(host, out var address) || !(host.Contains(':', StringComparison.Ordinal) || string.Equals(address.ToString(), host, StringComparison.Ordinal)))
        {
            return false;
        }

        var longest = address.GetAddressBytes().Length * 8;
        var length = longest;
        if (slash >= 0 && !TryParseLength(text.AsSpan(slash + 1), longest, out length))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            if (length < 96)
            {
                return false;
            }

            (address, length) = (address.MapToIPv4(), length - 96);
        }

        // Bits beyond the prefix are a slip: 10.0.0.5/8 may mean one host, or all.
        return IPNetwork.TryParse(string.Create(CultureInfo.InvariantCulture, $"{address}/{length}"), out network) && network.BaseAddress.Equals(address);
    }

    /// <summary>Takes a list apart. No network has a user, so a list with one is wrong, and no part before that is told apart from a password.</summary>
    internal static IEnumerable<string> Split(string list) => AddressText.Split(list, isFine: static _ => false);

    /// <summary>Lists what is wrong with the networks.</summary>
    /// <param name="name">The name of the option.</param>
    internal IEnumerable<string> Validate(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!TryParse(this[i], out _))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name}[{i}] is '{AddressText.Of(this[i])}'; it must be a network such as 10.0.0.0/8 or fd00::/8, without bits beyond its prefix, or an address.");
            }
        }
    }

    /// <summary>Reads all networks; they must be valid.</summary>
    internal IEnumerable<IPNetwork> Parse() =>
        this.Select(text => TryParse(text, out var network) ? network : throw new ArgumentException($"'{AddressText.Of(text)}' is no network."));

    private static bool TryParseLength(ReadOnlySpan<char> text, int longest, out int length)
    {
        length = 0;
        return text.Length is > 0 and <= 3
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= longest;
    }
}
