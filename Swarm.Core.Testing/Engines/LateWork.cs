namespace Swarm.Core.Testing;

/// <summary>Work of a daemon that its caller does not wait for, or not alone.</summary>
internal static class LateWork
{
    /// <summary>Prepares work that a timer begins. It is not awaited: it must be carried out even if everything of its caller is gone, but not by a machine that went down.</summary>
    public static (Task<T> Done, Action Begin) Prepare<T>(Func<Task<T>> work, Task machine)
    {
        var done = new TaskCompletionSource<T>();
        return (done.Task, () =>
        {
            if (!machine.IsCompleted)
            {
                _ = PassOnAsync(work, done);
            }
        });
    }

    private static async Task PassOnAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.TrySetResult(await work());
        }
        catch (DaemonErrorException error)
        {
            done.TrySetException(error);
            _ = done.Task.Exception; // there may be nobody to tell
        }
    }

    /// <summary>Carries out work whose answer goes nowhere.</summary>
    public static async Task ObserveAsync<T>(Func<Task<T>> work)
    {
        try
        {
            await work();
        }
        catch (DaemonErrorException)
        {
            // The daemon refused, and its answer went no further than the gateway.
        }
    }
}
