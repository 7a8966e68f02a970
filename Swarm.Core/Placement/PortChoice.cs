using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Placement;

/// <summary>Chooses the port of each range of host ports that a request asks for: the lowest that is free on the node and that no other binding of the request takes. Pure.</summary>
/// <remarks>
/// The range that ends first chooses first. Where all ranges are of one address, that finds a choice whenever there is one: whoever could have left a lower
/// port to a range that ends later would have had to take one that this range can take as well.
/// </remarks>
internal static class PortChoice
{
    // A text is made, and looked up in a table or two.
    private const int StepsPerPort = 32;
    private const int StepsPerAddress = 4;

    /// <summary>Chooses.</summary>
    /// <param name="node">The node.</param>
    /// <param name="asked">The bindings, with ranges among them.</param>
    /// <param name="meter">Counts the steps; <see langword="null"/> where nobody does.</param>
    /// <param name="lacking">The first binding found that there is no port for.</param>
    /// <returns>The bindings in their order, each range replaced by a port; <see langword="null"/> when there is none for one of them.</returns>
    public static ImmutableArray<PortBinding>? Choose(NodeView node, ImmutableArray<PortBinding> asked, WorkMeter? meter, out PortBinding lacking)
    {
        var own = new Dictionary<(string Port, string Protocol), List<string>>();
        var ranges = new List<(HostPortRange Range, int Index)>();
        for (var i = 0; i < asked.Length; i++)
        {
            lacking = asked[i];
            if (HostPortRange.TryParse(lacking.HostPort, out var range))
            {
                ranges.Add((range, i));
                continue;
            }

            meter?.Spend(StepsPerPort);
            if (node.IsHostPortTaken(lacking))
            {
                return null;
            }

            Hold(own, lacking);
        }

        var chosen = asked.ToArray();
        foreach (var (range, index) in ranges.OrderBy(each => each.Range.Last).ThenBy(each => each.Index))
        {
            lacking = asked[index];
            if (FindFree(node, lacking, range, own, meter) is not { } free)
            {
                return null;
            }

            Hold(own, free);
            chosen[index] = free;
        }

        lacking = default;
        return ImmutableCollectionsMarshal.AsImmutableArray(chosen);
    }

    /// <summary>Makes the request that asks for the ports chosen on a node, and for no range.</summary>
    /// <returns>The request; the same one when it asks for no range.</returns>
    public static PlacementRequest Apply(PlacementRequest request, NodeView node)
    {
        if (!request.HasPortRanges)
        {
            return request;
        }

        // Without a look at ports a node is chosen that has none free: its engine is to say so.
        var chosen = Choose(node, request.PortBindings, meter: null, out _) ?? [.. request.PortBindings.Select(FirstOf)];
        return request with { PortBindings = chosen, PortsChosenOf = request.PortBindings, HasPortRanges = false };
    }

    private static PortBinding FirstOf(PortBinding binding) =>
        HostPortRange.TryParse(binding.HostPort, out var range) ? binding with { HostPort = HostPortRange.Text(range.First) } : binding;

    private static PortBinding? FindFree(NodeView node, PortBinding asked, HostPortRange range, Dictionary<(string Port, string Protocol), List<string>> own, WorkMeter? meter)
    {
        for (var port = range.First; port <= range.Last; port++)
        {
            meter?.Spend(StepsPerPort);
            var candidate = asked with { HostPort = HostPortRange.Text(port) };
            if (!IsOwn(own, candidate, meter) && !node.IsHostPortTaken(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool IsOwn(Dictionary<(string Port, string Protocol), List<string>> own, in PortBinding candidate, WorkMeter? meter)
    {
        if (own.TryGetValue((candidate.HostPort, candidate.Protocol), out var addresses))
        {
            meter?.Spend(StepsPerAddress * addresses.Count);
            foreach (var address in addresses)
            {
                if (HostPortTable.Overlap(address, candidate.HostIp))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void Hold(Dictionary<(string Port, string Protocol), List<string>> own, in PortBinding binding)
    {
        var key = (binding.HostPort, binding.Protocol);
        (own.TryGetValue(key, out var addresses) ? addresses : own[key] = []).Add(binding.HostIp);
    }
}
