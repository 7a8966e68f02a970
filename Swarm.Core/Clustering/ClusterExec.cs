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
            (_, token) => run.Engines.CallAsync(engineId, "resize exec", cluster.Options.CallTimeout, (engine, given) => engine.Execs.ResizeAsync(id, columns, rows, given), token),
            cancellationToken,
            "resize exec");
    }

    private Task<ExecState> InspectCoreAsync(CancellationToken cancellationToken) =>
        run.Engines.CallAsync(engineId, "inspect exec", cluster.Options.CallTimeout, (engine, token) => engine.Execs.InspectAsync(id, token), cancellationToken);
}
