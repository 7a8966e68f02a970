using Swarm.Core.Model;

namespace Swarm.Core.Scheduling;

/// <summary>The verdicts of one class of requests on all nodes of a set, and the best of each page. For one user at a time.</summary>
/// <remarks>
/// <para>
/// A verdict belongs to one version of one node: as nodes are never changed, only replaced, it cannot be out of date. What is to be judged anew is found by
/// comparing references, pages first; nobody has to say what has changed, so nobody can forget to.
/// </para>
/// <para>To follow costs a comparison per page and one per node of a changed page, and a judgement per changed node; the best costs a look at each page.</para>
/// </remarks>
internal sealed class ClassVerdicts(RequestClass requests)
{
    // Of so many good nodes that a filter which is asked anew does not let pass, the rest is asked in order: that is cheaper than looking for the next best.
    private const int MostInTurn = 24;

    private readonly List<(int Page, int Index, long Verdict)> _passedOver = [];
    private NodeView[][] _nodes = [];
    private long[][] _verdicts = [];

    // The best verdict of each page, and the first node that has it.
    private long[] _best = [];
    private int[] _bestAt = [];

    /// <summary>Judges one node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="verdict">The verdict.</param>
    /// <returns>Whether there is one: a score may be too large to be remembered.</returns>
    public delegate bool Judge(NodeView node, out long verdict);

    /// <summary>Gets the class.</summary>
    public RequestClass Requests => requests;

    /// <summary>Gets how many nodes are judged.</summary>
    public int Count { get; private set; }

    /// <summary>Judges what has changed since the last time.</summary>
    /// <param name="nodes">The nodes as they are now.</param>
    /// <param name="judge">Judges a node. When it throws, or has no verdict, these verdicts are not to be used any more.</param>
    /// <returns>Whether all have a verdict.</returns>
    public bool TryFollow(NodeSet nodes, Judge judge)
    {
        var pages = nodes.Pages;
        if (pages.Length != _nodes.Length)
        {
            Realign(pages);
        }

        for (var page = 0; page < pages.Length; page++)
        {
            if (!ReferenceEquals(pages[page], _nodes[page]) && !TryFollow(page, pages[page], judge))
            {
                return false;
            }
        }

        Count = nodes.Count;
        return true;
    }

    /// <summary>Finds the best node that the filters which are asked anew let pass; of several the one with the lowest ID. Nothing is judged again.</summary>
    /// <param name="passes">Asks those filters; <see langword="null"/> when there are none.</param>
    /// <param name="verdict">The verdict on the node that was found.</param>
    /// <returns>The node; <see langword="null"/> when there is none.</returns>
    public NodeView? FindBest(Predicate<NodeView>? passes, out long verdict)
    {
        try
        {
            while (true)
            {
                var page = Smallest.IndexIn(_best);
                verdict = page < 0 ? Verdict.Refused : _best[page];
                if (verdict == Verdict.Refused)
                {
                    return null;
                }

                var node = _nodes[page][_bestAt[page]];
                if (passes is null || passes(node))
                {
                    return node;
                }

                PassOver(page);
                if (_passedOver.Count >= MostInTurn)
                {
                    return FindBestInOrder(passes, out verdict);
                }
            }
        }
        finally
        {
            Restore();
        }
    }

    /// <summary>Walks through the nodes that are not refused, by ascending ID; those with one verdict only, if one is given.</summary>
    public IEnumerable<NodeView> Suitable(long? verdict = null)
    {
        for (var page = 0; page < _nodes.Length; page++)
        {
            if (verdict is { } wanted ? _best[page] > wanted : _best[page] == Verdict.Refused)
            {
                continue;
            }

            for (var i = 0; i < _nodes[page].Length; i++)
            {
                if (verdict is { } exactly ? _verdicts[page][i] == exactly : _verdicts[page][i] != Verdict.Refused)
                {
                    yield return _nodes[page][i];
                }
            }
        }
    }

    private NodeView? FindBestInOrder(Predicate<NodeView> passes, out long verdict)
    {
        NodeView? best = null;
        verdict = Verdict.Refused;
        for (var page = 0; page < _nodes.Length; page++)
        {
            var verdicts = _verdicts[page];
            for (var i = 0; _best[page] < verdict && i < verdicts.Length; i++)
            {
                if (verdicts[i] < verdict && passes(_nodes[page][i]))
                {
                    (best, verdict) = (_nodes[page][i], verdicts[i]);
                }
            }
        }

        return best;
    }

    // Until the search is over the node counts as refused.
    private void PassOver(int page)
    {
        var index = _bestAt[page];
        _passedOver.Add((page, index, _best[page]));
        _verdicts[page][index] = Verdict.Refused;
        FindBestOf(page);
    }

    private void Restore()
    {
        for (var i = _passedOver.Count - 1; i >= 0; i--)
        {
            var (page, index, verdict) = _passedOver[i];
            (_verdicts[page][index], _best[page], _bestAt[page]) = (verdict, verdict, index);
        }

        _passedOver.Clear();
    }

    private bool TryFollow(int page, NodeView[] now, Judge judge)
    {
        var (before, verdicts) = (_nodes[page], _verdicts[page]);
        if (before.Length != now.Length)
        {
            (before, verdicts) = ([], new long[now.Length]);
        }

        for (var i = 0; i < now.Length; i++)
        {
            if ((before.Length == 0 || !ReferenceEquals(before[i], now[i])) && !judge(now[i], out verdicts[i]))
            {
                return false;
            }
        }

        (_nodes[page], _verdicts[page]) = (now, verdicts);
        FindBestOf(page);
        return true;
    }

    private void FindBestOf(int page)
    {
        var index = Smallest.IndexIn(_verdicts[page]);
        (_bestAt[page], _best[page]) = (index, index < 0 ? Verdict.Refused : _verdicts[page][index]);
    }

    // Pages came or went: those that are still there keep their verdicts, wherever they are now.
    private void Realign(ReadOnlySpan<NodeView[]> pages)
    {
        var former = new Dictionary<NodeView[], int>(_nodes.Length, ReferenceEqualityComparer.Instance);
        for (var page = 0; page < _nodes.Length; page++)
        {
            former[_nodes[page]] = page;
        }

        var (nodes, verdicts, best, bestAt) = (new NodeView[pages.Length][], new long[pages.Length][], new long[pages.Length], new int[pages.Length]);
        for (var page = 0; page < pages.Length; page++)
        {
            (nodes[page], verdicts[page], best[page], bestAt[page]) = former.TryGetValue(pages[page], out var known)
                ? (_nodes[known], _verdicts[known], _best[known], _bestAt[known])
                : ([], [], Verdict.Refused, -1);
        }

        (_nodes, _verdicts, _best, _bestAt) = (nodes, verdicts, best, bestAt);
    }
}
