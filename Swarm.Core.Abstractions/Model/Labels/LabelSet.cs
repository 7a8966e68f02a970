using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>An immutable set of labels or attributes, kept as one sorted array. Keys are compared ordinally, enumeration is in ordinal order.</summary>
/// <remarks>A look-up costs O(log n) string comparisons and no allocation. Two sets are equal when they hold the same pairs.</remarks>
public sealed class LabelSet : IReadOnlyDictionary<string, string>, IEquatable<LabelSet>
{
    private readonly string[] _keys;
    private readonly string[] _values;

    private LabelSet(string[] keys, string[] values)
    {
        _keys = keys;
        _values = values;
    }

    /// <summary>Gets the set without any label.</summary>
    public static LabelSet Empty { get; } = new([], []);

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _values;

    /// <inheritdoc/>
    public string this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no label '{CleanText.Of(key)}'.");

    /// <summary>Makes a set; of two pairs with one key the last counts, as in the engine.</summary>
    /// <param name="labels">The labels. A <see langword="null"/> value counts as empty.</param>
    /// <returns>The set.</returns>
    public static LabelSet Create(params IEnumerable<KeyValuePair<string, string>> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels is LabelSet same)
        {
            return same;
        }

        var given = labels as KeyValuePair<string, string>[] ?? [.. labels];
        var (keys, values) = (new string[given.Length], new string[given.Length]);
        var isSorted = true;
        for (var i = 0; i < given.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(given[i].Key, nameof(labels));
            (keys[i], values[i]) = (given[i].Key, given[i].Value ?? "");
            isSorted &= i == 0 || string.CompareOrdinal(keys[i - 1], keys[i]) < 0;
        }

        return isSorted ? Of(keys, values) : Sort(keys, values);
    }

    /// <summary>Returns a set that also holds the given label, replacing one with the same key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The new set.</returns>
    public LabelSet With(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return With(new LabelSet([key], [value]));
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var index = IndexOf(key);
        value = index >= 0 ? _values[index] : null;
        return index >= 0;
    }

    /// <summary>Returns the value of a label, or the empty text when it is absent: classic Swarm reads a missing label so.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value; never <see langword="null"/>.</returns>
    public string ValueOrEmpty(string key)
    {
        var index = IndexOf(key);
        return index >= 0 ? _values[index] : "";
    }

    /// <summary>Goes through the labels in ordinal order of their keys.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => Pairs().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Pairs().GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _keys.AsSpan().SequenceEqual(other._keys) && _values.AsSpan().SequenceEqual(other._values));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        for (var i = 0; i < _keys.Length; i++)
        {
            hash.Add(_keys[i], StringComparer.Ordinal);
            hash.Add(_values[i], StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>Returns the labels as <c>key=value</c>, separated by commas.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", this.Select(label => $"{label.Key}={label.Value}"));

    // These labels and others, which replace those of the same keys.
    internal LabelSet With(LabelSet others)
    {
        if (Count == 0 || others.Count == 0)
        {
            return Count == 0 ? others : this;
        }

        var (keys, values) = (new string[Count + others.Count], new string[Count + others.Count]);
        var (count, own, other) = (0, 0, 0);
        while (own < Count || other < others.Count)
        {
            var order = own == Count ? 1 : other == others.Count ? -1 : string.CompareOrdinal(_keys[own], others._keys[other]);
            (keys[count], values[count]) = order < 0 ? (_keys[own], _values[own]) : (others._keys[other], others._values[other]);
            own += order <= 0 ? 1 : 0;
            other += order >= 0 ? 1 : 0;
            count++;
        }

        return count == keys.Length ? new LabelSet(keys, values) : new LabelSet(keys[..count], values[..count]);
    }

    // These labels but for some.
    internal LabelSet Without(IReadOnlySet<string> gone) => Create(this.Where(label => !gone.Contains(label.Key)));

    // The same labels with every text replaced by an equal one that others hold too, and without those that are not to be kept.
    internal LabelSet Shared(Func<string, string> share, Func<string, string, bool>? keep = null)
    {
        if (Count == 0)
        {
            return Empty;
        }

        var (keys, values) = (new string[Count], new string[Count]);
        var count = 0;
        for (var i = 0; i < _keys.Length; i++)
        {
            if (keep is null || keep(_keys[i], _values[i]))
            {
                (keys[count], values[count]) = (share(_keys[i]), share(_values[i]));
                count++;
            }
        }

        return count == Count ? new LabelSet(keys, values) : Of(keys[..count], values[..count]);
    }

    private IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            yield return KeyValuePair.Create(_keys[i], _values[i]);
        }
    }

    private static LabelSet Of(string[] keys, string[] values) => keys.Length == 0 ? Empty : new LabelSet(keys, values);

    // Of equal keys the one that came last counts, in whatever order sorting leaves them.
    private static LabelSet Sort(string[] keys, string[] given)
    {
        var places = new int[keys.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        Array.Sort(keys, places, StringComparer.Ordinal);
        var values = new string[keys.Length];
        var count = 0;
        for (var i = 0; i < keys.Length; count++)
        {
            var (key, last) = (keys[i], places[i]);
            for (i++; i < keys.Length && string.Equals(keys[i], key, StringComparison.Ordinal); i++)
            {
                last = Math.Max(last, places[i]);
            }

            (keys[count], values[count]) = (key, given[last]);
        }

        return count == keys.Length ? new LabelSet(keys, values) : new LabelSet(keys[..count], values[..count]);
    }

    private int IndexOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int low = 0, high = _keys.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(_keys[middle], key);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    /// <summary>Goes through the labels of a set without allocating.</summary>
    public struct Enumerator
    {
        private readonly LabelSet _labels;
        private int _index;

        internal Enumerator(LabelSet labels)
        {
            _labels = labels;
            _index = -1;
        }

        /// <summary>Gets the label it stands on.</summary>
        public readonly KeyValuePair<string, string> Current => KeyValuePair.Create(_labels._keys[_index], _labels._values[_index]);

        /// <summary>Moves to the next label.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext() => ++_index < _labels._keys.Length;
    }
}
