using System.Collections.Immutable;
using System.Net;

namespace Swarm.Core.Model;

/// <summary>Which host ports a set of containers holds. Immutable once built.</summary>
internal sealed class HostPortTable
{
    // As many blocks are around a port.
    private const int LooksForBlocks = 17;

    private static readonly HostPortTable _empty = new();

    // Host addresses bound, per host port and protocol.
    private readonly Dictionary<(string Port, string Protocol), BoundAddresses> _bound;

    // "port/protocol" of containers that share the host's network, with the number of containers.
    private readonly Dictionary<string, int> _exposedOnHost;

    // The same for what is bound or exposed in ranges, by block.
    private readonly Dictionary<(int Block, string Protocol), BoundAddresses> _boundBlocks;
    private readonly Dictionary<(int Block, string Protocol), int> _exposedBlocks;

    private HostPortTable()
    {
        _bound = [];
        _boundBlocks = [];
        _exposedBlocks = [];
        _exposedOnHost = new Dictionary<string, int>(StringComparer.Ordinal);
    }

    private HostPortTable(HostPortTable other)
    {
        _bound = new(other._bound);
        _boundBlocks = new(other._boundBlocks);
        _exposedBlocks = new(other._exposedBlocks);
        _exposedOnHost = new(other._exposedOnHost, StringComparer.Ordinal);
    }

    public static HostPortTable Empty => _empty;

    public static HostPortTable Of(IReadOnlyList<ContainerView> containers)
    {
        HostPortTable? table = null;
        for (var i = 0; i < containers.Count; i++)
        {
            if (HoldsPorts(containers[i]))
            {
                (table ??= new HostPortTable()).Count(containers[i], 1);
            }
        }

        return table ?? _empty;
    }

    /// <summary>Takes one change in. Copies the table when it makes a difference to the ports.</summary>
    public HostPortTable With(ContainerView? before, ContainerView? after)
    {
        var (held, holds) = (before is not null && HoldsPorts(before), after is not null && HoldsPorts(after));
        if (!(held || holds) || (held && holds && SamePorts(before!, after!)))
        {
            return this;
        }

        var table = new HostPortTable(this);
        if (held)
        {
            table.Count(before!, -1);
        }

        if (holds)
        {
            table.Count(after!, 1);
        }

        return table;
    }

    /// <summary>Takes containers in or out. Costs a copy of the ports, not of their addresses, when that makes a difference to them.</summary>
    /// <param name="changes">The containers; 1 for one that comes, -1 for one that goes.</param>
    public HostPortTable With(IEnumerable<KeyValuePair<ContainerView, int>> changes)
    {
        HostPortTable? table = null;
        foreach (var (container, change) in changes)
        {
            if (change != 0 && HoldsPorts(container))
            {
                (table ??= new HostPortTable(this)).Count(container, change);
            }
        }

        return table ?? this;
    }

    public bool IsTaken(in PortBinding binding)
    {
        return binding.HostPort.Length > 0
            && ((_bound.TryGetValue((binding.HostPort, binding.Protocol), out var addresses) && (addresses.Overlaps(binding.HostIp) || IsUnspecified(binding.HostIp)))
                || IsInBlock(binding));
    }

    public bool IsExposedOnHost(string exposedPort) => (_exposedOnHost.Count > 0 && _exposedOnHost.ContainsKey(Normalize(exposedPort))) || IsInExposedBlock(exposedPort);

    /// <summary>Tells whether it holds one of the wanted ports, whatever the address. Costs as much as the shorter of the two is long.</summary>
    /// <param name="wanted">The wanted ports.</param>
    /// <param name="looks">How many looks that took.</param>
    public bool HoldsAny(WantedPorts wanted, out int looks)
    {
        looks = 1 + Math.Min(_bound.Count, wanted.Bound.Count) + Math.Min(_exposedOnHost.Count, wanted.Exposed.Count);
        if (_boundBlocks.Count + _exposedBlocks.Count > 0)
        {
            looks += LooksForBlocks * (wanted.Bound.Count + wanted.Exposed.Count);
            if (wanted.Bound.Any(each => IsInBlock(new PortBinding("/" + each.Protocol, "", each.Port))) || wanted.Exposed.Any(IsInExposedBlock))
            {
                return true;
            }
        }

        if (_bound.Count > wanted.Bound.Count)
        {
            if (wanted.Bound.Any(_bound.ContainsKey))
            {
                return true;
            }
        }
        else
        {
            foreach (var (port, _) in _bound)
            {
                if (wanted.Bound.Contains(port))
                {
                    return true;
                }
            }
        }

        if (_exposedOnHost.Count > wanted.Exposed.Count)
        {
            return wanted.Exposed.Any(_exposedOnHost.ContainsKey);
        }

        foreach (var (port, _) in _exposedOnHost)
        {
            if (wanted.Exposed.Contains(port))
            {
                return true;
            }
        }

        return false;
    }

    // A key without protocol means tcp, so 80 and 80/tcp are one port.
    internal static string Normalize(string exposedPort)
    {
        var slash = exposedPort.IndexOf('/', StringComparison.Ordinal);
        var protocol = PortBinding.ProtocolOf(exposedPort);
        return slash >= 0 && exposedPort.AsSpan(slash + 1).SequenceEqual(protocol)
            ? exposedPort
            : (slash < 0 ? exposedPort : exposedPort[..slash]) + "/" + protocol;
    }

    internal static bool Overlap(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal) || IsUnspecified(left) || IsUnspecified(right);

    private static bool IsUnspecified(string address)
    {
        if (address.Length == 0)
        {
            return true;
        }

        if (address is "0.0.0.0" or "::")
        {
            return true;
        }

        // The platform's parser takes 0, 0x0 and 00.0.0.0 for addresses, the engine does not; so only what looks like IPv6 gets there.
        return !address.AsSpan().ContainsAnyExcept("0:.fF") && address.Contains(':', StringComparison.Ordinal)
            && IPAddress.TryParse(address, out var parsed)
            && (parsed.Equals(IPAddress.IPv6Any) || (parsed.IsIPv4MappedToIPv6 && parsed.MapToIPv4().Equals(IPAddress.Any)));
    }

    // A dead container, which its engine failed to remove, has given its ports back.
    private static bool HoldsPorts(ContainerView container) =>
        container.State != ContainerState.Dead
        && (!container.PortBindings.IsEmpty || !container.PublishedPorts.IsEmpty || (container.UsesHostNetwork && !container.ExposedPorts.IsEmpty));

    private static bool SamePorts(ContainerView one, ContainerView other) =>
        one.UsesHostNetwork == other.UsesHostNetwork
        && one.PortBindings.AsSpan().SequenceEqual(other.PortBindings.AsSpan())
        && one.PublishedPorts.AsSpan().SequenceEqual(other.PublishedPorts.AsSpan())
        && one.ExposedPorts.AsSpan().SequenceEqual(other.ExposedPorts.AsSpan());

    private void Count(ContainerView container, int change)
    {
        foreach (var binding in container.PortBindings)
        {
            Count(binding, change);
        }

        foreach (var binding in container.PublishedPorts)
        {
            Count(binding, change);
        }

        if (container.UsesHostNetwork)
        {
            foreach (var port in container.ExposedPorts)
            {
                if (TryGetExposedBlock(port, out var range))
                {
                    foreach (var block in PortBlocks.Of(range))
                    {
                        Count(_exposedBlocks, (block, PortBinding.ProtocolOf(port)), change);
                    }
                }

                Count(_exposedOnHost, Normalize(port), change);
            }
        }
    }

    private void Count(in PortBinding binding, int change)
    {
        if (binding.HostPort.Length == 0)
        {
            return;
        }

        if (binding.IsBlock && HostPortRange.TryParse(binding.HostPort, out var range))
        {
            foreach (var block in PortBlocks.Of(range))
            {
                Count(_boundBlocks, (block, binding.Protocol), binding.HostIp, change);
            }
        }
        else
        {
            Count(_bound, (binding.HostPort, binding.Protocol), binding.HostIp, change);
        }
    }

    private static void Count<T>(Dictionary<T, BoundAddresses> bound, T key, string address, int change)
        where T : notnull
    {
        if (bound.GetValueOrDefault(key, BoundAddresses.None).With(address, change) is { IsEmpty: false } addresses)
        {
            bound[key] = addresses;
        }
        else
        {
            bound.Remove(key);
        }
    }

    private static void Count<T>(Dictionary<T, int> counts, T key, int change)
        where T : notnull
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count > 0)
        {
            counts[key] = count;
        }
        else
        {
            counts.Remove(key);
        }
    }

    private static bool TryGetExposedBlock(string exposedPort, out HostPortRange range) => HostPortRange.TryParse(NumberOf(exposedPort), out range);

    private static ReadOnlySpan<char> NumberOf(string exposedPort)
    {
        var slash = exposedPort.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? exposedPort : exposedPort.AsSpan(0, slash);
    }

    private bool IsInBlock(in PortBinding binding)
    {
        if (_boundBlocks.Count == 0 || !HostPortRange.TryParsePort(binding.HostPort, out var port))
        {
            return false;
        }

        for (var block = PortBlocks.SmallestOf(port); block > 0; block = PortBlocks.Around(block))
        {
            if (_boundBlocks.TryGetValue((block, binding.Protocol), out var addresses) && (addresses.Overlaps(binding.HostIp) || IsUnspecified(binding.HostIp)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInExposedBlock(string exposedPort)
    {
        if (_exposedBlocks.Count == 0 || !HostPortRange.TryParsePort(NumberOf(exposedPort), out var port))
        {
            return false;
        }

        var protocol = PortBinding.ProtocolOf(exposedPort);
        for (var block = PortBlocks.SmallestOf(port); block > 0; block = PortBlocks.Around(block))
        {
            if (_exposedBlocks.ContainsKey((block, protocol)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The host addresses on which one port is bound, each with the number of bindings. Looking one up and taking one in cost little however many there are. Immutable.</summary>
    /// <param name="Items">The addresses.</param>
    /// <param name="Unspecified">How many of them mean all.</param>
    private readonly record struct BoundAddresses(ImmutableSortedDictionary<string, int> Items, int Unspecified)
    {
        public static BoundAddresses None { get; } = new(ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal), 0);

        public bool IsEmpty => Items.IsEmpty;

        public bool Overlaps(string address) => Unspecified > 0 || Items.ContainsKey(address);

        public BoundAddresses With(string address, int change)
        {
            var before = Items.GetValueOrDefault(address);
            var count = before + change;
            var unspecified = IsUnspecified(address) ? 1 : 0;
            return count > 0
                ? new BoundAddresses(Items.SetItem(address, count), Unspecified + (before > 0 ? 0 : unspecified))
                : new BoundAddresses(Items.Remove(address), Unspecified - (before > 0 ? unspecified : 0));
        }
    }
}
