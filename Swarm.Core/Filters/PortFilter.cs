using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Filters;

/// <summary>Keeps nodes where the host ports asked for are free. Stopped and promised containers hold theirs too. Of a range one port has to be free.</summary>
internal sealed class PortFilter : IFilter
{
    public string Name => FilterNames.Port;

    public NodeTest? Prepare(PlacementContext context)
    {
        var request = context.Request;
        if (request.UsesHostNetwork ? request.ExposedPorts.IsEmpty : request.PortBindings.IsEmpty)
        {
            return null;
        }

        // Of a range it is not known yet which port is wanted.
        var (meter, many) = (context.Meter, request.HasPortRanges ? null : WantedPorts.OfMany(request.UsesHostNetwork, request.PortBindings, request.ExposedPorts));
        return node => (many is null || node.MayHold(many, meter)) && HostPorts.FindConflict(node, request, meter) is { } port
            ? new Rejection(FilterNames.Port, RejectionCodes.Port, port)
            : null;
    }

    public IReadOnlyList<string> Describe(PlacementRequest request) => request.UsesHostNetwork
        ? [.. request.ExposedPorts.Select(port => $"port {port} (Host mode)")]
        : [.. request.PortBindings.Select(binding => $"port {binding.HostPort} (Bridge mode)")];
}
