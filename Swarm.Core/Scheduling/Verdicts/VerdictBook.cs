namespace Swarm.Core.Scheduling;

/// <summary>Keeps verdicts from one decision to the next, those of the classes that were asked for last. Safe for concurrent use; every question costs O(1).</summary>
/// <remarks>
/// Whoever decides takes the verdicts of a class out, brings them up to date and puts them back; no lock is held meanwhile. Who finds none, because there are
/// none yet or somebody else has them, makes some. There are two halves: what is put back goes into the new one, and when that is full, or old, it becomes the
/// old one, in place of what was not used for so long.
/// </remarks>
/// <param name="capacity">How many verdicts are kept in all, each of 8 bytes; those that were put back last in any case.</param>
internal sealed class VerdictBook(long capacity = VerdictBook.DefaultCapacity)
{
    /// <summary>So many that 300 classes of a busy cluster of ten thousand engines have room in either half.</summary>
    public const long DefaultCapacity = 6_000_000;

    // A class takes some room however few nodes there are.
    private const int LeastOfClass = 1024;

    private readonly Lock _gate = new();
    private Dictionary<RequestClass, Stack<ClassVerdicts>> _new = [];
    private Dictionary<RequestClass, Stack<ClassVerdicts>> _old = [];
    private long _sizeOfNew;

    /// <summary>Takes verdicts of a class out.</summary>
    /// <returns>The verdicts, of whatever moment; none yet when nobody has put any back.</returns>
    public ClassVerdicts Take(RequestClass requests)
    {
        lock (_gate)
        {
            if (_new.TryGetValue(requests, out var kept) && kept.TryPop(out var verdicts))
            {
                _sizeOfNew -= SizeOf(verdicts);
                return verdicts;
            }

            if (_old.TryGetValue(requests, out kept) && kept.TryPop(out verdicts))
            {
                return verdicts;
            }
        }

        return new ClassVerdicts(requests);
    }

    /// <summary>Puts verdicts back, for whoever comes next.</summary>
    public void Return(ClassVerdicts verdicts)
    {
        lock (_gate)
        {
            if (!_new.TryGetValue(verdicts.Requests, out var kept))
            {
                _new[verdicts.Requests] = kept = new Stack<ClassVerdicts>(1);
            }

            kept.Push(verdicts);
            _sizeOfNew += SizeOf(verdicts);
            if (_sizeOfNew > capacity / 2)
            {
                TurnOver();
            }
        }
    }

    /// <summary>Time has passed: what was not used since the last time but one is dropped, and with it the old versions of nodes that it knows.</summary>
    public void GrowOlder()
    {
        lock (_gate)
        {
            TurnOver();
        }
    }

    private static long SizeOf(ClassVerdicts verdicts) => Math.Max(verdicts.Count, LeastOfClass);

    private void TurnOver() => (_old, _new, _sizeOfNew) = (_new, [], 0);
}
