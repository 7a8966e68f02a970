using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>The host ports that a request asks for, where they are many: most nodes hold few, and are soon found to hold none of these.</summary>
internal sealed class WantedPorts
{
    // From where on looking each of them up costs more than making this.
    private const int Many = 8;

    private WantedPorts(HashSet<(string Port, string Protocol)> bound, HashSet<string> exposed)
    {
        Bound = bound;
        Exposed = exposed;
    }

    /// <summary>Gets the host ports with their protocols.</summary>
    public HashSet<(string Port, string Protocol)> Bound { get; }

    /// <summary>Gets the ports exposed on the host's network, each with its protocol.</summary>
    public HashSet<string> Exposed { get; }

    /// <summary>Makes it; <see langword="null"/> where the ports are few.</summary>
    public static WantedPorts? OfMany(bool usesHostNetwork, ImmutableArray<PortBinding> bindings, ImmutableArray<string> exposedPorts)
    {
        if ((usesHostNetwork ? exposedPorts.Length : bindings.Length) <= Many)
        {
            return null;
        }

        return usesHostNetwork
            ? new WantedPorts([], new HashSet<string>(exposedPorts.Select(HostPortTable.Normalize), StringComparer.Ordinal))
            : new WantedPorts([.. bindings.Where(binding => binding.HostPort.Length > 0).Select(binding => (binding.HostPort, binding.Protocol))], []);
    }
}
