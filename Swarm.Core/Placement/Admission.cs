using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Decides whether a node has the room and the ports a request needs, and meets what the host program demands itself, whatever filters and strategies are in use.</summary>
/// <remarks>The scheduler asks it for every node, and the ledger asks it again when it commits: one function, so both agree.</remarks>
internal static class Admission
{
    /// <summary>Tests one node. Allocates nothing when the node has room. The host program's own conditions are looked at whatever the checks: no choice of filters leaves them out.</summary>
    /// <param name="node">The node, with everything that is promised on it.</param>
    /// <param name="request">What is to be placed.</param>
    /// <param name="checks">What to look at.</param>
    /// <returns>Why the request does not fit, or <see langword="null"/> when it does.</returns>
    public static Rejection? Test(NodeView node, PlacementRequest request, AdmissionChecks checks = AdmissionChecks.All)
    {
        if ((checks & AdmissionChecks.Eligibility) != 0 && !node.IsEligible)
        {
            return new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Ineligible, node.IneligibleReason);
        }

        if (request.Conditions?.FindUnmet(node) is { } unmet)
        {
            return new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Host, unmet);
        }

        var needed = checks == AdmissionChecks.All ? request.Resources : Only(checks, request.Resources);
        if (ResourceVector.FindShortage(node.Total, node.Used, needed) is { } shortage)
        {
            var isSlots = string.Equals(shortage.Resource, ResourceNames.Slots, StringComparison.Ordinal);
            return new Rejection(
                RejectionCodes.AdmissionFilter,
                isSlots ? RejectionCodes.Slots : RejectionCodes.Resources,
                isSlots ? null : shortage.Resource,
                shortage.Needed,
                shortage.Free);
        }

        return (checks & AdmissionChecks.Ports) != 0 && HostPorts.FindConflict(node, request) is { } port
            ? new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Port, port)
            : null;
    }

    private static ResourceVector Only(AdmissionChecks checks, in ResourceVector request) => new()
    {
        MemoryBytes = (checks & AdmissionChecks.Memory) != 0 ? request.MemoryBytes : 0,
        NanoCpus = (checks & AdmissionChecks.Cpu) != 0 ? request.NanoCpus : 0,
        Slots = (checks & AdmissionChecks.Slots) != 0 ? request.Slots : 0,
        Named = (checks & AdmissionChecks.NamedResources) != 0 ? request.Named : NamedResources.Empty,
    };
}
