using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>A process in a container of a cluster.</summary>
internal sealed class ClusterExec(SwarmCluster cluster, SwarmCluster.Run run, string engineId, string id, IContainerStreams streams) : IContainerExec
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
        cluster.WorkAsync((_, token) => InspectCoreAsync(token), cancellationToken, "inspect exec");

    public Task<long> GetExitCodeAsync(CancellationToken cancellationToken = default) =>
        cluster.WorkAsync((_, token) => WaitAsync(token), cancellationToken, "wait for exec");

    /// <summary>Waits until the process has ended, as part of an operation of the cluster.</summary>
    internal async Task<long> WaitAsync(CancellationToken cancellationToken)
    {
        for (var pause = _shortestPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            if ((await InspectCoreAsync(cancellationToken)).ExitCode is { } exitCode)
            {
                return exitCode;
            }

            await Task.Delay(pause, cluster.Time, cancellationToken);
        }
    }

    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return cluster.WorkAsync(
            (_, token) => CallAsync(
                "resize exec",
                async (engine, given) =>
                {
                    await engine.Execs.ResizeAsync(id, columns, rows, given);
                    return true;
                },
                token),
            cancellationToken,
            "resize exec");
    }

    private Task<ExecState> InspectCoreAsync(CancellationToken cancellationToken) =>
        CallAsync("inspect exec", (engine, token) => engine.Execs.InspectAsync(id, token), cancellationToken);

    private Task<T> CallAsync<T>(string operation, Func<IEngine, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var engine = run.Registry.Find(engineId) ?? throw new EngineNotAdmittedException(engineId, "it left the cluster");
        return engine.CallAsync(operation, cluster.Options.CallTimeout, ask, cancellationToken);
    }
}
