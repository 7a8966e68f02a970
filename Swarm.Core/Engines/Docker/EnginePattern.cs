using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Some engines, by what their address says: an address, a host, the end of names or a network.</summary>
/// <remarks>Of several that match, the one of the highest rank counts. Two of one rank match the same engine only if they are the same. Immutable.</remarks>
internal sealed class EnginePattern
{
    private const int RankOfHost = 1_000_000;
    private const int RankOfAddress = 2_000_000;

    private readonly EngineAddress? _address;
    private readonly string? _host;
    private readonly string? _suffix;
    private readonly IPNetwork? _network;

    private EnginePattern(string text, int rank, EngineAddress? address = null, string? host = null, string? suffix = null, IPNetwork? network = null)
    {
        Text = text;
        Rank = rank;
        _address = address;
        _host = host;
        _suffix = suffix;
        _network = network;
    }

    /// <summary>Gets the canonical text: patterns are the same when these are.</summary>
    public string Text { get; }

    /// <summary>Gets how closely it says which engines: an address more than a host, that more than names or networks, of these the longer the more.</summary>
    public int Rank { get; }

    /// <summary>Reads a pattern.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnginePattern? pattern)
    {
        pattern = Read(text);
        return pattern is not null;
    }

    /// <summary>Tells whether an engine is one of these.</summary>
    public bool Matches(EngineAddress address)
    {
        if (address.Scheme != EngineScheme.Tcp)
        {
            return false;
        }

        if (_address is not null)
        {
            return _address.Port == address.Port && string.Equals(HostOf(_address), HostOf(address), StringComparison.Ordinal);
        }

        var host = HostOf(address);
        return _host is not null ? string.Equals(_host, host, StringComparison.Ordinal)
            : _suffix is not null ? host.Length > _suffix.Length && host.EndsWith(_suffix, StringComparison.Ordinal) && !IPAddress.TryParse(host, out _)
            : IPAddress.TryParse(host, out var ip) && _network!.Value.Contains(ip);
    }

    /// <summary>Returns the canonical text.</summary>
    public override string ToString() => Text;

    private static EnginePattern? Read(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 256)
        {
            return null;
        }

        if (text.StartsWith("*.", StringComparison.Ordinal))
        {
            var suffix = text[1..].ToLowerInvariant();
            return HostFrom(suffix[1..]) is { } name && !IPAddress.TryParse(name, out _) ? new EnginePattern("*" + suffix, suffix.Length, suffix: suffix) : null;
        }

        if (text.Contains('/', StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal))
        {
            return NetworkList.TryParse(text, out var network)
                ? new EnginePattern(network.ToString(), network.PrefixLength, network: network)
                : null;
        }

        if (HostFrom(text) is { } host)
        {
            return new EnginePattern(host, RankOfHost, host: host);
        }

        return EngineAddress.TryParse(text, out var address) && address.Scheme == EngineScheme.Tcp
            ? new EnginePattern(string.Create(CultureInfo.InvariantCulture, $"[{HostOf(address)}]:{address.Port}"), RankOfAddress, address: address)
            : null;
    }

    // What is a host on its own is decided by the grammar of addresses.
    private static string? HostFrom(string text)
    {
        var isV6 = text.Count(character => character == ':') > 1 && !text.StartsWith('[');
        return !isV6 && text.Contains(':', StringComparison.Ordinal) ? null
            : EngineAddress.TryParse(isV6 ? $"[{text}]:1" : $"{text}:1", out var address) && address.Scheme == EngineScheme.Tcp ? HostOf(address)
            : null;
    }

    // One host, one text: ::ffff:10.0.0.1 is 10.0.0.1.
    private static string HostOf(EngineAddress address) =>
        IPAddress.TryParse(address.Host, out var ip) ? ConnectionRules.Plain(ip).ToString() : address.Host;
}
