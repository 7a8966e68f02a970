using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Swarm.Core.Model;

/// <summary>The nodes of a cluster at one moment, ordered by ID. Immutable; taking one costs nothing, however many nodes there are.</summary>
/// <remarks>
/// Kept in pages, so that replacing one node copies one page and the page list: O(√n) words. Adding or removing a node costs O(n).
/// </remarks>
public sealed class NodeSet : IReadOnlyList<NodeView>
{
    private const int PageShift = 6;
    private const int PageSize = 1 << PageShift;

    private readonly NodeView[][] _pages;
    private readonly Dictionary<string, int> _positions;

    private NodeSet(NodeView[][] pages, Dictionary<string, int> positions)
    {
        _pages = pages;
        _positions = positions;
    }

    /// <summary>Gets the set without nodes.</summary>
    public static NodeSet Empty { get; } = new([], []);

    /// <inheritdoc/>
    public int Count => _positions.Count;

    /// <inheritdoc/>
    public NodeView this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _pages[index >> PageShift][index & (PageSize - 1)];
        }
    }

    /// <summary>Makes a set of nodes.</summary>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentException">Two nodes have one ID.</exception>
    public static NodeSet Create(params IEnumerable<NodeView> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return nodes as NodeSet ?? FromSorted([.. nodes.OrderBy(node => node.Id, StringComparer.Ordinal)]);
    }

    /// <summary>Finds a node by its ID. Costs O(1).</summary>
    /// <param name="id">The full ID.</param>
    /// <param name="node">The node, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <returns>Whether the set holds it.</returns>
    public bool TryGet(string id, [NotNullWhen(true)] out NodeView? node)
    {
        ArgumentNullException.ThrowIfNull(id);
        node = _positions.TryGetValue(id, out var index) ? this[index] : null;
        return node is not null;
    }

    /// <summary>Returns a set that also holds the given node, replacing one with the same ID.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The new set.</returns>
    public NodeSet With(NodeView node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!_positions.TryGetValue(node.Id, out var index))
        {
            return FromSorted([.. this.Append(node).OrderBy(each => each.Id, StringComparer.Ordinal)]);
        }

        var pages = (NodeView[][])_pages.Clone();
        var page = (NodeView[])pages[index >> PageShift].Clone();
        page[index & (PageSize - 1)] = node;
        pages[index >> PageShift] = page;
        return new NodeSet(pages, _positions);
    }

    /// <summary>Returns a set without the node that has the given ID; the same set when there is none.</summary>
    /// <param name="id">The full ID.</param>
    /// <returns>The new set.</returns>
    public NodeSet Without(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _positions.ContainsKey(id) ? FromSorted([.. this.Where(node => !string.Equals(node.Id, id, StringComparison.Ordinal))]) : this;
    }

    /// <summary>Enumerates the nodes by ascending ID, without allocating.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(_pages);

    IEnumerator<NodeView> IEnumerable<NodeView>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NodeSet FromSorted(ImmutableArray<NodeView> nodes)
    {
        if (nodes.IsEmpty)
        {
            return Empty;
        }

        var pages = nodes.Chunk(PageSize).ToArray();
        var positions = new Dictionary<string, int>(nodes.Length, StringComparer.Ordinal);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!positions.TryAdd(nodes[i].Id, i))
            {
                throw new ArgumentException($"Two nodes have the ID '{nodes[i].Id}'.", nameof(nodes));
            }
        }

        return new NodeSet(pages, positions);
    }

    /// <summary>Walks through a <see cref="NodeSet"/>.</summary>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The pattern of every allocation-free enumerator.")]
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Enumerators are not compared.")]
    public struct Enumerator : IEnumerator<NodeView>
    {
        private readonly NodeView[][] _pages;
        private NodeView[] _current;
        private int _page;
        private int _index;

        internal Enumerator(NodeView[][] pages)
        {
            _pages = pages;
            _current = [];
            _page = -1;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly NodeView Current => _current[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (++_index < _current.Length)
            {
                return true;
            }

            if (++_page >= _pages.Length)
            {
                return false;
            }

            _current = _pages[_page];
            _index = 0;
            return true;
        }

        /// <inheritdoc/>
        public void Reset()
        {
            _current = [];
            _page = -1;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
