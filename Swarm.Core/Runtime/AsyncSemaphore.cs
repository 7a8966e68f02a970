namespace Swarm.Core.Runtime;

/// <summary>Lets a number of callers in at a time, the others in the order of arrival. Thread-safe.</summary>
/// <remarks>The semaphore of the platform leaves the context of who waits with a token; this one does not.</remarks>
/// <param name="count">How many at a time.</param>
internal sealed class AsyncSemaphore(int count)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = count;

    /// <summary>Waits to be let in; each caller that was gives its place back by <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; it was not let in.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            waiter = _waiting.AddLast(Completion.Create());
        }

        using (cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, token), null))
        {
            await waiter.Value.Task;
        }
    }

    /// <summary>Gives a place back: to the caller that has waited longest, if there is one.</summary>
    public void Release()
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
            {
                _free++;
                return;
            }

            _waiting.RemoveFirst();
            next = first.Value;
        }

        next.TrySetResult();
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Let in already: then the place is its own to give back.
            if (waiter.List is null)
            {
                return;
            }

            _waiting.Remove(waiter);
        }

        waiter.Value.TrySetCanceled(cancellationToken);
    }
}
