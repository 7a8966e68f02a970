using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Says in short why nodes were rejected: by code and number, without the subjects, which are the request's.</summary>
internal static class RejectionReasons
{
    /// <summary>Returns the tag of a reason code; there is one for all codes of the host's own filters together.</summary>
    public static string TagOf(string code) => code switch
    {
        RejectionCodes.Unhealthy
            or RejectionCodes.Ineligible
            or RejectionCodes.Taint
            or RejectionCodes.Host
            or RejectionCodes.Constraint
            or RejectionCodes.Affinity
            or RejectionCodes.Whitelist
            or RejectionCodes.Unreadable
            or RejectionCodes.Dependency
            or RejectionCodes.Port
            or RejectionCodes.Slots
            or RejectionCodes.Resources
            or RejectionCodes.TooExpensive
            or RejectionCodes.Name => code,
        _ => SwarmDiagnostics.CustomReason,
    };

    /// <summary>Returns the reasons with the number of nodes each rejected, most common first, for example <c>constraint on 3, port on 1</c>.</summary>
    public static string Summarize(ImmutableArray<RejectionCount> counts) => counts.IsEmpty
        ? "there are no nodes"
        : string.Join(", ", counts
            .GroupBy(count => (count.Filter, count.Code))
            .Select(group => (group.Key.Filter, group.Key.Code, Nodes: group.Sum(count => count.Nodes)))
            .OrderByDescending(reason => reason.Nodes)
            .ThenBy(reason => reason.Filter, StringComparer.Ordinal)
            .ThenBy(reason => reason.Code, StringComparer.Ordinal)
            .Select(reason => string.Create(CultureInfo.InvariantCulture, $"{(reason.Filter == reason.Code ? reason.Code : $"{reason.Filter} ({reason.Code})")} on {reason.Nodes}")));
}
