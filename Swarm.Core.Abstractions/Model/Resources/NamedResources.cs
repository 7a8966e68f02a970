using System.Collections;
using System.Collections.Immutable;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Amounts of resources that a host names itself, for example <c>gpu</c> or <c>licence/solver</c>. Immutable; absent means 0.</summary>
/// <remarks>Names are compared ordinally and enumerated in ordinal order. Arithmetic saturates instead of wrapping around.</remarks>
public sealed class NamedResources : IReadOnlyCollection<KeyValuePair<string, long>>, IEquatable<NamedResources>
{
    private readonly ImmutableArray<KeyValuePair<string, long>> _amounts;

    private NamedResources(ImmutableArray<KeyValuePair<string, long>> amounts) => _amounts = amounts;

    /// <summary>Gets the set without any resource.</summary>
    public static NamedResources Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _amounts.Length;

    /// <summary>Gets the amount of one resource; 0 when it is absent.</summary>
    /// <param name="name">The name of the resource.</param>
    public long this[string name]
    {
        get
        {
            foreach (var amount in _amounts)
            {
                if (string.Equals(amount.Key, name, StringComparison.Ordinal))
                {
                    return amount.Value;
                }
            }

            return 0;
        }
    }

    /// <summary>Makes a set of amounts; amounts of 0 are left out.</summary>
    /// <param name="amounts">The names and amounts.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentException">A name is empty or given twice.</exception>
    public static NamedResources Create(params IEnumerable<KeyValuePair<string, long>> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var sorted = amounts.OrderBy(amount => amount.Key, StringComparer.Ordinal).ToImmutableArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (string.IsNullOrEmpty(sorted[i].Key))
            {
                throw new ArgumentException("A resource needs a name.", nameof(amounts));
            }

            if (i > 0 && string.Equals(sorted[i].Key, sorted[i - 1].Key, StringComparison.Ordinal))
            {
                throw new ArgumentException($"The resource '{CleanText.Of(sorted[i].Key)}' is given twice.", nameof(amounts));
            }
        }

        return From(sorted.RemoveAll(amount => amount.Value == 0));
    }

    /// <summary>Adds two sets, amount by amount.</summary>
    /// <param name="other">The set to add.</param>
    /// <returns>The sums.</returns>
    public NamedResources Plus(NamedResources other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count == 0 ? this : Count == 0 ? other : Merge(other, ResourceVector.SaturatingAdd);
    }

    /// <summary>Subtracts a set, amount by amount.</summary>
    /// <param name="other">The set to subtract.</param>
    /// <returns>The differences.</returns>
    public NamedResources Minus(NamedResources other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count == 0 ? this : Merge(other, ResourceVector.SaturatingSubtract);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, long>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, long>>)_amounts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NamedResources? other) => other is not null && _amounts.AsSpan().SequenceEqual(other._amounts.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamedResources);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var amount in _amounts)
        {
            hash.Add(amount.Key, StringComparer.Ordinal);
            hash.Add(amount.Value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Returns the amounts as <c>name=amount</c>, separated by commas.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", _amounts.Select(amount => $"{amount.Key}={amount.Value}"));

    internal ReadOnlySpan<KeyValuePair<string, long>> AsSpan() => _amounts.AsSpan();

    private static NamedResources From(ImmutableArray<KeyValuePair<string, long>> amounts) => amounts.IsEmpty ? Empty : new(amounts);

    private NamedResources Merge(NamedResources other, Func<long, long, long> combine)
    {
        var merged = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, amount) in _amounts)
        {
            merged[name] = amount;
        }

        foreach (var (name, amount) in other._amounts)
        {
            merged[name] = combine(merged.GetValueOrDefault(name), amount);
        }

        return From([.. merged.Where(amount => amount.Value != 0)]);
    }
}
