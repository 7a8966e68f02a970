namespace Swarm.Core.Clustering;

/// <summary>Texts in ordinal order, found by how they begin. For many that differ early, as identifiers do.</summary>
/// <remarks>
/// Kept in drawers by their first characters, so that one of a hundred thousand is put among some dozens. However alike texts are, to add or remove one costs
/// O(log n) comparisons.
/// </remarks>
internal sealed class PrefixIndex
{
    // Of hexadecimal digits that makes 4,096 drawers.
    private const int DrawerLength = 3;

    private readonly Dictionary<string, SortedSet<string>>.AlternateLookup<ReadOnlySpan<char>> _drawers =
        new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly SortedSet<string> _labels = new(StringComparer.Ordinal);

    /// <summary>Adds a text that is not there yet.</summary>
    public void Add(string text)
    {
        var label = LabelOf(text);
        if (!_drawers.TryGetValue(label, out var drawer))
        {
            _drawers[label] = drawer = new SortedSet<string>(StringComparer.Ordinal);
            _labels.Add(label.ToString());
        }

        drawer.Add(text);
    }

    /// <summary>Removes a text.</summary>
    public void Remove(string text)
    {
        var label = LabelOf(text);
        if (_drawers.TryGetValue(label, out var drawer) && drawer.Remove(text) && drawer.Count == 0)
        {
            _drawers.Remove(label);
            _labels.Remove(label.ToString());
        }
    }

    /// <summary>Enumerates the texts that begin so, in ordinal order.</summary>
    public IEnumerable<string> WithPrefix(string prefix) => prefix.Length < DrawerLength
        ? _labels.GetViewBetween(prefix, prefix + char.MaxValue).SelectMany(label => _drawers.Dictionary[label])
        : _drawers.TryGetValue(LabelOf(prefix), out var drawer)
            ? drawer.GetViewBetween(prefix, prefix + char.MaxValue)
            : [];

    private static ReadOnlySpan<char> LabelOf(string text) => text.AsSpan(0, Math.Min(DrawerLength, text.Length));
}
