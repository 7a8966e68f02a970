using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Estimates from a request alone what deciding about it costs for each engine.</summary>
/// <remarks>
/// Most requests are plain: whatever runs in the cluster, a decision about one costs little more than one that looks at room alone, and counting
/// its steps would cost more than it is worth. An estimate that is too low does no harm to others, because every decision that is not plain is
/// counted.
/// </remarks>
internal static class PlacementWeight
{
    private const int MostOfPlain = 32;
    private const int MostOfCheap = 64;

    // So many characters take as long as one more of a thing. Names are shorter.
    private const int LongText = 64;

    /// <summary>Tells whether the steps of a decision need not be counted: nothing in the request is looked for by a pattern or within a range of ports, and it asks for few things.</summary>
    public static bool IsPlain(PlacementRequest request) =>
        IsWithin(request, MostOfPlain) && !request.HasPortRanges && !HasPattern(request.Constraints) && !HasPattern(request.Affinities);

    /// <summary>Tells whether a decision is likely to take many times as long as a plain one.</summary>
    public static bool IsExpensive(PlacementRequest request) => !IsWithin(request, MostOfCheap);

    private static bool IsWithin(PlacementRequest request, int most)
    {
        var ports = request.UsesHostNetwork ? request.ExposedPorts.Length : request.PortBindings.Length;
        var weight = (2L * ports)
            + (16L * request.Dependencies.Length)
            + request.Tolerations.Length
            + (2L * request.Resources.Named.Count)
            + request.Whitelists.Items.Length
            + request.Constraints.Items.Length
            + request.Affinities.Items.Length;
        foreach (var dependency in request.Dependencies)
        {
            weight += dependency.Reference.Length / LongText;
            if (weight > most)
            {
                return false;
            }
        }

        foreach (var whitelist in request.Whitelists.Items)
        {
            weight += whitelist.Text.Length / LongText;
            if (weight > most)
            {
                return false;
            }
        }

        foreach (var constraint in request.Constraints.Items)
        {
            weight += (constraint.IsRegex ? 8 : 0) + (constraint.Text.Length / LongText);
            if (weight > most)
            {
                return false;
            }
        }

        foreach (var affinity in request.Affinities.Items)
        {
            weight += (affinity.IsPattern ? MostOfCheap : IsCounted(affinity.Key) ? 1 : 8) + (affinity.Text.Length / LongText);
            if (weight > most)
            {
                return false;
            }
        }

        return weight <= most;
    }

    // Labels are counted by value, but for those of this library; containers and images are not.
    private static bool IsCounted(string key) => key is not ("container" or "image") && !key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal);

    private static bool HasPattern(ExpressionList list)
    {
        foreach (var expression in list.Items)
        {
            if (expression.IsPattern)
            {
                return true;
            }
        }

        return false;
    }
}
