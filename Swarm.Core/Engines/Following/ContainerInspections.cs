using System.Collections.Immutable;
using System.Net;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The inspections of single containers of one engine, between two readings of all of it: which are due, which failed, and who waits for them. One loop uses it.</summary>
internal sealed class ContainerInspections(FollowingCalls calls, EngineIntake intake, EngineTimings timings, TimeProvider time, IdentifierSource identifiers, Action<EngineMessage> post)
{
    private const int MaxQueuedInspections = 4096;
    private const int MaxRepeatedInspections = 3;
    private const int MaxFailingContainers = InspectionQueue.QuickLane / 2;

    private readonly InspectionQueue _queue = new(timings.SlowInspection, time);
    private readonly Dictionary<string, List<TaskCompletionSource<ContainerLook>>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TaskCompletionSource<ContainerLook>>> _waitingForNext = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    // What the engine has said is not there, and when; without a time it has said so to somebody who asked it for more than to look.
    private readonly Dictionary<string, long?> _denied = new(StringComparer.Ordinal);
    private ImmutableArray<string> _unshown = [];
    private bool _waitingForRoom;

    /// <summary>Gets the containers whose last inspection was slow.</summary>
    public ImmutableHashSet<string> KnownSlow => _queue.KnownSlow;

    /// <summary>Gets whether as many containers wait as may.</summary>
    public bool IsFull => _queue.WaitingCount >= MaxQueuedInspections;

    /// <summary>Queues an inspection of a container.</summary>
    public void Queue(string id) => _queue.Enqueue(id);

    /// <summary>Queues an inspection of a container for somebody who waits for it.</summary>
    /// <param name="id">The container.</param>
    /// <param name="waiter">Completed with what was found, once the state shows it.</param>
    /// <param name="isSaidGone">Whether the engine has said that the container is gone, so that its next such answer is the second.</param>
    public void Queue(string id, TaskCompletionSource<ContainerLook> waiter, bool isSaidGone = false)
    {
        if (isSaidGone)
        {
            _denied[id] = null;
        }

        // An inspection under way may have been asked before the change its waiter is about: it needs the next one.
        var waiting = _queue.IsRunning(id) ? _waitingForNext : _waiting;
        (waiting.TryGetValue(id, out var waiters) ? waiters : waiting[id] = []).Add(waiter);
        _queue.Enqueue(id);
    }

    /// <summary>Queues an inspection of a container if the engine has said that it is not there, and that is not believed yet.</summary>
    public void QueueDenied(string id)
    {
        if (_denied.ContainsKey(id) && !_queue.IsRunning(id))
        {
            _queue.Enqueue(id);
        }
    }

    /// <summary>Queues inspections of the containers of which a reading told nothing.</summary>
    /// <param name="unread">Those that could not be read: they need not wait for the next list.</param>
    /// <param name="unshown">Those that a list which was cut does not show although something is promised to them: no list may ever tell of them.</param>
    public void QueueUntold(ImmutableArray<string> unread, ImmutableArray<string> unshown)
    {
        _unshown = unshown;
        foreach (var id in unread.Concat(unshown))
        {
            _queue.Enqueue(id);
        }
    }

    /// <summary>Tells whether the last list was cut and does not show a container that somebody waits for: to read it again would tell nothing more.</summary>
    public bool IsUnshown(string id) => _unshown.Contains(id);

    /// <summary>Takes the next container there is room for; the caller inspects it.</summary>
    public string? Start() => _queue.Start();

    /// <summary>Says when to look whether an inspection that has become slow made room for others, and is then to be told by <see cref="RoomIsMade"/>.</summary>
    /// <returns>The time; <see langword="null"/> when nobody waits for room, or when this was said before.</returns>
    public TimeSpan? WaitForRoom()
    {
        if (!_waitingForRoom && _queue.UntilRoom is { } untilRoom)
        {
            _waitingForRoom = true;
            return untilRoom;
        }

        return null;
    }

    /// <summary>Notes that the time that <see cref="WaitForRoom"/> said has passed.</summary>
    public void RoomIsMade() => _waitingForRoom = false;

    /// <summary>Inspects a container and sends what became of it to the loop.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="id">The container.</param>
    /// <param name="startedAt">The position of the loop.</param>
    /// <param name="cancellationToken">Gives up: then nothing is sent.</param>
    /// <returns>A task that never fails.</returns>
    public async Task InspectAsync(IEngine engine, string id, long startedAt, CancellationToken cancellationToken)
    {
        try
        {
            var inspection = await calls.RunAsync(engine, "inspect container", token => engine.Containers.InspectAsync(id, token), cancellationToken);
            post(new EngineMessage.Inspected(id, startedAt, intake.Container(calls.Address, id, inspection), null));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            post(new EngineMessage.Inspected(id, startedAt, null, null));
        }
        catch (Exception exception)
        {
            post(new EngineMessage.Inspected(id, startedAt, null, exception));
        }
    }

    /// <summary>Notes that an inspection has ended; who waits for it is told by <see cref="CompleteWaiters"/>.</summary>
    /// <param name="inspected">What became of it.</param>
    /// <param name="isKnown">Whether the state shows the container.</param>
    public void End(EngineMessage.Inspected inspected, bool isKnown)
    {
        _queue.End(inspected.Id, inspected.Container is not null || (inspected.Error is not null && isKnown));
        if (inspected.Error is null)
        {
            _failures.Remove(inspected.Id);
        }

        // What was asked before the engine was heard to deny the container tells nothing of that.
        if ((inspected.Container is not null || inspected.Error is not null) && !_waitingForNext.ContainsKey(inspected.Id))
        {
            _denied.Remove(inspected.Id);
        }
    }

    /// <summary>Says how long to wait before the engine is asked once more for a container that it has just said is not there.</summary>
    /// <returns>The time, zero where it says so of too many at once; <see langword="null"/> when it has said so before, long enough ago, so that it is believed.</returns>
    public TimeSpan? PauseBeforeBelief(string id)
    {
        if (_denied.TryGetValue(id, out var since))
        {
            var left = since is { } then ? timings.DenialConfirmation - time.GetElapsedTime(then) : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : null;
        }

        if (_denied.Count >= MaxQueuedInspections)
        {
            return TimeSpan.Zero;
        }

        _denied[id] = time.GetTimestamp();
        return timings.DenialConfirmation;
    }

    /// <summary>Forgets that the engine has said of a container that it is not there: it is known to be gone.</summary>
    public void ForgetDenial(string id) => _denied.Remove(id);

    /// <summary>Lets those who wait for a container wait on, for the next inspection of it.</summary>
    public void KeepWaiters(string id)
    {
        if (_waitingForNext.Remove(id, out var next))
        {
            (_waiting.TryGetValue(id, out var waiters) ? waiters : _waiting[id] = []).AddRange(next);
        }
    }

    /// <summary>Counts an inspection that failed and says when to repeat it: a few times, and for a few containers.</summary>
    /// <remarks>
    /// Where many fail the daemon is what is wrong, and repeating would take the room of others. Then the next list, or the reconnect that a failing engine is in for, reads them.
    /// </remarks>
    /// <returns>The pause before the repeat; <see langword="null"/> when it is left to the next list.</returns>
    public TimeSpan? PauseBeforeRepeat(string id)
    {
        var failures = _failures.GetValueOrDefault(id);
        if (failures < MaxRepeatedInspections && (failures > 0 || _failures.Count < MaxFailingContainers))
        {
            _failures[id] = ++failures;
            return Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers);
        }

        return null;
    }

    /// <summary>Tells those who wait for the inspection that has ended; those who came while it was under way wait for the next.</summary>
    /// <param name="inspected">What became of it.</param>
    /// <param name="counts">Whether what was found counts still, and the state shows it.</param>
    public void CompleteWaiters(EngineMessage.Inspected inspected, bool counts)
    {
        var look = inspected.Error is not null || !counts ? ContainerLook.Unread : inspected.Container is null ? ContainerLook.Gone : ContainerLook.There;
        if (_waiting.Remove(inspected.Id, out var waiters))
        {
            waiters.ForEach(waiter => waiter.TrySetResult(look));
        }

        if (_waitingForNext.Remove(inspected.Id, out var next))
        {
            _waiting[inspected.Id] = next;
        }
    }

    /// <summary>Forgets which inspections have failed: the engine was read whole.</summary>
    public void ForgetFailures() => _failures.Clear();

    /// <summary>Forgets which containers were slow of those that are gone.</summary>
    public void ForgetSlow(Func<string, bool> isGone) => _queue.Forget(isGone);

    /// <summary>Lets everybody go who waits: what they wait for may never come. Inspections under way go on.</summary>
    public void Reset()
    {
        foreach (var waiters in _waiting.Values.Concat(_waitingForNext.Values))
        {
            waiters.ForEach(waiter => waiter.TrySetResult(ContainerLook.Unread));
        }

        _waiting.Clear();
        _waitingForNext.Clear();
        _denied.Clear();
        _waitingForRoom = false;
        _unshown = [];
    }
}
