using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>The labels that are the library's own: all that begin with <see cref="SwarmLabels.Prefix"/>.</summary>
internal static class ReservedLabels
{
    /// <summary>Who a container belongs to. Nothing reads it yet.</summary>
    public const string Owner = "com.docker.swarm.owner";

    /// <summary>Which of the containers with one Swarm ID it is. Nothing reads it yet.</summary>
    public const string Generation = "com.docker.swarm.generation";

    /// <summary>The devices a container takes. Nothing reads it yet.</summary>
    public const string Devices = "com.docker.swarm.devices";

    private const int OperationDigits = 32;

    /// <summary>Gets those that every create writes, empty where there is nothing to say, so that nothing of an image shows through.</summary>
    public static ImmutableArray<string> Written { get; } =
    [
        SwarmLabels.Affinities, SwarmLabels.Constraints, SwarmLabels.Demand, Devices, Generation, SwarmLabels.Id, SwarmLabels.Operation, Owner,
        SwarmLabels.ReschedulePolicies, SwarmLabels.Resources, SwarmLabels.Tolerations, SwarmLabels.Whitelists,
    ];

    /// <summary>Tells whether a label is the library's own.</summary>
    public static bool Has(string key) => key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal);

    /// <summary>Tells whether a label steers the library itself, so that a create says it anew whatever its caller says.</summary>
    public static bool IsAlwaysOurs(string key) => key is SwarmLabels.Operation or SwarmLabels.Demand || IsUnused(key);

    /// <summary>Tells whether nothing is said in a label yet.</summary>
    public static bool IsUnused(string key) => key is Owner or Generation or Devices;

    /// <summary>Tells whether the labels of a container were written by a create of this library.</summary>
    public static bool AreOfCluster(LabelSet labels) =>
        labels.TryGetValue(SwarmLabels.Operation, out var operation) && operation.Length == OperationDigits && SwarmIdText.IsHexadecimal(operation);

    /// <summary>Returns the labels without those of the library that are empty: these say nothing, and are there to hide what an image says.</summary>
    public static LabelSet WithoutEmpty(LabelSet labels) => labels.Shared(static text => text, static (key, value) => value.Length > 0 || !Has(key));
}
