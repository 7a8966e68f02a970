using Swarm.Core.Engines;

namespace Swarm.Core.Fakes;

internal sealed partial class TappedEngine
{
    public IEngineExecs Execs => Inner.Execs;

    /// <summary>Gets or sets what becomes of the question when a container ends.</summary>
    public Func<Task<IContainerWait>, Task<IContainerWait>> OnWait { get; set; } = wait => wait;

    public Task<IContainerWait> OpenWaitAsync(string id, WaitCondition condition, CancellationToken cancellationToken) =>
        OnWait(Inner.Containers.OpenWaitAsync(id, condition, cancellationToken));

    public Task<IContainerOutput> OpenLogsAsync(string id, LogOptions options, CancellationToken cancellationToken) => Inner.Containers.OpenLogsAsync(id, options, cancellationToken);

    public Task<IContainerStreams> AttachAsync(string id, AttachOptions options, CancellationToken cancellationToken) =>
        OnAttach(() => Inner.Containers.AttachAsync(id, options, cancellationToken));

    public Task<ContainerStats> GetStatsAsync(string id, CancellationToken cancellationToken) => Inner.Containers.GetStatsAsync(id, cancellationToken);

    public Task<IContainerStatsStream> OpenStatsAsync(string id, CancellationToken cancellationToken) => Inner.Containers.OpenStatsAsync(id, cancellationToken);

    public Task<PathStat> StatPathAsync(string id, string path, CancellationToken cancellationToken) => Inner.Containers.StatPathAsync(id, path, cancellationToken);

    public Task<ContainerArchive> OpenArchiveAsync(string id, string path, CancellationToken cancellationToken) => Inner.Containers.OpenArchiveAsync(id, path, cancellationToken);

    public Task ExtractArchiveAsync(string id, string path, System.IO.Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken) =>
        Inner.Containers.ExtractArchiveAsync(id, path, archive, mayReplaceDirectories, cancellationToken);

    public Task<System.IO.Stream> ExportAsync(string id, CancellationToken cancellationToken) => Inner.Containers.ExportAsync(id, cancellationToken);
}
