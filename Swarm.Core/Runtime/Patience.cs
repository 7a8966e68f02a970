namespace Swarm.Core.Runtime;

/// <summary>Waits that end, whatever is waited for.</summary>
internal static class Patience
{
    /// <summary>Waits for the end of a task, however that is, but no longer than a limit.</summary>
    /// <returns>Whether it has ended.</returns>
    public static async Task<bool> WaitAsync(Task task, TimeSpan limit, TimeProvider time)
    {
        if (!task.IsCompleted)
        {
            await task.WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        if (!task.IsCompleted)
        {
            _ = AbandonAsync(task);
            return false;
        }

        return true;
    }

    /// <summary>Waits for what code of the host's gives, until a token of ours is cancelled: that code may be deaf to the one it was given.</summary>
    public static async ValueTask<T> OrUntilAsync<T>(this ValueTask<T> work, CancellationToken cancellationToken) =>
        work.IsCompleted ? await work : await OrUntilAsync(work.AsTask(), cancellationToken);

    /// <inheritdoc cref="OrUntilAsync{T}(ValueTask{T}, CancellationToken)"/>
    public static async ValueTask OrUntilAsync(this ValueTask work, CancellationToken cancellationToken)
    {
        if (work.IsCompleted)
        {
            await work;
        }
        else
        {
            var task = work.AsTask();
            try
            {
                await task.WaitAsync(cancellationToken);
            }
            finally
            {
                _ = AbandonAsync(task);
            }
        }
    }

    private static async Task<T> OrUntilAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = AbandonAsync(task);
            throw;
        }
    }

    /// <summary>Lets go of something that was begun: it still ends some day, what it throws then has no one left to interest, and what it gives is closed.</summary>
    public static async Task AbandonAsync<T>(Task<T> work)
    {
        await AbandonAsync((Task)work);
        if (work.IsCompletedSuccessfully && await work is IAsyncDisposable opened)
        {
            try
            {
                await opened.DisposeAsync();
            }
            catch (Exception)
            {
                // Nobody knows of it any more, and there is nothing more to be done about it.
            }
        }
    }

    /// <inheritdoc cref="AbandonAsync{T}(Task{T})"/>
    public static async Task AbandonAsync(Task work) =>
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Lets go of something that may be the host's, on another thread, for it may block.</summary>
    public static Task DisposeElsewhereAsync(IAsyncDisposable resource) =>
        CallerContext.ElsewhereAsync(
            async () =>
            {
                await resource.DisposeAsync();
                return true;
            },
            CancellationToken.None);
}
