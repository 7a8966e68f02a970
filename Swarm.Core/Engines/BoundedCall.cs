using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The one place where a call to an engine gets its time limit.</summary>
internal static class BoundedCall
{
    /// <summary>Runs a call that must end within a time, whether or not the engine honours its token, throws or blocks.</summary>
    /// <remarks>What a call that was given up gives in the end is disposed of, where it is something to dispose of: it has no owner any more.</remarks>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What is asked of it.</param>
    /// <param name="timeout">The time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isOurs">Whether the call runs code of this library only: that neither blocks nor leaves anything on its token, which saves a thread's turn.</param>
    /// <exception cref="EngineTimeoutException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; never anybody else.</exception>
    /// <exception cref="EngineUnreachableException">The call was cancelled by neither the caller nor the time limit.</exception>
    public static async Task<T> RunAsync<T>(EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, bool isOurs = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(timeout, time);
        using var caller = cancellationToken.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer); // half as much as a linked source takes
        using var given = isOurs ? null : new HostToken(timer.Token);
        Task<T>? work = null;
        try
        {
            work = given is null ? call(timer.Token) : StartAsync(call, given.Token);
            return await work.WaitAsync(timer.Token);
        }
        catch (OperationCanceledException exception)
        {
            if (work is not null)
            {
                _ = Patience.AbandonAsync(work);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw timer.IsCancellationRequested
                ? new EngineTimeoutException(address, operation, timeout)
                : new EngineUnreachableException(address, operation, "the connection gave up on its own", exception);
        }
    }

    /// <summary>Runs a call that must end within a time, and measures it where somebody listens to its metrics.</summary>
    public static Task<T> RunAsync<T>(SwarmMetrics? metrics, EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, bool isOurs = false) =>
        metrics is { MeasuresCalls: true }
            ? MeasureAsync(metrics, operation, time, time.GetTimestamp(), RunAsync(address, operation, timeout, time, call, cancellationToken, isOurs))
            : RunAsync(address, operation, timeout, time, call, cancellationToken, isOurs);

    /// <summary>Runs a call without a result that must end within a time, and measures it where somebody listens to its metrics.</summary>
    public static Task RunAsync(SwarmMetrics? metrics, EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task> call, CancellationToken cancellationToken, bool isOurs = false) =>
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
            cancellationToken,
            isOurs);

    private static async Task<T> MeasureAsync<T>(SwarmMetrics metrics, string operation, TimeProvider time, long started, Task<T> call)
    {
        string? errorType = null;
        try
        {
            return await call;
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

    private static Task<T> StartAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallerContext.ElsewhereAsync(() => call(cancellationToken), cancellationToken);
}
