using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>Which containers of an engine wait to be inspected and which are being inspected. One loop uses it.</summary>
/// <remarks>
/// However often a container is queued while it waits, it is inspected once; while it is being inspected, once more. Inspections run in two lanes: one that
/// takes long moves from the quick lane to the slow one and makes room for the next, and a container that was slow last time starts there. So containers a
/// daemon is stuck on hold each other up, and nobody else.
/// </remarks>
/// <param name="slowAfter">How long is long.</param>
/// <param name="time">The clock.</param>
/// <param name="knownSlow">The containers that were slow before.</param>
internal sealed class InspectionQueue(TimeSpan slowAfter, TimeProvider time, ImmutableHashSet<string>? knownSlow = null)
{
    /// <summary>How many inspections run at once in the quick lane.</summary>
    public const int QuickLane = 8;

    /// <summary>How many inspections run at once in the slow lane.</summary>
    public const int SlowLane = 56;

    /// <summary>How many containers are known as slow at most.</summary>
    public const int MostKnownSlow = 4096;

    private readonly Dictionary<string, Inspection> _running = new(StringComparer.Ordinal);
    private readonly List<Inspection> _quick = new(QuickLane);
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _waitingQuick = new();
    private readonly Queue<string> _waitingSlow = new();

    /// <summary>Gets the containers whose last inspection was slow.</summary>
    public ImmutableHashSet<string> KnownSlow { get; private set; } = knownSlow ?? ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Gets how many containers wait to be looked at.</summary>
    public int WaitingCount => _waiting.Count;

    private int SlowRunning => _running.Count - _quick.Count;

    /// <summary>Tells whether a container is being inspected.</summary>
    public bool IsRunning(string containerId) => _running.ContainsKey(containerId);

    /// <summary>Queues an inspection of a container.</summary>
    public void Enqueue(string containerId)
    {
        if (_running.TryGetValue(containerId, out var running))
        {
            running.IsOutdated = true;
        }
        else if (_waiting.Add(containerId))
        {
            (KnownSlow.Contains(containerId) ? _waitingSlow : _waitingQuick).Enqueue(containerId);
        }
    }

    /// <summary>Takes the next container that there is room for; the caller inspects it and says when it is done.</summary>
    /// <returns>The container, or <see langword="null"/>.</returns>
    public string? Start()
    {
        if (_waitingQuick.Count > 0)
        {
            MakeRoom();
            if (_quick.Count < QuickLane)
            {
                return Start(_waitingQuick.Dequeue(), isSlow: false);
            }
        }

        return _waitingSlow.Count > 0 && SlowRunning < SlowLane ? Start(_waitingSlow.Dequeue(), isSlow: true) : null;
    }

    /// <summary>Gets how long until room is made by an inspection that has become slow; <see langword="null"/> when nobody waits for that.</summary>
    public TimeSpan? UntilRoom
    {
        get
        {
            if (_waitingQuick.Count == 0 || _quick.Count < QuickLane || SlowRunning >= SlowLane)
            {
                return null;
            }

            var left = slowAfter - time.GetElapsedTime(_quick[0].StartedTimestamp);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Notes that an inspection has ended.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="isThere">Whether there is such a container. Anybody may name others, so these are not remembered.</param>
    public void End(string containerId, bool isThere)
    {
        if (!_running.Remove(containerId, out var ended))
        {
            return;
        }

        _quick.Remove(ended);
        var isRemembered = isThere && (KnownSlow.Count < MostKnownSlow || KnownSlow.Contains(containerId));
        KnownSlow = isRemembered && time.GetElapsedTime(ended.StartedTimestamp) >= slowAfter ? KnownSlow.Add(containerId) : KnownSlow.Remove(containerId);
        if (ended.IsOutdated)
        {
            Enqueue(containerId);
        }
    }

    /// <summary>Forgets what is known of containers that are gone.</summary>
    public void Forget(Func<string, bool> isGone)
    {
        foreach (var containerId in KnownSlow)
        {
            if (isGone(containerId))
            {
                KnownSlow = KnownSlow.Remove(containerId);
            }
        }
    }

    private string Start(string containerId, bool isSlow)
    {
        _waiting.Remove(containerId);
        var started = new Inspection(time.GetTimestamp());
        _running.Add(containerId, started);
        if (!isSlow)
        {
            _quick.Add(started);
        }

        return containerId;
    }

    // The quick lane is in the order of the starts, so the slowest are its first.
    private void MakeRoom()
    {
        while (_quick.Count >= QuickLane && SlowRunning < SlowLane && time.GetElapsedTime(_quick[0].StartedTimestamp) >= slowAfter)
        {
            _quick.RemoveAt(0);
        }
    }
}
