using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The one place where a call to an engine gets its time limit.</summary>
internal static class BoundedCall
{
    /// <summary>Runs a call that must end within a time, whether or not the engine honours its token.</summary>
    /// <exception cref="EngineTimeoutException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; never anybody else.</exception>
    /// <exception cref="EngineUnreachableException">The call was cancelled by neither the caller nor the time limit.</exception>
    public static async Task<T> RunAsync<T>(EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        Task<T>? work = null;
        try
        {
            work = call(either.Token);
            return await work.WaitAsync(either.Token);
        }
        catch (OperationCanceledException exception)
        {
            if (work is not null)
            {
                _ = AbandonAsync(work);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw timer.IsCancellationRequested
                ? new EngineTimeoutException(address, operation, timeout)
                : new EngineUnreachableException(address, operation, "the connection gave up on its own", exception);
        }
    }

    /// <summary>The same, measured.</summary>
    public static async Task<T> RunAsync<T>(SwarmMetrics? metrics, EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (metrics is not { MeasuresCalls: true })
        {
            return await RunAsync(address, operation, timeout, time, call, cancellationToken);
        }

        var started = time.GetTimestamp();
        string? errorType = null;
        try
        {
            return await RunAsync(address, operation, timeout, time, call, cancellationToken);
        }
        catch (Exception exception)
        {
            errorType = EngineErrorTypes.Of(exception);
            throw;
        }
        finally
        {
            metrics.CallEnded(operation, time.GetElapsedTime(started), errorType);
        }
    }

    /// <summary>The same, measured.</summary>
    public static Task RunAsync(SwarmMetrics? metrics, EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            metrics,
            address,
            operation,
            timeout,
            time,
            async token =>
            {
                await call(token);
                return true;
            },
            cancellationToken);

    /// <summary>Lets go of a call that outlives its limit: it still ends some day, and what it throws then has no one left to interest.</summary>
    internal static async Task AbandonAsync(Task work) =>
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Lets go of something that was to be opened: what comes after all is closed again.</summary>
    internal static async Task AbandonAsync<T>(Task<T> opening)
        where T : IAsyncDisposable
    {
        await AbandonAsync((Task)opening);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }
}
