using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>
/// Remembers operations whose callers were told that they failed, for a day and apart from their room: whatever an engine makes of them in the end
/// is to be removed, however late it turns up. Outlives stop and start, but not the process. Safe for concurrent use.
/// </summary>
/// <remarks>
/// An operation is known by its label, its container by its ID as soon as that is known; both count on the daemon that was asked only, whatever its
/// address. Every question costs O(1).
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="forgotten">Hears, outside the lock, of what is not remembered any more although it may still be there, and whether that is for want of room.</param>
/// <param name="capacity">How many are remembered at most; beyond them those go first that their engines have said are not there, and then the oldest.</param>
internal sealed class AbandonedOperations(TimeProvider time, Action<AbandonedOperation, bool>? forgotten = null, int capacity = AbandonedOperations.DefaultCapacity)
{
    /// <summary>How many are remembered: one for every five seconds of the day, some megabytes.</summary>
    public const int DefaultCapacity = 16_384;

    /// <summary>How long they are: no engine is known to be at a request for longer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();

    // The oldest first. One whose container becomes known stays as old as it is.
    private readonly LinkedList<AbandonedOperation> _byAge = new();

    // What its engine has said is not there, in the order it did.
    private readonly LinkedList<AbandonedOperation> _denied = new();
    private readonly Dictionary<(string DaemonId, string Operation), AbandonedOperation> _byOperation = [];
    private readonly Dictionary<(string DaemonId, string ContainerId), AbandonedOperation> _byContainer = [];
    private readonly Dictionary<string, int> _daemons = new(StringComparer.Ordinal);

    private int _count;

    /// <summary>Gets how many are remembered.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Remembers an operation or a container, or both. Calls nobody, so that it can be called under another lock; <see cref="Trim"/> is to follow outside it.</summary>
    /// <param name="engineId">The ID its engine has in the cluster.</param>
    /// <param name="daemonId">The daemon that was asked.</param>
    /// <param name="operation">The operation; empty when that is not known.</param>
    /// <param name="containerId">Its container, when that is known.</param>
    /// <param name="why">Why what it made is not to stay; what is remembered already keeps its reason.</param>
    /// <returns>What is remembered, now or already.</returns>
    public AbandonedOperation Remember(string engineId, string daemonId, string operation, string? containerId = null, LeftBehind why = LeftBehind.FailedCreate)
    {
        lock (_gate)
        {
            if (FindCore(daemonId, operation, containerId) is { } known)
            {
                if (containerId is not null && known.ContainerId is null)
                {
                    known.ContainerId = containerId;
                    _byContainer.TryAdd((daemonId, containerId), known);
                }

                return known;
            }

            var made = new AbandonedOperation(engineId, daemonId, operation, why) { ContainerId = containerId, Since = time.GetTimestamp() };
            made.Place = _byAge.AddLast(made);
            _count++;
            if (operation.Length > 0)
            {
                _byOperation.TryAdd((daemonId, operation), made);
            }

            if (containerId is not null)
            {
                _byContainer.TryAdd((daemonId, containerId), made);
            }

            _daemons[daemonId] = _daemons.GetValueOrDefault(daemonId) + 1;
            return made;
        }
    }

    /// <summary>Forgets what is too old, and of what is too much first what is said not to be there, and then the oldest.</summary>
    public void Trim()
    {
        List<(AbandonedOperation Operation, bool IsForWantOfRoom)>? dropped = null;
        lock (_gate)
        {
            while (_byAge.First is { Value: var oldest } && time.GetElapsedTime(oldest.Since) >= Lifetime)
            {
                if (!oldest.IsDenied)
                {
                    (dropped ??= []).Add((oldest, false));
                }

                Remove(oldest);
            }

            // What surely is there, or still comes, must not stay for the sake of what is hardly more than a doubt.
            while (_byAge.Count > capacity)
            {
                var excess = _denied.First?.Value ?? _byAge.First!.Value;
                (dropped ??= []).Add((excess, true));
                Remove(excess);
            }
        }

        dropped?.ForEach(each => forgotten?.Invoke(each.Operation, each.IsForWantOfRoom));
    }

    /// <summary>Tells whether anything is remembered of a daemon: if not, its containers need not be looked through.</summary>
    public bool HasAny(string daemonId)
    {
        if (Count == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _daemons.ContainsKey(daemonId);
        }
    }

    /// <summary>Finds the operation of a container that a daemon shows although it is not to be there; <see langword="null"/> for others, and when somebody is at its removal.</summary>
    public AbandonedOperation? FindOrphan(string daemonId, ContainerView container)
    {
        lock (_gate)
        {
            return FindCore(daemonId, container.Labels.ValueOrEmpty(SwarmLabels.Operation), container.Id) is { IsBeingRemoved: false } known
                && time.GetElapsedTime(known.Since) < Lifetime ? known : null;
        }
    }

    /// <summary>Tells whether a container is not to be there: somebody is at its removal, or will be.</summary>
    public bool Remembers(string daemonId, ContainerView container)
    {
        lock (_gate)
        {
            return FindCore(daemonId, container.Labels.ValueOrEmpty(SwarmLabels.Operation), container.Id) is { } known && time.GetElapsedTime(known.Since) < Lifetime;
        }
    }

    /// <summary>Begins a removal, unless somebody is at it.</summary>
    public bool TryBeginRemoval(AbandonedOperation operation)
    {
        lock (_gate)
        {
            if (operation.IsBeingRemoved)
            {
                return false;
            }

            operation.IsBeingRemoved = true;
            SetDenied(operation, isDenied: false);
            return true;
        }
    }

    /// <summary>Ends a removal.</summary>
    /// <param name="operation">What was to be removed.</param>
    /// <param name="isRemoved">Whether it surely was: then it is forgotten.</param>
    /// <param name="isDenied">Whether its engine has said that there is none.</param>
    public void EndRemoval(AbandonedOperation operation, bool isRemoved, bool isDenied = false)
    {
        lock (_gate)
        {
            operation.IsBeingRemoved = false;
            SetDenied(operation, isDenied && operation.Place is not null);
            if (isRemoved)
            {
                Remove(operation);
            }
        }
    }

    // One operation makes one container: another that has its label is a copy that somebody made.
    private AbandonedOperation? FindCore(string daemonId, string operation, string? containerId) =>
        containerId is not null && _byContainer.TryGetValue((daemonId, containerId), out var byContainer) ? byContainer
        : operation.Length > 0 && _byOperation.TryGetValue((daemonId, operation), out var byOperation) && (containerId is null || byOperation.ContainerId is null) ? byOperation
        : null;

    private void Remove(AbandonedOperation operation)
    {
        if (operation.Place is not { } place)
        {
            return;
        }

        operation.Place = null;
        SetDenied(operation, isDenied: false);
        _byAge.Remove(place);
        _count--;
        Unlist(_byOperation, (operation.DaemonId, operation.Operation), operation);
        Unlist(_byContainer, (operation.DaemonId, operation.ContainerId ?? ""), operation);
        if (_daemons[operation.DaemonId] == 1)
        {
            _daemons.Remove(operation.DaemonId);
        }
        else
        {
            _daemons[operation.DaemonId]--;
        }
    }

    private void SetDenied(AbandonedOperation operation, bool isDenied)
    {
        if (operation.DeniedPlace is { } place)
        {
            _denied.Remove(place);
        }

        operation.DeniedPlace = isDenied ? _denied.AddLast(operation) : null;
    }

    private static void Unlist(Dictionary<(string, string), AbandonedOperation> list, (string, string) key, AbandonedOperation operation)
    {
        if (list.TryGetValue(key, out var listed) && ReferenceEquals(listed, operation))
        {
            list.Remove(key);
        }
    }
}
