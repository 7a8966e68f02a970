using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryEngineHandle
{
    Task<IContainerWait> IEngineContainers.OpenWaitAsync(string id, WaitCondition condition, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!Enum.IsDefined(condition))
        {
            throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such condition.");
        }

        return OpenAsync<IContainerWait, InMemoryWait>(EngineOperation.WaitContainer, () => Daemon.Wait(this, id, condition), cancellationToken);
    }

    Task<IContainerOutput> IEngineContainers.OpenLogsAsync(string id, LogOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Tail is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Tail, $"{nameof(options.Tail)} is negative.");
        }

        return OpenAsync<IContainerOutput, InMemoryPipe>(EngineOperation.ReadLogs, () => Daemon.OpenLogs(this, id, options), cancellationToken);
    }

    Task<IContainerStreams> IEngineContainers.AttachAsync(string id, AttachOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(options);
        return OpenAsync<IContainerStreams, InMemoryPipe>(EngineOperation.AttachContainer, () => Daemon.Attach(this, id, options), cancellationToken);
    }

    Task<ContainerStats> IEngineContainers.GetStatsAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.ReadStats, () => Daemon.Stats(id), cancellationToken);
    }

    Task<IContainerStatsStream> IEngineContainers.OpenStatsAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return OpenAsync<IContainerStatsStream, InMemoryStats>(EngineOperation.ReadStats, () => Daemon.OpenStats(this, id), cancellationToken);
    }

    Task<PathStat> IEngineContainers.StatPathAsync(string id, string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Call(EngineOperation.DescribePath, () => Daemon.Stat(id, path), cancellationToken);
    }

    async Task<ContainerArchive> IEngineContainers.OpenArchiveAsync(string id, string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (stat, archive) = await Call(EngineOperation.ReadArchive, () => Daemon.Pack(id, path), cancellationToken);
        return new ContainerArchive(stat, new MemoryStream(archive, writable: false));
    }

    async Task IEngineContainers.ExtractArchiveAsync(string id, string path, Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(archive);
        using var content = new MemoryStream();
        await archive.CopyToAsync(content, cancellationToken);
        await Call(EngineOperation.WriteArchive, () => Daemon.Unpack(id, path, content.ToArray(), mayReplaceDirectories), cancellationToken);
    }

    async Task<Stream> IEngineContainers.ExportAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new MemoryStream(await Call(EngineOperation.ExportContainer, () => Daemon.Export(id), cancellationToken), writable: false);
    }

    Task<string> IEngineExecs.CreateAsync(string container, ExecConfig config, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        ArgumentNullException.ThrowIfNull(config);
        return Call(EngineOperation.CreateExec, () => Daemon.Execs.Create(container, config), cancellationToken);
    }

    Task<IContainerStreams> IEngineExecs.StartAsync(string exec, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(exec);
        return OpenAsync<IContainerStreams, InMemoryPipe>(EngineOperation.StartExec, () => Daemon.Execs.Start(this, exec, isDetached: false)!, cancellationToken);
    }

    Task IEngineExecs.StartDetachedAsync(string exec, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(exec);
        return Call(EngineOperation.StartExec, () => { _ = Daemon.Execs.Start(this, exec, isDetached: true); }, cancellationToken);
    }

    Task<ExecState> IEngineExecs.InspectAsync(string exec, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(exec);
        return Call(EngineOperation.InspectExec, () => Daemon.Execs.Inspect(exec), cancellationToken);
    }

    Task IEngineExecs.ResizeAsync(string exec, int columns, int rows, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(exec);
        return Reach().CallAsync(this, EngineOperation.ResizeExec, () => Done(Daemon.Execs.Resize(exec)), cancellationToken);
    }

    private async Task<T> OpenAsync<T, TConnection>(EngineOperation operation, Func<TConnection> open, CancellationToken cancellationToken)
        where TConnection : InMemoryConnection, T
    {
        TConnection? opened = null;
        try
        {
            return await Call<T>(operation, () => opened = Daemon.Connections.Befall(open()), cancellationToken);
        }
        catch (Exception) when (opened is not null)
        {
            // The daemon opened it, but nobody is there to use it.
            await opened.DisposeAsync();
            throw;
        }
    }
}
