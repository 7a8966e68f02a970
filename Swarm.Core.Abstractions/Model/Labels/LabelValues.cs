namespace Swarm.Core.Model;

/// <summary>The values that the label of one key has on a set of containers, each with the number of containers that have it. Immutable.</summary>
internal sealed class LabelValues
{
    private readonly string[] _values;
    private readonly int[] _counts;

    private LabelValues(string[] values, int[] counts, int containers)
    {
        _values = values;
        _counts = counts;
        Containers = containers;
    }

    /// <summary>Gets how many containers have the label.</summary>
    public int Containers { get; }

    /// <summary>Gets the distinct values in ordinal order.</summary>
    public ReadOnlySpan<string> Values => _values;

    public static LabelValues Of(Dictionary<string, int> counts)
    {
        var values = counts.Keys.ToArray();
        Array.Sort(values, StringComparer.Ordinal);
        return new LabelValues(values, Array.ConvertAll(values, value => counts[value]), counts.Values.Sum());
    }

    public static LabelValues Of(string value) => new([value], [1], 1);

    /// <summary>Counts one container more or less. Copies the values.</summary>
    /// <returns>The new values; <see langword="null"/> when no container is left.</returns>
    public LabelValues? With(string value, int change)
    {
        var index = Array.BinarySearch(_values, value, StringComparer.Ordinal);
        if (index < 0)
        {
            return new LabelValues(Inserted(_values, ~index, value), Inserted(_counts, ~index, change), Containers + change);
        }

        if (_counts[index] + change > 0)
        {
            var counts = (int[])_counts.Clone();
            counts[index] += change;
            return new LabelValues(_values, counts, Containers + change);
        }

        return _values.Length == 1 ? null : new LabelValues(Removed(_values, index), Removed(_counts, index), Containers + change);
    }

    private static T[] Inserted<T>(T[] items, int index, T item) => [.. items.AsSpan(0, index), item, .. items.AsSpan(index)];

    private static T[] Removed<T>(T[] items, int index) => [.. items.AsSpan(0, index), .. items.AsSpan(index + 1)];
}
