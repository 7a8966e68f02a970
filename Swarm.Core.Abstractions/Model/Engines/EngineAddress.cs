using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Where an engine listens: <c>host:port</c>, <c>tcp://host:port</c>, <c>[ipv6]:port</c> or <c>unix:///path</c>.</summary>
/// <remarks>
/// The grammar is strict, because addresses come from discovery stores that are only half trusted: no user, path, query, zone,
/// octal or hexadecimal address, no port 0. Two addresses are equal when their canonical texts are.
/// </remarks>
public sealed class EngineAddress : IEquatable<EngineAddress>, IComparable<EngineAddress>
{
    private const int MaxLength = 256;
    private const string TcpPrefix = "tcp://";
    private const string UnixPrefix = "unix://";

    private static readonly SearchValues<char> _ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly string _text;

    private EngineAddress(EngineScheme scheme, string host, int port, string path)
    {
        Scheme = scheme;
        Host = host;
        Port = port;
        Path = path;
        _text = scheme == EngineScheme.Unix
            ? UnixPrefix + path
            : string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}");
    }

    /// <summary>Gets how the engine is reached.</summary>
    public EngineScheme Scheme { get; }

    /// <summary>Gets the host name in lower case or the IP address, without brackets; empty for a unix socket.</summary>
    public string Host { get; }

    /// <summary>Gets the TCP port, 1 to 65535; 0 for a unix socket.</summary>
    public int Port { get; }

    /// <summary>Gets the absolute path of the unix socket; empty for TCP.</summary>
    public string Path { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text to read.</param>
    /// <returns>The address.</returns>
    /// <exception cref="InvalidAddressException"><paramref name="text"/> is not the address of an engine.</exception>
    public static EngineAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(text, out var address, out var reason) ? address : throw new InvalidAddressException(text, reason);
    }

    /// <summary>Reads an address without throwing.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="address">The address, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <returns>Whether <paramref name="text"/> is an address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EngineAddress? address)
    {
        address = null;
        return text is not null && TryRead(text, out address, out _);
    }

    /// <summary>Returns the canonical text: <c>host:port</c>, <c>[ipv6]:port</c> or <c>unix:///path</c>.</summary>
    /// <returns>The text; it reads back as an equal address.</returns>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(EngineAddress? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EngineAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Orders addresses by their canonical text, ordinally.</summary>
    /// <param name="other">The address to compare with; <see langword="null"/> sorts first.</param>
    /// <returns>Less than, equal to or greater than zero.</returns>
    public int CompareTo(EngineAddress? other) => string.CompareOrdinal(_text, other?._text);

    /// <summary>Tells whether two addresses are equal.</summary>
    public static bool operator ==(EngineAddress? left, EngineAddress? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Tells whether two addresses differ.</summary>
    public static bool operator !=(EngineAddress? left, EngineAddress? right) => !(left == right);

    /// <summary>Tells whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(EngineAddress? left, EngineAddress? right) => Compare(left, right) < 0;

    /// <summary>Tells whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(EngineAddress? left, EngineAddress? right) => Compare(left, right) <= 0;

    /// <summary>Tells whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(EngineAddress? left, EngineAddress? right) => Compare(left, right) > 0;

    /// <summary>Tells whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(EngineAddress? left, EngineAddress? right) => Compare(left, right) >= 0;

    private static int Compare(EngineAddress? left, EngineAddress? right) => string.CompareOrdinal(left?._text, right?._text);

    private static bool TryRead(string text, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
        if (text.Length is 0 or > MaxLength)
        {
            reason = text.Length == 0 ? "it is empty" : $"it is longer than {MaxLength} characters";
            return false;
        }

        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return TryReadUnix(text[UnixPrefix.Length..], out address, out reason);
        }

        var rest = text.StartsWith(TcpPrefix, StringComparison.Ordinal) ? text[TcpPrefix.Length..] : text;
        return TryReadTcp(rest, out address, out reason);
    }

    private static bool TryReadUnix(string path, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
        reason = "a unix socket needs an absolute path without control or other unseen characters, such as unix:///var/run/docker.sock";
        if (path.Length < 2 || path[0] != '/' || CleanText.HasUnseen(path))
        {
            return false;
        }

        address = new EngineAddress(EngineScheme.Unix, "", 0, path);
        return true;
    }

    private static bool TryReadTcp(string text, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
        if (text.Contains("://", StringComparison.Ordinal))
        {
            reason = "its scheme is neither tcp nor unix";
            return false;
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            reason = "it has no port";
            return false;
        }

        if (!TryReadPort(text.AsSpan(colon + 1), out var port))
        {
            reason = "its port is not a number from 1 to 65535";
            return false;
        }

        if (!TryReadHost(text[..colon], out var host))
        {
            reason = "its host is neither a host name, an IPv4 address nor an IPv6 address in brackets";
            return false;
        }

        reason = "";
        address = new EngineAddress(EngineScheme.Tcp, host, port, "");
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        return text.Length is > 0 and <= 5
            && text[0] != '0'
            && !text.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is >= 1 and <= 65535;
    }

    private static bool TryReadHost(string text, out string host)
    {
        host = "";
        if (text.StartsWith('['))
        {
            // The platform's parser also takes a zone, and brackets and a port of its own.
            if (!text.EndsWith(']')
                || text.AsSpan(1, text.Length - 2).ContainsAnyExcept(_ipv6Characters)
                || !IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out var v6)
                || v6.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }

            host = v6.ToString();
            return true;
        }

        // The platform's parser takes 1, 0x7f.1 and 017.0.0.1 for addresses; here what ends in a number must be a plain dotted quad.
        var labels = text.Split('.');
        if (IsNumber(labels[^1]))
        {
            host = text;
            return labels.Length == 4 && labels.All(IsOctet);
        }

        host = text.ToLowerInvariant();
        return labels.All(IsHostLabel);
    }

    // A host name may begin with a digit, as the short ID of a container does.
    private static bool IsNumber(string label) =>
        label.Length > 0
        && (label.All(char.IsAsciiDigit)
            || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.Skip(2).All(char.IsAsciiHexDigit)));

    private static bool IsOctet(string text) =>
        text.Length is >= 1 and <= 3
        && (text.Length == 1 || text[0] != '0')
        && text.All(char.IsAsciiDigit)
        && int.Parse(text, CultureInfo.InvariantCulture) <= 255;

    private static bool IsHostLabel(string label) =>
        label.Length is >= 1 and <= 63
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
