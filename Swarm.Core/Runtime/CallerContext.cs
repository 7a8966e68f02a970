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
            var start = new Task<Task<T>>(work, TaskCreationOptions.DenyChildAttach);
            start.Start(TaskScheduler.Default);
            return start.Unwrap();
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
    public static Task LeaveAsync(Func<Task> work) => LeaveAsync(async () =>
    {
        await work();
        return true;
    });
}
