using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>What a container wants to become of it when its engine fails, as classic Swarm keeps it in a label.</summary>
internal static class ReschedulePolicies
{
    /// <summary>The policy that leaves a container where it is when its engine fails. The default.</summary>
    public const string Off = "off";

    /// <summary>The policy that moves a container when its engine fails.</summary>
    public const string OnNodeFailure = "on-node-failure";

    /// <summary>Tells whether a container that exists already has a policy; a label that cannot be read counts as none.</summary>
    public static bool Has(LabelSet labels, string policy) =>
        labels.TryGetValue(SwarmLabels.ReschedulePolicies, out var text) && GoJson.ReadStringList(text).Contains(policy, StringComparer.Ordinal);

    /// <summary>Tells what is wrong with the policies of a request, in classic Swarm's words; <see langword="null"/> when nothing is.</summary>
    public static string? ErrorOf(ImmutableArray<string> policies) => policies switch
    {
        [] or [Off or OnNodeFailure] => null,
        [var other] => $"invalid reschedule policy: {other}",
        _ => "too many reschedule policies",
    };
}
