using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The one place where a call to an engine gets its time limit.</summary>
internal static class BoundedCall
{
    /// <summary>Runs a call that must end within a time, whether or not the engine honours its token.</summary>
    /// <exception cref="EngineTimeoutException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<T> RunAsync<T>(EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var work = call(either.Token);
        try
        {
            return await work.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Abandon(work);
            cancellationToken.ThrowIfCancellationRequested();
            throw new EngineTimeoutException(address, operation, timeout);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(EngineAddress address, string operation, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        RunAsync(
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

    // A call that outlives its limit still ends some day; what it throws then has no one left to interest.
    private static void Abandon(Task work) =>
        _ = work.ContinueWith(
            static (ended, _) => _ = ended.Exception,
            null,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
