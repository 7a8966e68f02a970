using System.Net;

namespace Swarm.Core.Model;

/// <summary>Which host ports a set of containers holds. Immutable once built.</summary>
internal sealed class HostPortTable
{
    private static readonly HostPortTable _empty = new();

    // Host addresses bound, per host port and protocol.
    private readonly Dictionary<(string Port, string Protocol), List<string>> _bound = [];

    // "port/protocol" of containers that share the host's network.
    private readonly HashSet<string> _exposedOnHost = new(StringComparer.Ordinal);

    private HostPortTable()
    {
    }

    public static HostPortTable Of(IReadOnlyList<ContainerView> containers)
    {
        HostPortTable? table = null;
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            if (!container.PortBindings.IsEmpty || !container.PublishedPorts.IsEmpty || container.UsesHostNetwork)
            {
                (table ??= new HostPortTable()).Add(container);
            }
        }

        return table ?? _empty;
    }

    public bool IsTaken(in PortBinding binding)
    {
        if (binding.HostPort.Length == 0 || !_bound.TryGetValue((binding.HostPort, binding.Protocol), out var addresses))
        {
            return false;
        }

        foreach (var address in addresses)
        {
            if (Overlap(address, binding.HostIp))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsExposedOnHost(string exposedPort) => _exposedOnHost.Count > 0 && _exposedOnHost.Contains(Normalize(exposedPort));

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

    private void Add(ContainerView container)
    {
        foreach (var binding in container.PortBindings)
        {
            Add(binding);
        }

        foreach (var binding in container.PublishedPorts)
        {
            Add(binding);
        }

        if (container.UsesHostNetwork)
        {
            foreach (var port in container.ExposedPorts)
            {
                _exposedOnHost.Add(Normalize(port));
            }
        }
    }

    private void Add(in PortBinding binding)
    {
        if (binding.HostPort.Length == 0)
        {
            return;
        }

        var key = (binding.HostPort, binding.Protocol);
        if (!_bound.TryGetValue(key, out var addresses))
        {
            _bound[key] = addresses = [];
        }

        if (!addresses.Contains(binding.HostIp))
        {
            addresses.Add(binding.HostIp);
        }
    }
}
