using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>What a request wants of its node, collected from the labels and the environment of its configuration.</summary>
internal sealed class SchedulingLists
{
    private static readonly ImmutableArray<(string Prefix, string Label)> _kinds =
    [
        ("affinity", SwarmLabels.Affinities),
        ("constraint", SwarmLabels.Constraints),
        ("reschedule", SwarmLabels.ReschedulePolicies),
        ("whitelist", SwarmLabels.Whitelists),
    ];

    private readonly ImmutableArray<string>[] _lists;
    private readonly ImmutableArray<string> _environment;

    private SchedulingLists(ImmutableArray<string>[] lists, ImmutableArray<string> environment)
    {
        _lists = lists;
        _environment = environment;
    }

    public ImmutableArray<string> Affinities => _lists[0];

    public ImmutableArray<string> Constraints => _lists[1];

    public ImmutableArray<string> ReschedulePolicies => _lists[2];

    public ImmutableArray<string> Whitelists => _lists[3];

    /// <summary>Gets what is left of the environment without the scheduling entries.</summary>
    public ImmutableArray<string> Environment => _environment;

    /// <summary>Collects the lists: entries of a label come first, those of the environment after them.</summary>
    /// <exception cref="InvalidLabelException">One of the labels is no JSON list of strings.</exception>
    public static SchedulingLists Of(ContainerSpec spec)
    {
        var lists = new ImmutableArray<string>[_kinds.Length];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = ReadLabel(spec.Labels, _kinds[i].Label);
        }

        return HasEntries(spec.Environment) ? WithEntries(lists, spec.Environment) : new SchedulingLists(lists, spec.Environment);
    }

    /// <summary>Tells the label that an entry of the environment stands for; <see langword="null"/> for an ordinary one.</summary>
    public static string? LabelOf(string entry) => IndexOfKind(entry) is >= 0 and var kind ? _kinds[kind].Label : null;

    /// <summary>Moves the scheduling entries of the environment to the labels, and writes further labels.</summary>
    public ContainerConfig ApplyTo(ContainerConfig config, params IEnumerable<KeyValuePair<string, string>> further) =>
        (_environment.Length == config.Typed.Environment.Length ? config : config.WithEnvironment(_environment)).WithLabels(Labels(further));

    /// <summary>Returns the labels that say what the lists say, behind further ones.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels(params IEnumerable<KeyValuePair<string, string>> further)
    {
        var labels = new List<KeyValuePair<string, string>>(further);
        for (var i = 0; i < _lists.Length; i++)
        {
            if (!_lists[i].IsEmpty)
            {
                labels.Add(KeyValuePair.Create(_kinds[i].Label, GoJson.WriteStringList(_lists[i])));
            }
        }

        return labels;
    }

    private static bool HasEntries(ImmutableArray<string> environment)
    {
        foreach (var entry in environment)
        {
            if (IndexOfKind(entry) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static SchedulingLists WithEntries(ImmutableArray<string>[] ofLabels, ImmutableArray<string> entries)
    {
        var lists = ofLabels.Select(list => list.ToBuilder()).ToArray();
        var environment = ImmutableArray.CreateBuilder<string>(entries.Length);
        foreach (var entry in entries)
        {
            var kind = IndexOfKind(entry);
            if (kind < 0)
            {
                environment.Add(entry);
            }
            else
            {
                lists[kind].Add(entry[(_kinds[kind].Prefix.Length + 1)..]);
            }
        }

        return new SchedulingLists([.. lists.Select(list => list.ToImmutable())], environment.ToImmutable());
    }

    private static ImmutableArray<string> ReadLabel(LabelSet labels, string label)
    {
        if (!labels.TryGetValue(label, out var text))
        {
            return [];
        }

        return GoJson.TryReadStringList(text, out var items)
            ? items
            : throw new InvalidLabelException(label, text, $"The label {label} is not a JSON list of strings.");
    }

    private static int IndexOfKind(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return -1;
        }

        var prefix = entry.AsSpan(0, colon);
        for (var i = 0; i < _kinds.Length; i++)
        {
            if (prefix.SequenceEqual(_kinds[i].Prefix))
            {
                return i;
            }
        }

        return -1;
    }
}
