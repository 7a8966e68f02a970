using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The calls that are made to follow one engine: each has the time limit of a call and is measured. Safe for concurrent use.</summary>
internal sealed class FollowingCalls(EngineAddress address, EngineTimings timings, TimeProvider time, SwarmMetrics metrics)
{
    /// <summary>Gets the address of the engine.</summary>
    public EngineAddress Address => address;

    /// <summary>Calls the engine once.</summary>
    public Task<T> RunAsync<T>(IEngine engine, string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(engine, operation, timings.CallTimeout, call, cancellationToken);

    /// <summary>Calls the engine once, within a time limit of the caller's own.</summary>
    public Task<T> RunAsync<T>(IEngine engine, string operation, TimeSpan timeout, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        BoundedCall.RunAsync(metrics, address, operation, timeout, time, call, cancellationToken, engine is INonBlockingEngine);

    /// <summary>Calls the engine, and once more where its answer breaks off; both within one time limit.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="operation">What is asked of it.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="tolerance">What there is of repeats; <see langword="null"/> when there is always one.</param>
    public Task<T> RunOrRepeatAsync<T>(IEngine engine, string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, ReadingTolerance? tolerance = null) =>
        RunAsync(engine, operation, token => OneRepeat.RunAsync(call, () => tolerance?.TryRepeat() ?? true, token), cancellationToken);
}
