using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Reads and edits the labels in which classic Swarm keeps what a container wants: lists of expressions and the rescheduling policy.</summary>
/// <remarks>Reading is lenient, for containers that exist already: what cannot be read counts as empty. New requests are read strictly, by <see cref="PlacementRequestFactory"/>.</remarks>
internal static class SchedulingLabels
{
    /// <summary>The policy that leaves a container where it is when its engine fails. The default.</summary>
    public const string PolicyOff = "off";

    /// <summary>The policy that moves a container when its engine fails.</summary>
    public const string PolicyOnNodeFailure = "on-node-failure";

    /// <summary>Reads one of the lists.</summary>
    public static ImmutableArray<string> Read(LabelSet labels, string label) =>
        labels.TryGetValue(label, out var text) ? GoJson.ReadStringList(text) : [];

    /// <summary>Appends to one of the lists.</summary>
    public static LabelSet Add(LabelSet labels, string label, string item) =>
        labels.With(label, GoJson.WriteStringList(Read(labels, label).Add(item)));

    /// <summary>Drops every entry that equals the given one; the list stays, empty if need be.</summary>
    public static LabelSet Remove(LabelSet labels, string label, string item) =>
        labels.With(label, GoJson.WriteStringList(Read(labels, label).RemoveAll(each => string.Equals(each, item, StringComparison.Ordinal))));

    /// <summary>Tells whether a hard constraint asks for a node by ID or name, a pattern included; such a container is not moved.</summary>
    public static bool HasNodeConstraint(LabelSet labels) => Read(labels, SwarmLabels.Constraints).Any(constraint =>
        constraint.StartsWith("node==", StringComparison.Ordinal) && !constraint.StartsWith("node==~", StringComparison.Ordinal));

    /// <summary>Tells whether a rescheduling policy is among those of the container.</summary>
    public static bool HasPolicy(LabelSet labels, string policy) => Read(labels, SwarmLabels.ReschedulePolicies).Contains(policy, StringComparer.Ordinal);

    /// <summary>Tells what is wrong with the rescheduling policies, in classic Swarm's words; <see langword="null"/> when nothing is.</summary>
    public static string? PolicyErrorOf(LabelSet labels) => Read(labels, SwarmLabels.ReschedulePolicies) switch
    {
        [] or [PolicyOff or PolicyOnNodeFailure] => null,
        [var other] => $"invalid reschedule policy: {other}",
        _ => "too many reschedule policies",
    };
}
