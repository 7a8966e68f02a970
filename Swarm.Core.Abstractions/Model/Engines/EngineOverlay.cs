using System.Collections.Immutable;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>What the host program says of an engine on top of what the engine says of itself: labels that win, taints, and whether it may get new work.</summary>
/// <remarks>Immutable; two overlays are equal when they say the same. It belongs to the program, not to the engine: it is neither written to the engine nor kept beyond the program.</remarks>
public sealed record EngineOverlay
{
    private const int LongestLabel = 4096;

    private readonly ImmutableSortedDictionary<string, string?> _labels = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
    private readonly ImmutableArray<Taint> _taints = [];

    /// <summary>Gets the overlay that says nothing.</summary>
    public static EngineOverlay Empty { get; } = new();

    /// <summary>Gets the labels that win over the engine's own; <see langword="null"/> takes the engine's label away.</summary>
    /// <exception cref="ArgumentException">A key is empty or <c>node</c>, which constraints reserve, or a label is longer than 4,096 characters.</exception>
    public IReadOnlyDictionary<string, string?> Labels
    {
        get => _labels;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (key, text) in value)
            {
                if (string.IsNullOrEmpty(key) || string.Equals(key, "node", StringComparison.Ordinal))
                {
                    throw new ArgumentException($"'{CleanText.Of(key)}' cannot be the key of a label: it is empty, or reserved for constraints on the node itself.", nameof(value));
                }

                if (key.Length + (text?.Length ?? 0) > LongestLabel)
                {
                    throw new ArgumentException($"The label '{CleanText.Of(key, 64)}' is longer than {LongestLabel} characters.", nameof(value));
                }
            }

            _labels = value.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>Gets the taints.</summary>
    /// <exception cref="ArgumentException">One is <see langword="null"/>.</exception>
    public IReadOnlyList<Taint> Taints
    {
        get => _taints;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _taints = value is ImmutableArray<Taint> { IsDefault: true } ? [] : value.Contains(null!) ? throw new ArgumentException("A taint is null.", nameof(value)) : [.. value];
        }
    }

    // The same, for those who look at them for every node.
    internal ImmutableArray<Taint> TaintArray => _taints;

    /// <summary>Gets whether the engine may get new work, as far as the host program is concerned. What it runs goes on either way.</summary>
    public bool IsEligible { get; init; } = true;

    /// <summary>Gets why it may not, for people; <see langword="null"/> where nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets what an engine must prove for all of it to count; <see langword="null"/> where that follows from how it is said (see <see cref="Clustering.IClusterEngines.SetOverlayAsync"/>).</summary>
    /// <remarks>
    /// To an engine that does not prove it labels are not given; whoever claims to be the engine gets no more for it. What keeps work away (taints, whether it may get new
    /// work, labels that are taken away) counts all the same where it was said by ID, so that nobody gets rid of it by changing its address or its certificate; what was said by an
    /// address counts at that and for the certificate shown there only.
    /// </remarks>
    public EngineBinding? Binding { get; init; }

    /// <summary>Returns the overlay with one label set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; <see langword="null"/> takes the engine's label away.</param>
    /// <returns>The new overlay.</returns>
    /// <exception cref="ArgumentException">The key is empty or <c>node</c>, or the label is too long.</exception>
    public EngineOverlay WithLabel(string key, string? value) => this with { Labels = _labels.SetItem(key ?? "", value) };

    /// <summary>Returns the overlay without one label: the engine's own shows again.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The new overlay.</returns>
    public EngineOverlay WithoutLabel(string key) => this with { Labels = _labels.Remove(key) };

    /// <summary>Returns the overlay with one more taint; the same when it has it already.</summary>
    /// <param name="taint">The taint.</param>
    /// <returns>The new overlay.</returns>
    public EngineOverlay WithTaint(Taint taint)
    {
        ArgumentNullException.ThrowIfNull(taint);
        return _taints.Contains(taint) ? this : this with { Taints = _taints.Add(taint) };
    }

    /// <summary>Returns the overlay without the taints of one key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The new overlay.</returns>
    public EngineOverlay WithoutTaint(string key) => this with { Taints = _taints.RemoveAll(taint => string.Equals(taint.Key, key, StringComparison.Ordinal)) };

    /// <inheritdoc/>
    public bool Equals(EngineOverlay? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && IsEligible == other.IsEligible
            && string.Equals(Reason, other.Reason, StringComparison.Ordinal)
            && Equals(Binding, other.Binding)
            && _taints.AsSpan().SequenceEqual(other._taints.AsSpan())
            && _labels.SequenceEqual(other._labels));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsEligible, Reason, _taints.Length, _labels.Count);

    // What is left for an engine that claims to be another one.
    internal EngineOverlay WithoutGrants() => _labels.Values.All(value => value is null) ? this : this with { Labels = _labels.RemoveRange(_labels.Where(label => label.Value is not null).Select(label => label.Key)) };

    internal bool HasLabelsOf(EngineOverlay other) => _labels.SequenceEqual(other._labels);

    // What an engine's labels are once the overlay has spoken; the very same set when it has nothing to say.
    internal LabelSet ApplyTo(LabelSet labels) => _labels.IsEmpty
        ? labels
        : LabelSet.Create([
            .. labels.Where(label => !_labels.ContainsKey(label.Key)),
            .. _labels.Where(label => label.Value is not null).Select(label => KeyValuePair.Create(label.Key, label.Value!))]);
}
