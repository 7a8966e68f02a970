using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>The nodes of a cluster at one moment, ordered by ID. Immutable; taking one costs nothing, however many nodes there are.</summary>
/// <remarks>
/// Kept in pages, so that a change copies one page and the page list, and nothing is sorted or hashed: replacing, adding or removing one of n nodes
/// costs O(log n) comparisons and O(√n) words up to some ten thousand nodes.
/// </remarks>
public sealed class NodeSet : IReadOnlyList<NodeView>
{
    // What a page holds at most, what it is made with, and from where on it is joined with a neighbour. Nodes are walked more often than changed.
    internal const int MaxPageSize = 128;
    private const int PageSize = MaxPageSize / 2;
    private const int MinPageSize = MaxPageSize / 4;

    private readonly NodeView[][] _pages;

    // The position of the first node of each page.
    private readonly int[] _starts;

    private NodeSet(NodeView[][] pages, int[] starts, int count, long items)
    {
        _pages = pages;
        _starts = starts;
        Count = count;
        Items = items;
    }

    /// <summary>Gets the set without nodes.</summary>
    public static NodeSet Empty { get; } = new([], [], 0, 0);

    /// <inheritdoc/>
    public int Count { get; }

    // The number of nodes, of their containers and of their images, all together: what there is to look at.
    internal long Items { get; }

    // The nodes by ascending ID, in pages that are never changed: an array that is the same holds the same nodes. No page is longer than MaxPageSize.
    internal ReadOnlySpan<NodeView[]> Pages => _pages;

    /// <inheritdoc/>
    public NodeView this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var page = Array.BinarySearch(_starts, index);
            page = page < 0 ? ~page - 1 : page;
            return _pages[page][index - _starts[page]];
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

    /// <summary>Finds a node by its ID. Costs O(log n).</summary>
    /// <param name="id">The full ID.</param>
    /// <param name="node">The node, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <returns>Whether the set holds it.</returns>
    public bool TryGet(string id, [NotNullWhen(true)] out NodeView? node)
    {
        ArgumentNullException.ThrowIfNull(id);
        node = Find(id) is var (page, index) && index >= 0 ? _pages[page][index] : null;
        return node is not null;
    }

    /// <summary>Returns a set that also holds the given node, replacing one with the same ID.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The new set.</returns>
    public NodeSet With(NodeView node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (Count == 0)
        {
            return new NodeSet([[node]], [0], 1, ItemsOf(node));
        }

        var (number, index) = Find(node.Id);
        var page = _pages[number];
        if (index >= 0)
        {
            var pages = (NodeView[][])_pages.Clone();
            var copy = (NodeView[])page.Clone();
            copy[index] = node;
            pages[number] = copy;
            return new NodeSet(pages, _starts, Count, Items - ItemsOf(page[index]) + ItemsOf(node));
        }

        NodeView[] grown = [.. page.AsSpan(0, ~index), node, .. page.AsSpan(~index)];
        var items = Items + ItemsOf(node);
        return grown.Length <= MaxPageSize
            ? Replace(number, 1, [grown], items)
            : Replace(number, 1, [grown[..PageSize], grown[PageSize..]], items);
    }

    /// <summary>Returns a set without the node that has the given ID; the same set when there is none.</summary>
    /// <param name="id">The full ID.</param>
    /// <returns>The new set.</returns>
    public NodeSet Without(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var (number, index) = Find(id);
        if (index < 0)
        {
            return this;
        }

        if (Count == 1)
        {
            return Empty;
        }

        var page = _pages[number];
        var items = Items - ItemsOf(page[index]);
        NodeView[] shrunk = [.. page.AsSpan(0, index), .. page.AsSpan(index + 1)];
        if (shrunk.Length >= MinPageSize || _pages.Length == 1)
        {
            return Replace(number, 1, [shrunk], items);
        }

        // Together with a neighbour: one page, or two of a size if that would be too long.
        var isLast = number == _pages.Length - 1;
        NodeView[] joined = isLast ? [.. _pages[number - 1], .. shrunk] : [.. shrunk, .. _pages[number + 1]];
        return joined.Length <= MaxPageSize
            ? Replace(isLast ? number - 1 : number, 2, [joined], items)
            : Replace(isLast ? number - 1 : number, 2, [joined[..(joined.Length / 2)], joined[(joined.Length / 2)..]], items);
    }

    /// <summary>Enumerates the nodes by ascending ID, without allocating.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(_pages);

    IEnumerator<NodeView> IEnumerable<NodeView>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NodeSet FromSorted(ImmutableArray<NodeView> nodes)
    {
        for (var i = 1; i < nodes.Length; i++)
        {
            if (string.Equals(nodes[i - 1].Id, nodes[i].Id, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Two nodes have the ID '{CleanText.Of(nodes[i].Id)}'.", nameof(nodes));
            }
        }

        return nodes.IsEmpty ? Empty : Of([.. nodes.Chunk(PageSize)], nodes.Sum(ItemsOf));
    }

    private static long ItemsOf(NodeView node) => 1L + node.ContainerCount + node.Images.Count;

    private NodeSet Replace(int from, int count, ReadOnlySpan<NodeView[]> by, long items) =>
        Of([.. _pages.AsSpan(0, from), .. by, .. _pages.AsSpan(from + count)], items);

    private static NodeSet Of(NodeView[][] pages, long items)
    {
        var starts = new int[pages.Length];
        var count = 0;
        for (var i = 0; i < pages.Length; i++)
        {
            starts[i] = count;
            count += pages[i].Length;
        }

        return new NodeSet(pages, starts, count, items);
    }

    // The page and the position in it; where there is no such node the complement of where it would be.
    private (int Page, int Index) Find(string id)
    {
        // The last page that begins at or before it, else the first.
        int low = 0, high = _pages.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (string.CompareOrdinal(_pages[middle][0].Id, id) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        var number = low;
        var page = _pages.Length == 0 ? [] : _pages[number];
        (low, high) = (0, page.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(page[middle].Id, id);
            if (order == 0)
            {
                return (number, middle);
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

        return (number, ~low);
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
