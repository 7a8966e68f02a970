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
    private static readonly IPNetwork _reserved = new(new IPAddress([240, 0, 0, 0]), 4);

    // Their last, or in one case middle, 32 bits are an IPv4 address that a gateway, or this machine, may go on to.
    private static readonly (IPNetwork Network, int Offset)[] _translated =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
        (IPNetwork.Parse("::/96"), 12),
    ];

    private readonly IPNetwork[] _networks;
    private readonly bool? _allowLoopback;
    private readonly bool _allowUnix;
    private readonly bool _allowInsecure;
    private readonly bool _programAddresses;

    private ConnectionRules(EngineConnectionOptions options, bool programAddresses)
    {
        _networks = [.. options.AllowedNetworks.Parse()];
        _programAddresses = programAddresses && _networks.Length == 0;
        _allowLoopback = options.AllowLoopback;
        _allowUnix = options.AllowUnix ?? _programAddresses;
        _allowInsecure = options.AllowInsecureTcp;
    }

    /// <summary>Makes the rules.</summary>
    /// <param name="options">What is allowed; must be valid.</param>
    /// <param name="programAddresses">Whether the program itself wrote the addresses of the engines, and no file, store or name service.</param>
    public static ConnectionRules Create(EngineConnectionOptions options, bool programAddresses) => new(options, programAddresses);

    /// <summary>Says why a unix socket may not be used; <see langword="null"/> when it may.</summary>
    public string? ObjectionToUnix() => _allowUnix
        ? null
        : $"unix sockets are not allowed here: {nameof(EngineConnectionOptions.AllowUnix)} must say so where {nameof(EngineConnectionOptions.AllowedNetworks)} is given or the address does not come from the program itself";

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
            return $"the address {address} is link-local, multicast or unspecified, or reserved, and {nameof(EngineConnectionOptions.AllowedNetworks)} names no network of that kind";
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
        foreach (var range in (ReadOnlySpan<IPNetwork>)[_linkLocal, _linkLocalV6, _reserved])
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
        foreach (var (network, offset) in _translated)
        {
            if (network.Contains(address))
            {
                var inner = new IPAddress(bytes.Slice(offset, 4));
                return IPAddress.IsLoopback(inner) || IsNoHost(inner) || SpecialNetworkOf(inner) is not null;
            }
        }

        return false;
    }
}
