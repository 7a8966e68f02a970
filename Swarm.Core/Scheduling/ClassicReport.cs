using System.Text;
using Swarm.Core.Diagnostics;
using Swarm.Core.Filters;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>Says in classic Swarm's words, byte for byte, why no node was found.</summary>
internal static class ClassicReport
{
    private const string NotHealthy = "No healthy node available in the cluster";
    private const string NoNodes = "No nodes available in the cluster";
    private const string NoResources = "no resources available to schedule container";
    private const int LongestConditions = 1024;
    private const string Conditions = "Unable to find a node that satisfies the following conditions ";

    /// <summary>Writes the text.</summary>
    /// <param name="attempt">The last attempt, which found no node.</param>
    /// <param name="rejected">All nodes, each with the reason it was rejected for.</param>
    /// <param name="request">The request with its soft rules: classic Swarm lists them even when it has dropped them.</param>
    /// <param name="clean">Whether it is to be shown: then what it quotes is cleaned and cut, and it is classic's byte for byte only where that changes nothing.</param>
    /// <returns>The text; lines are separated by a line feed.</returns>
    /// <exception cref="PlacementPluginException">A filter threw while it listed its conditions.</exception>
    public static string Of(Attempt attempt, IReadOnlyList<RejectedNode> rejected, PlacementRequest request, bool clean = false)
    {
        var failing = FailingFilter(attempt, rejected);
        if (failing == attempt.Filters.Length)
        {
            return rejected.Count == 0 ? NoNodes : NoResources;
        }

        return string.Equals(attempt.Filters[failing].Name, FilterNames.Health, StringComparison.Ordinal)
            ? NotHealthy
            : ConditionsUpTo(failing, attempt, request, clean);
    }

    // Classic Swarm hands the survivors of one filter to the next and stops at the filter that leaves none. That is the last filter
    // that any node came to; without nodes it is the first one that has something to check.
    private static int FailingFilter(Attempt attempt, IReadOnlyList<RejectedNode> rejected)
    {
        if (rejected.Count > 0)
        {
            return rejected.Max(node => node.Filter);
        }

        var first = 0;
        while (first < attempt.Filters.Length && !attempt.Filters[first].HasTest)
        {
            first++;
        }

        return first;
    }

    private static string ConditionsUpTo(int failing, Attempt attempt, PlacementRequest request, bool clean)
    {
        var text = new StringBuilder(Conditions);
        for (var i = 0; i <= failing; i++)
        {
            var step = attempt.Filters[i];
            if (step.Filter is ExpressionFilter expressions && expressions.ExpressionsOf(request).Error is { } error)
            {
                // No node gets past such a filter, so it is the last one.
                text.Append('\n').Append("error from ").Append(clean ? CleanText.Of(step.Name) : step.Name).Append(" filter: ").Append(clean ? CleanText.Of(error) : error);
            }
            else if (step.Describe(request) is { Count: > 0 } conditions)
            {
                text.Append("\n[").Append(clean ? CleanText.Join(" ", conditions, LongestConditions) : string.Join(' ', conditions)).Append(']');
            }
        }

        return text.ToString();
    }
}
