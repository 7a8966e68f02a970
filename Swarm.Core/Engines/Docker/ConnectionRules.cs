using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>Decides where connections to engines may go. Every connection, of whatever kind, is judged here and nowhere else, just before it is made.</summary>
/// <remarks>What a name resolves to is judged, never the name alone. Immutable.</remarks>
internal sealed class ConnectionRules
{
    private static readonly IPNetwork _loopback = new(new IPAddress([127, 0, 0, 0]), 8);
    private static readonly IPNetwork _linkLocal = new(new IPAddress([169, 254, 0, 0]), 16);
    private static readonly IPNetwork _linkLocalV6 = IPNetwork.Parse("fe80::/10");
    private static readonly IPNetwork _metadata = IPNetwork.Parse("fd00:ec2::/64"); // where a cloud answers machines as 169.254.169.254 does
    private static readonly IPNetwork _reserved = new(new IPAddress([240, 0, 0, 0]), 4);

    // Which bytes of them are an IPv4 address that a gateway, or this machine, may go on to; inverted in one case.
    private static readonly (IPNetwork Network, int[] Bytes, byte Mask)[] _translated =
    [
        (IPNetwork.Parse("64:ff9b::/96"), [12, 13, 14, 15], 0),
        (IPNetwork.Parse("64:ff9b:1::/48"), [6, 7, 9, 10], 0),
        (IPNetwork.Parse("64:ff9b:1::/48"), [7, 9, 10, 11], 0),
        (IPNetwork.Parse("64:ff9b:1::/48"), [9, 10, 11, 12], 0),
        (IPNetwork.Parse("64:ff9b:1::/48"), [12, 13, 14, 15], 0),
        (IPNetwork.Parse("::ffff:0:0:0/96"), [12, 13, 14, 15], 0),
        (IPNetwork.Parse("2001::/32"), [4, 5, 6, 7], 0),
        (IPNetwork.Parse("2001::/32"), [12, 13, 14, 15], 0xff),
        (IPNetwork.Parse("2002::/16"), [2, 3, 4, 5], 0),
        (IPNetwork.Parse("::/96"), [12, 13, 14, 15], 0),
    ];

    // Of these it does not show which bytes are the address: none may be a special one, except that zeros are mostly no part of it.
    private static readonly IPNetwork _anyPlace = IPNetwork.Parse("64:ff9b:1::/48");

    private readonly IPNetwork[] _networks;
    private readonly bool? _allowLoopback;
    private readonly bool _allowUnix;
    private readonly bool _allowSsh;
    private readonly bool _allowInsecure;
    private readonly bool _programAddresses;

    private ConnectionRules(EngineConnectionOptions options, bool programAddresses)
    {
        _networks = [.. options.AllowedNetworks.Parse()];
        _programAddresses = programAddresses && _networks.Length == 0;
        _allowLoopback = options.AllowLoopback;
        _allowUnix = options.AllowUnix ?? _programAddresses;
        _allowSsh = options.AllowSsh;
        _allowInsecure = options.AllowInsecureTcp;
    }

    /// <summary>Makes the rules.</summary>
    /// <param name="options">What is allowed; must be valid.</param>
    /// <param name="programAddresses">Whether the program itself wrote the addresses of the engines, and no file, store or name service.</param>
    public static ConnectionRules Create(EngineConnectionOptions options, bool programAddresses) => new(options, programAddresses);

    /// <summary>Says why ssh may not be used; <see langword="null"/> when it may.</summary>
    /// <param name="host">The host of the engine's address: a name, or an IP address.</param>
    /// <remarks>What a name means to ssh its own files say, which cannot be judged here: only the program itself may give one.</remarks>
    public string? ObjectionToSsh(string host) =>
        !_allowSsh ? $"ssh is not allowed here: {nameof(EngineConnectionOptions.AllowSsh)} must say so"
        : IPAddress.TryParse(host, out var address) ? ObjectionTo(host, address, encrypted: true)
        : _programAddresses ? null
        : $"the name '{host}' is looked up by ssh itself: where {nameof(EngineConnectionOptions.AllowedNetworks)} is given or the address does not come from the program itself, ssh takes IP addresses only";

    /// <summary>Says why a unix socket, or a named pipe, may not be used; <see langword="null"/> when it may.</summary>
    /// <param name="what">What is to be used.</param>
    public string? ObjectionToUnix(string what = "unix sockets") => _allowUnix
        ? null
        : $"{what} are not allowed here: {nameof(EngineConnectionOptions.AllowUnix)} must say so where {nameof(EngineConnectionOptions.AllowedNetworks)} is given or the address does not come from the program itself";

    /// <summary>Says why an address may not be connected to; <see langword="null"/> when it may.</summary>
    /// <param name="host">The host of the engine's address: a name, or the address itself.</param>
    /// <param name="resolved">The address to connect to.</param>
    /// <param name="encrypted">Whether the engine will have to prove who it is.</param>
    public string? ObjectionTo(string host, IPAddress resolved, bool encrypted)
    {
        var address = Plain(resolved);
        if (IPAddress.IsLoopback(address))
        {
            return MayUseLoopback(host, address)
                ? null
                : $"the address {address} is this machine, which {nameof(EngineConnectionOptions.AllowLoopback)} or {nameof(EngineConnectionOptions.AllowedNetworks)} must allow unless the program itself wrote it";
        }

        if (IsNoHost(address))
        {
            return $"the address {address} is link-local, multicast or unspecified, or stands for such a one";
        }

        var special = SpecialNetworkOf(address);
        if (special is null && _networks.Length > 0 && !_networks.Any(network => network.Contains(address)))
        {
            return $"the address {address} is in none of the networks of {nameof(EngineConnectionOptions.AllowedNetworks)}";
        }

        if (special is { } range && !IsAllowedWithin(range, address))
        {
            return $"the address {address} is link-local, multicast or unspecified, a cloud's metadata service, or reserved, and {nameof(EngineConnectionOptions.AllowedNetworks)} names no network of that kind";
        }

        return encrypted || _allowInsecure
            ? null
            : $"tcp without TLS beyond this machine (to {address}) needs {nameof(EngineConnectionOptions.AllowInsecureTcp)}; better give {nameof(EngineConnectionOptions.Tls)}";
    }

    // The same host, however it is written: ::ffff:10.0.0.1 is 10.0.0.1.
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    // A name service may say of any name that it is this machine; of these it is so by definition.
    private static bool IsNamedLoopback(string host) =>
        IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    // A network as wide as 0.0.0.0/0 means hosts; only who names a special range, or a part of it, means that.
    private bool IsAllowedWithin(IPNetwork range, IPAddress address) =>
        _networks.Any(network => network.PrefixLength >= range.PrefixLength && range.Contains(network.BaseAddress) && network.Contains(address));

    private bool MayUseLoopback(string host, IPAddress address)
    {
        if (_allowLoopback is { } said)
        {
            return said;
        }

        return (_programAddresses && IsNamedLoopback(host))
            || IsAllowedWithin(address.AddressFamily == AddressFamily.InterNetwork ? _loopback : new IPNetwork(IPAddress.IPv6Loopback, 128), address);
    }

    private static IPNetwork? SpecialNetworkOf(IPAddress address)
    {
        foreach (var range in (ReadOnlySpan<IPNetwork>)[_linkLocal, _linkLocalV6, _metadata, _reserved])
        {
            if (range.Contains(address))
            {
                return range;
            }
        }

        return null;
    }

    // Unspecified is this machine to a socket; multicast and broadcast are nobody's, or everybody's.
    private static bool IsNoHost(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> bytes = stackalloc byte[4];
            address.TryWriteBytes(bytes, out _);
            return bytes[0] is 0 or (>= 224 and < 240) || BinaryPrimitives.ReadUInt32BigEndian(bytes) == uint.MaxValue;
        }

        return address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any) || StandsForSpecial(address);
    }

    private static bool StandsForSpecial(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var isAnyPlace = _anyPlace.Contains(address);
        Span<byte> four = stackalloc byte[4];
        foreach (var (network, places, mask) in _translated)
        {
            if (!network.Contains(address))
            {
                continue;
            }

            for (var index = 0; index < 4; index++)
            {
                four[index] = (byte)(bytes[places[index]] ^ mask);
            }

            var inner = new IPAddress(four);
            if ((!isAnyPlace || four[0] != 0) && (IPAddress.IsLoopback(inner) || IsNoHost(inner) || SpecialNetworkOf(inner) is not null))
            {
                return true;
            }
        }

        return false;
    }
}
