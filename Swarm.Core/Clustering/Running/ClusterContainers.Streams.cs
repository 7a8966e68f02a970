using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class ClusterContainers
{
    private static readonly LogOptions _wholeLog = new();
    private static readonly AttachOptions _bothOutputs = new();
    private static readonly RunToCompletionOptions _runDefault = new();

    public Task<ContainerExit> WaitAsync(string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default) =>
        callers.DoAsync("wait for container", (run, token) => run.Waiter.WaitAsync(run.Finder.Find(container), condition, token), cancellationToken);

    public Task<IContainerOutput> OpenLogsAsync(string container, LogOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(container, "read logs", (engine, id, token) => engine.Containers.OpenLogsAsync(id, options ?? _wholeLog, token), cancellationToken);

    public Task<IContainerStreams> AttachAsync(string container, AttachOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(container, "attach to container", (engine, id, token) => engine.Containers.AttachAsync(id, options ?? _bothOutputs, token), cancellationToken);

    public Task<IContainerExec> OpenExecAsync(string container, ExecConfig config, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        return callers.DoAsync(
            "start exec",
            async (run, token) =>
            {
                run.Requests.CheckCommand(config.Command, container);
                return (IContainerExec)await run.Execs.OpenAsync(run.Finder.Find(container), config, token);
            },
            cancellationToken);
    }

    public Task<ExecResult> ExecAsync(string container, ExecConfig config, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegative(maxOutputBytes);
        return callers.DoAsync(
            "run exec",
            (run, token) =>
            {
                run.Requests.CheckCommand(config.Command, container);
                return run.Execs.RunAsync(run.Finder.Find(container), config, input, maxOutputBytes, token);
            },
            cancellationToken);
    }

    public Task<ExecResult> ExecAsync(string container, ImmutableArray<string> command, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default) =>
        ExecAsync(container, new ExecConfig { Command = command }, input, maxOutputBytes, cancellationToken);

    public Task<ContainerStats> GetStatsAsync(string container, CancellationToken cancellationToken = default) =>
        CallAsync(container, "read stats", (engine, id, token) => engine.Containers.GetStatsAsync(id, token), cancellationToken);

    public Task<IContainerStatsStream> OpenStatsAsync(string container, CancellationToken cancellationToken = default) =>
        CallAsync(container, "read stats", (engine, id, token) => engine.Containers.OpenStatsAsync(id, token), cancellationToken);

    public Task<PathStat> StatPathAsync(string container, string path, CancellationToken cancellationToken = default) =>
        CallAsync(container, "describe path", (engine, id, token) => engine.Containers.StatPathAsync(id, path, token), cancellationToken);

    public Task<ContainerArchive> OpenArchiveAsync(string container, string path, CancellationToken cancellationToken = default) =>
        callers.DoAsync("read archive", (run, token) => run.Archives.OpenAsync(run.Finder.Find(container), path, token), cancellationToken);

    public Task ExtractArchiveAsync(string container, string path, Stream archive, bool mayReplaceDirectories = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return callers.DoAsync("write archive", (run, token) => run.Archives.ExtractAsync(run.Finder.Find(container), path, archive, mayReplaceDirectories, token), cancellationToken);
    }

    public Task<Stream> ExportAsync(string container, CancellationToken cancellationToken = default) =>
        callers.DoAsync("export container", (run, token) => run.Archives.ExportAsync(run.Finder.Find(container), token), cancellationToken);

    public Task<CompletedRun> RunToCompletionAsync(ContainerConfig config, RunToCompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var chosen = options ?? _runDefault;
        ArgumentOutOfRangeException.ThrowIfNegative(chosen.MaxOutputBytes, nameof(options));
        if (chosen.Input is not null && !(config.Typed.OpenStdin && config.Typed.StdinOnce))
        {
            throw new ArgumentException("There is input, but the container does not ask for OpenStdin and StdinOnce.", nameof(options));
        }

        return callers.DoAsync("run job", (run, token) => run.Jobs.RunAsync(config, chosen, token), cancellationToken);
    }

    private Task<T> CallAsync<T>(string container, string operation, Func<IEngine, string, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        callers.DoAsync(operation, (run, token) => run.Calls.CallAsync(run.Finder.Find(container), operation, run.Limits.Call, call, token), cancellationToken);
}
