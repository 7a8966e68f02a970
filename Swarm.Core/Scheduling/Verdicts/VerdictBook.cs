namespace Swarm.Core.Scheduling;

/// <summary>Keeps verdicts from one decision to the next, those of the classes that were asked for last. Safe for concurrent use.</summary>
/// <remarks>
/// Whoever decides takes the verdicts of a class out, brings them up to date and puts them back; no lock is held meanwhile. Who finds none, because there are
/// none yet or somebody else has them, makes some.
/// </remarks>
/// <param name="capacity">How many verdicts are kept in all, each of 8 bytes; those that were put back last in any case.</param>
internal sealed class VerdictBook(long capacity = VerdictBook.DefaultCapacity)
{
    /// <summary>So many that the 256 classes of a busy cluster of ten thousand engines have room.</summary>
    public const long DefaultCapacity = 4_000_000;

    // A class takes some room however few nodes there are.
    private const int LeastOfClass = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<RequestClass, List<LinkedListNode<Entry>>> _byClass = [];

    // The one that was put back last is the first.
    private readonly LinkedList<Entry> _byUse = new();
    private long _size;
    private long _age;

    /// <summary>Takes verdicts of a class out.</summary>
    /// <returns>The verdicts, of whatever moment; none yet when nobody has put any back.</returns>
    public ClassVerdicts Take(RequestClass requests)
    {
        lock (_gate)
        {
            if (_byClass.TryGetValue(requests, out var kept))
            {
                var last = kept[^1];
                Drop(last);
                return last.Value.Verdicts;
            }
        }

        return new ClassVerdicts(requests);
    }

    /// <summary>Puts verdicts back, for whoever comes next.</summary>
    public void Return(ClassVerdicts verdicts)
    {
        lock (_gate)
        {
            var node = _byUse.AddFirst(new Entry(verdicts, Math.Max(verdicts.Count, LeastOfClass), _age));
            if (!_byClass.TryGetValue(verdicts.Requests, out var kept))
            {
                _byClass[verdicts.Requests] = kept = new List<LinkedListNode<Entry>>(1);
            }

            kept.Add(node);
            _size += node.Value.Size;
            while (_size > capacity && _byUse.Last is { } oldest && oldest != node)
            {
                Drop(oldest);
            }
        }
    }

    /// <summary>Time has passed: what was not used since the last time is dropped, and with it the old versions of nodes that it knows.</summary>
    public void GrowOlder()
    {
        lock (_gate)
        {
            while (_byUse.Last is { } oldest && oldest.Value.Age < _age)
            {
                Drop(oldest);
            }

            _age++;
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        var (requests, kept) = (node.Value.Verdicts.Requests, _byClass[node.Value.Verdicts.Requests]);
        kept.Remove(node);
        if (kept.Count == 0)
        {
            _byClass.Remove(requests);
        }

        _size -= node.Value.Size;
    }

    private readonly record struct Entry(ClassVerdicts Verdicts, long Size, long Age);
}
