using System.Collections.Frozen;

namespace Swarm.Core.Engines;

/// <summary>Which containers of an engine need no inspection when it is read: the list says of them what it said when they were inspected, and nothing was told of them since. One loop uses it.</summary>
/// <remarks>
/// A container counts as settled by one rule: a reading has inspected it, or found it settled, that began after everything that was told of it, and after everything was last
/// put in doubt. So what an event or a caller said of it, a lost stream and lost events need no rule of their own: they are told here, and the next reading inspects. What neither
/// events nor the list tell is seen when the container is inspected all the same, at a moment of each interval that its ID decides: so those of an engine never come together.
/// </remarks>
/// <param name="interval">How long no container stays uninspected, but for the time until the next reading.</param>
internal sealed class SettledContainers(TimeSpan interval)
{
    private readonly Dictionary<string, long> _changedAt = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, SettledContainer> _settled = FrozenDictionary<string, SettledContainer>.Empty;
    private long _forgottenAt;

    /// <summary>Notes that something was told of a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="position">The position of the loop.</param>
    public void Changed(string id, long position)
    {
        _changedAt[id] = position;
        if (_changedAt.Count > EngineLoop.MaxTouched)
        {
            Forget(position); // an engine may tell of ever new containers while no reading of it counts
        }
    }

    /// <summary>Notes that something may have happened to any container without having been told.</summary>
    /// <param name="position">The position of the loop.</param>
    public void Forget(long position)
    {
        _forgottenAt = position;
        _settled = FrozenDictionary<string, SettledContainer>.Empty;
        _changedAt.Clear();
    }

    /// <summary>Makes the plan of a reading that begins now.</summary>
    /// <param name="awaited">The containers of which somebody waits to see what became of a change.</param>
    /// <param name="now">The moment.</param>
    /// <param name="lists">Which kinds of what there is beside containers are to be listed.</param>
    public ReadingPlan Plan(IEnumerable<string> awaited, TimeSpan now, IEnumerable<EngineEventType> lists)
    {
        var doubted = _settled.Count == 0 ? [] : _changedAt.Keys.Concat(awaited).ToHashSet(StringComparer.Ordinal);
        return new ReadingPlan(_settled, doubted, now, [.. lists]);
    }

    /// <summary>Takes in a reading that shows.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="now">The moment.</param>
    public void Read(EngineReading reading, TimeSpan now)
    {
        var settled = new Dictionary<string, SettledContainer>(reading.Entries.Count, StringComparer.Ordinal);
        if (reading.StartedAt > _forgottenAt)
        {
            foreach (var (id, entry) in reading.Entries)
            {
                // What was told of one meanwhile keeps it doubted until a later reading.
                settled[id] = new SettledContainer(entry, reading.IsUninspected(id) && _settled.TryGetValue(id, out var before) ? before.DueAt : DueAfter(id, now));
            }
        }

        _settled = settled;
        foreach (var (id, changedAt) in _changedAt)
        {
            if (changedAt <= reading.StartedAt)
            {
                _changedAt.Remove(id);
            }
        }
    }

    // The next moment after this one that is as far into an interval as the ID says.
    private TimeSpan DueAfter(string id, TimeSpan now)
    {
        var offset = (long)(Fingerprint.Of(id) % (ulong)interval.Ticks);
        var since = (now.Ticks - offset) % interval.Ticks;
        return now + TimeSpan.FromTicks(since < 0 ? -since : interval.Ticks - since);
    }
}
