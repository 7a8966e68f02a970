using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Finds the bindings of a container that come to nothing: Docker publishes only ports that the container or its image exposes, and does not say so.</summary>
internal static class UnexposedPorts
{
    /// <summary>Finds them.</summary>
    /// <param name="shown">The container as its engine shows it, with what its image exposes.</param>
    /// <returns>The container ports, each once and as written; empty where not all of the container is known, or where it shares the network of its host.</returns>
    public static ImmutableArray<string> Of(ContainerView shown)
    {
        if (shown.PortBindings.IsEmpty || shown.UsesHostNetwork || shown.IsUnread || shown.IsAbridged || shown.IsTruncated)
        {
            return [];
        }

        // Of very many ports ranges are kept, and those of bindings may begin and end elsewhere.
        if (shown.ExposedPorts.Any(HostPortRange.IsMeant) || shown.PortBindings.Any(binding => HostPortRange.IsMeant(binding.ContainerPort)))
        {
            return [];
        }

        var exposed = shown.ExposedPorts.Select(HostPortTable.Normalize).ToHashSet(StringComparer.Ordinal);
        return [.. shown.PortBindings.Select(binding => binding.ContainerPort).Where(port => exposed.Add(HostPortTable.Normalize(port)))];
    }
}
