namespace Swarm.Core.Runtime;

/// <summary>The one place where the library leaves the context of its caller.</summary>
/// <remarks>
/// Inside the library every await stays on the context it started on, so that a simulation can run all of it on one scheduler. A host with a
/// context of its own (a user interface, say) is protected here: every public entry point and every background loop starts with no context.
/// </remarks>
internal static class CallerContext
{
    /// <summary>Starts work outside the caller's context: on the caller's thread up to its first await, unless a task scheduler of the host's own runs that.</summary>
    public static Task<T> LeaveAsync<T>(Func<Task<T>> work)
    {
        var previous = SynchronizationContext.Current;
        if (previous is SimulationContext)
        {
            return work();
        }

        // Without a context an await comes back to the scheduler it started on, and a host's own may run one thing at a time.
        if (TaskScheduler.Current != TaskScheduler.Default)
        {
            return StartElsewhereAsync(work, CancellationToken.None);
        }

        if (previous is null)
        {
            return work();
        }

        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    /// <inheritdoc cref="LeaveAsync{T}(Func{Task{T}})"/>
    public static Task LeaveAsync(Func<Task> work) => LeaveAsync(Wrap(work));

    /// <summary>Starts what outlives its caller: on another thread, and with nothing of the caller's that flows (its activity, its async locals).</summary>
    /// <remarks>A loop that kept the async locals of whoever started it would keep alive, and speak in the name of, a request that ended long ago.</remarks>
    public static Task DetachAsync(Func<Task> work)
    {
        // Undone here, on the thread that did it: neither way of starting runs any of the work before it returns.
        using AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return SynchronizationContext.Current is SimulationContext ? LaterAsync(work) : StartElsewhereAsync(Wrap(work), CancellationToken.None);
    }

    /// <summary>Starts a call to code of the host's on another thread, because it may block before it returns; in a simulation at once, on its one thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">When it is cancelled before the call has begun, that is not made any more.</param>
    public static Task<T> ElsewhereAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        SynchronizationContext.Current is SimulationContext ? call() : StartElsewhereAsync(call, cancellationToken);

    private static async Task LaterAsync(Func<Task> work)
    {
        await Task.Yield();
        await work();
    }

    private static Task<T> StartElsewhereAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var start = new Task<Task<T>>(work, cancellationToken, TaskCreationOptions.DenyChildAttach);
        try
        {
            start.Start(TaskScheduler.Default);
        }
        catch (InvalidOperationException) when (start.IsCanceled)
        {
            // Cancelled since it was made: it ends so, and what it was to begin is not begun.
        }

        return start.Unwrap();
    }

    private static Func<Task<bool>> Wrap(Func<Task> work) => async () =>
    {
        await work();
        return true;
    };
}
