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
        AskAsync("inspect exec", (engine, token) => engine.Execs.InspectAsync(id, token), cancellationToken);

    public Task<long> GetExitCodeAsync(CancellationToken cancellationToken = default) => Runtime.CallerContext.LeaveAsync(async () =>
    {
        for (var pause = _shortestPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            if ((await InspectAsync(cancellationToken)).ExitCode is { } exitCode)
            {
                return exitCode;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
            await Task.Delay(pause, cluster.Time, either.Token);
        }
    });

    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return AskAsync(
            "resize exec",
            async (engine, token) =>
            {
                await engine.Execs.ResizeAsync(id, columns, rows, token);
                return true;
            },
            cancellationToken);
    }

    private Task<T> AskAsync<T>(string operation, Func<IEngine, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) => cluster.WorkAsync(
        (_, token) =>
        {
            var engine = run.Registry.Find(engineId) ?? throw new EngineNotAdmittedException(engineId, "it left the cluster");
            return engine.CallAsync(operation, cluster.Options.CallTimeout, ask, token);
        },
        cancellationToken);
}
