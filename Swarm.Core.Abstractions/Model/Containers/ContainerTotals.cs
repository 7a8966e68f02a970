namespace Swarm.Core.Model;

/// <summary>What a set of containers comes to: the host ports they hold and the values of their labels. Immutable; carried on from change to change.</summary>
/// <remarks>
/// A change copies the table of ports or of label keys where it touches it, and the values of the keys it touches; one that touches neither
/// costs nothing. Labels of this library and of classic Swarm are not in it: nearly every value of theirs is unique.
/// </remarks>
internal sealed class ContainerTotals
{
    private readonly Dictionary<string, LabelValues> _labels;

    private ContainerTotals(HostPortTable ports, Dictionary<string, LabelValues> labels, int count)
    {
        Ports = ports;
        _labels = labels;
        Count = count;
    }

    /// <summary>Gets the host ports.</summary>
    public HostPortTable Ports { get; }

    /// <summary>Gets the number of containers.</summary>
    public int Count { get; }

    /// <summary>Adds everything up. Costs O(containers and their labels).</summary>
    public static ContainerTotals Of(IReadOnlyList<ContainerView> containers)
    {
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            foreach (var (key, value) in containers[i].Labels)
            {
                if (IsKept(key))
                {
                    var values = counts.TryGetValue(key, out var known) ? known : counts[key] = new Dictionary<string, int>(StringComparer.Ordinal);
                    values[value] = values.GetValueOrDefault(value) + 1;
                }
            }
        }

        return new ContainerTotals(
            HostPortTable.Of(containers),
            counts.ToDictionary(each => each.Key, each => LabelValues.Of(each.Value), StringComparer.Ordinal),
            containers.Count);
    }

    /// <summary>Takes one change in.</summary>
    /// <param name="before">The container before; <see langword="null"/> when it came.</param>
    /// <param name="after">The container after; <see langword="null"/> when it went.</param>
    /// <returns>The new totals.</returns>
    public ContainerTotals With(ContainerView? before, ContainerView? after)
    {
        var ports = Ports.With(before, after);
        var (old, now) = (before?.Labels ?? LabelSet.Empty, after?.Labels ?? LabelSet.Empty);
        var count = Count - (before is null ? 0 : 1) + (after is null ? 0 : 1);
        if (old.Equals(now))
        {
            return ReferenceEquals(ports, Ports) && count == Count ? this : new ContainerTotals(ports, _labels, count);
        }

        var labels = new Dictionary<string, LabelValues>(_labels, StringComparer.Ordinal);
        foreach (var (key, value) in old)
        {
            if (IsKept(key))
            {
                if (labels[key].With(value, -1) is { } left)
                {
                    labels[key] = left;
                }
                else
                {
                    labels.Remove(key);
                }
            }
        }

        foreach (var (key, value) in now)
        {
            if (IsKept(key))
            {
                labels[key] = labels.TryGetValue(key, out var values) ? values.With(value, 1)! : LabelValues.Of(value);
            }
        }

        return new ContainerTotals(ports, labels, count);
    }

    /// <summary>Tells whether one of the containers has a label whose value meets a condition; without the label it has the empty value.</summary>
    /// <param name="containers">The containers these are the totals of.</param>
    /// <param name="key">The key of the label.</param>
    /// <param name="argument">What the condition needs.</param>
    /// <param name="condition">The condition.</param>
    public bool AnyLabel<T>(IReadOnlyList<ContainerView> containers, string key, T argument, Func<T, string, bool> condition)
    {
        if (!IsKept(key))
        {
            for (var i = 0; i < containers.Count; i++)
            {
                if (condition(argument, containers[i].Labels.ValueOrEmpty(key)))
                {
                    return true;
                }
            }

            return false;
        }

        if (!_labels.TryGetValue(key, out var values))
        {
            return Count > 0 && condition(argument, "");
        }

        foreach (var value in values.Values)
        {
            if (condition(argument, value))
            {
                return true;
            }
        }

        return values.Containers < Count && condition(argument, "");
    }

    private static bool IsKept(string key) => !key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal);
}
