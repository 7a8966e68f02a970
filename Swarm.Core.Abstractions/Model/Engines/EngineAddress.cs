using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Where an engine listens: <c>host:port</c>, <c>tcp://host:port</c>, <c>[ipv6]:port</c>, <c>unix:///path</c>, <c>ssh://user@host:port</c> or <c>npipe:////./pipe/name</c>.</summary>
/// <remarks>
/// The grammar is strict, because addresses come from discovery stores that are only half trusted: no path, query, zone,
/// octal or hexadecimal address, no port 0, and no user but with ssh, where user and port may be left out. Whether an engine may be reached in such a way
/// is said by the options of connections. Two addresses are equal when their canonical texts are.
/// </remarks>
public sealed class EngineAddress : IEquatable<EngineAddress>, IComparable<EngineAddress>
{
    private const int MaxLength = 256;
    private const string TcpPrefix = "tcp://";
    private const string UnixPrefix = "unix://";
    private const string SshPrefix = "ssh://";
    private const string PipePrefix = "npipe://";
    private const string PipeFolder = "//./pipe/";

    // What the address of a unix socket has room for on Linux; elsewhere it has less.
    private const int MaxUnixBytes = 107;
    private const int MaxUserLength = 32;

    private static readonly SearchValues<char> _ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly string _text;

    private EngineAddress(EngineScheme scheme, string host, int port, string path, string user = "")
    {
        Scheme = scheme;
        Host = host;
        Port = port;
        Path = path;
        User = user;
        var bracketed = host.Contains(':') ? $"[{host}]" : host;
        _text = scheme switch
        {
            EngineScheme.Unix => UnixPrefix + path,
            EngineScheme.NamedPipe => PipePrefix + path,
            EngineScheme.Ssh => string.Create(CultureInfo.InvariantCulture, $"{SshPrefix}{user}{(user.Length > 0 ? "@" : "")}{bracketed}{(port > 0 ? ":" : "")}{(port > 0 ? port : "")}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{port}"),
        };
    }

    /// <summary>Gets how the engine is reached.</summary>
    public EngineScheme Scheme { get; }

    /// <summary>Gets the host name in lower case or the IP address, without brackets; empty for a unix socket and a named pipe.</summary>
    public string Host { get; }

    /// <summary>Gets the TCP port, 1 to 65535; 0 for a unix socket, a named pipe, and for ssh where none is given.</summary>
    public int Port { get; }

    /// <summary>Gets the absolute path of the unix socket, or that of the named pipe as <c>//./pipe/name</c>; empty for TCP and ssh.</summary>
    public string Path { get; }

    /// <summary>Gets the user that ssh logs in as; empty where none is given, and for all but ssh.</summary>
    public string User { get; }

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

    /// <summary>Returns the canonical text: <c>host:port</c>, <c>[ipv6]:port</c>, <c>unix:///path</c>, <c>ssh://user@host:port</c> or <c>npipe:////./pipe/name</c>.</summary>
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

        if (text.StartsWith(SshPrefix, StringComparison.Ordinal))
        {
            return TryReadSsh(text[SshPrefix.Length..], out address, out reason);
        }

        if (text.StartsWith(PipePrefix + PipeFolder, StringComparison.Ordinal))
        {
            return TryReadPipe(text[PipePrefix.Length..], out address, out reason);
        }

        var rest = text.StartsWith(TcpPrefix, StringComparison.Ordinal) ? text[TcpPrefix.Length..] : text;
        if (TryReadTcp(rest, out address, out reason))
        {
            return true;
        }

        reason = AddressAdvice.For(text) ?? reason;
        return false;
    }

    // Every part may end up among the arguments of a program: none begins as an option does, and none has a character that a shell knows.
    private static bool TryReadSsh(string text, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
        var at = text.LastIndexOf('@');
        var (user, place) = at < 0 ? ("", text) : (text[..at], text[(at + 1)..]);
        if (at >= 0 && !IsUser(user))
        {
            reason = user.Contains(':', StringComparison.Ordinal)
                ? "a password must not stand in it: ssh takes keys"
                : "its user is not made of letters, digits, '.', '_' and '-', or begins with one of the last two but '_', or is too long";
            return false;
        }

        if (place.Contains('/', StringComparison.Ordinal))
        {
            reason = "it has a path: over ssh an engine is reached at its usual socket; write it without";
            return false;
        }

        var colon = place.EndsWith(']') ? -1 : place.LastIndexOf(':');
        var port = 0;
        if (colon >= 0 && !TryReadPort(place.AsSpan(colon + 1), out port))
        {
            reason = "its port is not a number from 1 to 65535";
            return false;
        }

        if (!TryReadHost(colon < 0 ? place : place[..colon], out var host))
        {
            reason = "its host is neither a host name, an IPv4 address nor an IPv6 address in brackets";
            return false;
        }

        reason = "";
        address = new EngineAddress(EngineScheme.Ssh, host, port, "", user);
        return true;
    }

    private static bool IsUser(string text) =>
        text.Length is >= 1 and <= MaxUserLength
        && text[0] is not ('-' or '.')
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private static bool TryReadPipe(string path, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        var name = path[PipeFolder.Length..];
        var isName = name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
        address = isName ? new EngineAddress(EngineScheme.NamedPipe, "", 0, path) : null;
        reason = isName ? "" : "the name of a pipe is made of letters, digits, '.', '_' and '-', as in npipe:////./pipe/docker_engine";
        return isName;
    }

    private static bool TryReadUnix(string path, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
        reason = "a unix socket needs an absolute path without control or other unseen characters, such as unix:///var/run/docker.sock";
        if (path.Length < 2 || path[0] != '/' || CleanText.HasUnseen(path))
        {
            return false;
        }

        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxUnixBytes)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"the path of a unix socket has {MaxUnixBytes} bytes at most, and this one has {bytes}; make a symbolic link that is shorter, and give that");
            return false;
        }

        address = new EngineAddress(EngineScheme.Unix, "", 0, path);
        return true;
    }

    private static bool TryReadTcp(string text, [NotNullWhen(true)] out EngineAddress? address, out string reason)
    {
        address = null;
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
