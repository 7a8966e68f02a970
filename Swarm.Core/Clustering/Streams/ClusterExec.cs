using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>A process in a container of a cluster.</summary>
/// <param name="callers">Does what callers ask of it.</param>
/// <param name="engines">The engines.</param>
/// <param name="timeout">How long a call may take.</param>
/// <param name="time">The clock.</param>
/// <param name="engineId">The engine of its container.</param>
/// <param name="id">Its ID there.</param>
/// <param name="streams">What it reads and writes.</param>
internal sealed class ClusterExec(ICallerWork callers, AdmittedEngines engines, TimeSpan timeout, TimeProvider time, string engineId, string id, IContainerStreams streams) : IContainerExec
{
    private static readonly TimeSpan _shortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(2);

    public string Id => id;

    public bool IsTerminal => streams.IsTerminal;

    public ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken) => streams.ReadAsync(cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => streams.WriteAsync(data, cancellationToken);

    public ValueTask CloseInputAsync(CancellationToken cancellationToken) => streams.CloseInputAsync(cancellationToken);

    public ValueTask DisposeAsync() => streams.DisposeAsync();

    public Task<ExecState> InspectAsync(CancellationToken cancellationToken = default) =>
        callers.DoAsync("inspect exec", LookAsync, cancellationToken);

    public Task<long> GetExitCodeAsync(CancellationToken cancellationToken = default) =>
        callers.DoAsync("wait for exec", WaitAsync, cancellationToken);

    /// <summary>Waits until the process has ended, as part of an operation of the cluster.</summary>
    internal async Task<long> WaitAsync(CancellationToken cancellationToken)
    {
        for (var pause = _shortestPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            if ((await LookAsync(cancellationToken)).ExitCode is { } exitCode)
            {
                return exitCode;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return callers.DoAsync(
            "resize exec",
            token => engines.CallAsync(engineId, "resize exec", timeout, (engine, given) => engine.Execs.ResizeAsync(id, columns, rows, given), token),
            cancellationToken);
    }

    /// <summary>Looks at the process, as part of an operation of the cluster.</summary>
    internal Task<ExecState> LookAsync(CancellationToken cancellationToken) =>
        engines.CallAsync(engineId, "inspect exec", timeout, (engine, token) => engine.Execs.InspectAsync(id, token), cancellationToken);
}
