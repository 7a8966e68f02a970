using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Files that go out of containers and into them, each way for as long as something moves.</summary>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="limits">How long calls may take, and transfers stand still.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerArchives(AdmittedEngines engines, ContainerCalls calls, CallLimits limits, TimeProvider time)
{
    /// <summary>Opens a file or a folder of a container.</summary>
    public Task<ContainerArchive> OpenAsync(ClusterContainer container, string path, CancellationToken cancellationToken) =>
        calls.CallAsync(
            container,
            "read archive",
            limits.Call,
            async (engine, id, token) =>
            {
                var archive = await engine.Containers.OpenArchiveAsync(id, path, token);
                return new ContainerArchive(archive.Stat, Watched(engine, "read archive", archive.Content));
            },
            cancellationToken);

    /// <summary>Opens all files of a container.</summary>
    public Task<Stream> ExportAsync(ClusterContainer container, CancellationToken cancellationToken) =>
        calls.CallAsync<Stream>(
            container,
            "export container",
            limits.Call,
            async (engine, id, token) => Watched(engine, "export container", await engine.Containers.ExportAsync(id, token)),
            cancellationToken);

    /// <summary>Puts files into a container.</summary>
    public async Task ExtractAsync(ClusterContainer container, string path, Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken)
    {
        using var idle = new IdleClock(limits.TransferIdle, time, cancellationToken);
        await using var watched = new IdleWatchedSource(archive, idle);
        try
        {
            await calls.CallAsync(
                container,
                "write archive",
                Timeout.InfiniteTimeSpan,
                (engine, id, token) => engine.Containers.ExtractArchiveAsync(id, path, watched, mayReplaceDirectories, token),
                idle.Token);
        }
        catch (OperationCanceledException exception) when (idle.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineTimeoutException(engines.Find(container.EngineId).Address, "write archive", limits.TransferIdle, exception);
        }
    }

    private IdleLimitedStream Watched(IEngine engine, string operation, Stream content) => new(content, engine.Address, operation, limits.TransferIdle, time);
}
