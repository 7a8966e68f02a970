using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Placement;

/// <summary>Compares the host ports a request asks for with those a node has given away.</summary>
internal static class HostPorts
{
    // A look into a table of texts, or two.
    private const int StepsPerPort = 24;

    /// <summary>Finds the first port that is taken. Allocates nothing when none is.</summary>
    /// <param name="node">The node.</param>
    /// <param name="request">What is to be placed.</param>
    /// <param name="meter">Counts the steps; <see langword="null"/> where nobody does.</param>
    /// <returns>
    /// The host port with its protocol, for example <c>53/udp</c>, or the range of which none is free, for example <c>8000-8010/tcp</c>; for a request that shares the host's network the exposed port as it is
    /// written. <see langword="null"/> when every port is free.
    /// </returns>
    public static string? FindConflict(NodeView node, PlacementRequest request, WorkMeter? meter = null)
    {
        if (request.UsesHostNetwork)
        {
            foreach (var port in request.ExposedPorts)
            {
                meter?.Spend(StepsPerPort);
                if (node.IsHostNetworkPortTaken(port))
                {
                    return port;
                }
            }

            return null;
        }

        if (request.HasPortRanges)
        {
            return PortChoice.Choose(node, request.PortBindings, meter, out var lacking) is null ? NameOf(lacking) : null;
        }

        foreach (var binding in request.PortBindings)
        {
            meter?.Spend(StepsPerPort);
            if (node.IsHostPortTaken(binding))
            {
                return NameOf(binding);
            }
        }

        return null;
    }

    /// <summary>Names the host port of a binding.</summary>
    /// <param name="binding">The binding.</param>
    /// <returns>The host port with its protocol, for example <c>53/udp</c>.</returns>
    public static string NameOf(in PortBinding binding) => $"{binding.HostPort}/{binding.Protocol}";
}
