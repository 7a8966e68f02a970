using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Checks what the text of configurations says against the rules of bodies: what they do not allow is left out or refused. Immutable, safe for concurrent use.</summary>
internal sealed class BodyCheck(BodyRules rules)
{
    // Later changes of the options have no effect.
    private readonly BodyLabels _honoured = rules.Honoured;
    private readonly BodyBreach _otherwise = rules.Otherwise;

    /// <summary>Returns the configuration as far as it may be honoured; the same where it says nothing that may not.</summary>
    /// <exception cref="LabelNotAllowedException">It says what its text may not say, and that is to be refused.</exception>
    public ContainerConfig Apply(ContainerConfig config)
    {
        if (_honoured == BodyLabels.All)
        {
            return config; // as classic Swarm has it: what every create writes anew is written over later
        }

        var spec = config.Typed;
        List<string>? leftOut = null;
        foreach (var (key, value) in spec.Labels)
        {
            if (ReservedLabels.Has(key) && (value.Length == 0 || (!config.IsSaidInTypes(key, value) && !IsHonoured(spec.Name, key, value))))
            {
                (leftOut ??= []).Add(key);
            }
        }

        var environment = spec.Environment;
        foreach (var entry in environment)
        {
            if (SchedulingLists.LabelOf(entry) is { } label && !IsHonoured(spec.Name, label, entry))
            {
                environment = environment.RemoveAll(each => SchedulingLists.LabelOf(each) is { } kind && !_honoured.HasFlag(KindOf(kind)));
                break;
            }
        }

        return leftOut is null && environment == spec.Environment ? config : config.WithoutLabels(leftOut ?? []).WithEnvironment(environment);
    }

    private bool IsHonoured(string? container, string label, string value)
    {
        var kind = KindOf(label);
        if (kind != BodyLabels.None && _honoured.HasFlag(kind))
        {
            return true;
        }

        return _otherwise == BodyBreach.Overwrite
            ? false
            : throw new LabelNotAllowedException(
                container,
                label,
                value,
                kind == BodyLabels.None
                    ? "It is the library's own."
                    : $"The cluster honours that in the types of {nameof(ContainerSpec)} only, unless its option BodyRules.{nameof(BodyRules.Honoured)} says {kind}.");
    }

    private static BodyLabels KindOf(string label) => label switch
    {
        SwarmLabels.Constraints => BodyLabels.Constraints,
        SwarmLabels.Affinities => BodyLabels.Affinities,
        SwarmLabels.Whitelists => BodyLabels.Whitelists,
        SwarmLabels.ReschedulePolicies => BodyLabels.ReschedulePolicies,
        SwarmLabels.Tolerations => BodyLabels.Tolerations,
        SwarmLabels.Resources => BodyLabels.Resources,
        SwarmLabels.Id => BodyLabels.Id,
        _ => ReservedLabels.IsAlwaysOurs(label) ? BodyLabels.None : BodyLabels.Unknown,
    };
}
