using System.Collections.Immutable;
using System.Text.Json;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

internal sealed partial class ClusterContainers
{
    private static readonly LogOptions _wholeLog = new();
    private static readonly AttachOptions _bothOutputs = new();
    private static readonly RunToCompletionOptions _runDefault = new();

    // An engine that does not answer must not hold up the stop of the cluster.
    private static readonly TimeSpan _removedBeforeStop = TimeSpan.FromSeconds(1);

    private readonly ContainerWaiter _waiter = new(cluster);

    public Task<ContainerExit> WaitAsync(string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default) =>
        cluster.WorkAsync((run, token) => _waiter.WaitAsync(run, Find(run, container), condition, token), cancellationToken, "wait for container");

    public Task<IContainerOutput> OpenLogsAsync(string container, LogOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(container, "read logs", (engine, id, token) => engine.Containers.OpenLogsAsync(id, options ?? _wholeLog, token), cancellationToken);

    public Task<IContainerStreams> AttachAsync(string container, AttachOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(container, "attach to container", (engine, id, token) => engine.Containers.AttachAsync(id, options ?? _bothOutputs, token), cancellationToken);

    public Task<IContainerExec> OpenExecAsync(string container, ExecConfig config, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        return cluster.WorkAsync(
            async (run, token) =>
            {
                cluster.Settings.Requests.CheckCommand(config.Command, container);
                return (IContainerExec)await OpenExecOnAsync(run, Find(run, container), config, token);
            },
            cancellationToken,
            "start exec");
    }

    public Task<ExecResult> ExecAsync(string container, ExecConfig config, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegative(maxOutputBytes);
        return cluster.WorkAsync(
            async (run, token) =>
            {
                cluster.Settings.Requests.CheckCommand(config.Command, container);
                var exec = await OpenExecOnAsync(run, Find(run, container), config with { Input = input is not null }, token);
                await using var done = Closing(exec);
                using var talk = new ProcessTalk(exec, input, maxOutputBytes, cluster.Time, token);
                try
                {
                    var output = await talk.Output;

                    // The end of the output may be that of the connection: only the engine knows whether the process ended.
                    return new ExecResult(await exec.WaitAsync(token), output);
                }
                finally
                {
                    await talk.EndAsync();
                }
            },
            cancellationToken,
            "run exec");
    }

    public Task<ExecResult> ExecAsync(string container, ImmutableArray<string> command, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default) =>
        ExecAsync(container, new ExecConfig { Command = command }, input, maxOutputBytes, cancellationToken);

    public Task<ContainerStats> GetStatsAsync(string container, CancellationToken cancellationToken = default) =>
        AskAsync(container, "read stats", (engine, id, token) => engine.Containers.GetStatsAsync(id, token), cancellationToken);

    public Task<IContainerStatsStream> OpenStatsAsync(string container, CancellationToken cancellationToken = default) =>
        OpenAsync(container, "read stats", (engine, id, token) => engine.Containers.OpenStatsAsync(id, token), cancellationToken);

    public Task<PathStat> StatPathAsync(string container, string path, CancellationToken cancellationToken = default) =>
        AskAsync(container, "describe path", (engine, id, token) => engine.Containers.StatPathAsync(id, path, token), cancellationToken);

    public Task<ContainerArchive> OpenArchiveAsync(string container, string path, CancellationToken cancellationToken = default) =>
        OpenAsync(
            container,
            "read archive",
            async (engine, id, token) =>
            {
                var archive = await engine.Containers.OpenArchiveAsync(id, path, token);
                return new ContainerArchive(archive.Stat, Watched(engine, "read archive", archive.Content));
            },
            cancellationToken);

    public Task ExtractArchiveAsync(string container, string path, Stream archive, bool mayReplaceDirectories = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var limit = cluster.Options.TransferIdleTimeout;
        return cluster.WorkAsync(
            async (run, token) =>
            {
                using var idle = new IdleClock(limit, cluster.Time, token);
                await using var watched = new IdleWatchedSource(archive, idle);
                var found = Find(run, container);
                try
                {
                    await run.Calls.CallAsync(
                        found,
                        "write archive",
                        Timeout.InfiniteTimeSpan,
                        (engine, id, given) => engine.Containers.ExtractArchiveAsync(id, path, watched, mayReplaceDirectories, given),
                        idle.Token);
                }
                catch (OperationCanceledException exception) when (idle.IsOver && !token.IsCancellationRequested)
                {
                    throw new EngineTimeoutException(run.Engines.Find(found.EngineId).Address, "write archive", limit, exception);
                }
            },
            cancellationToken,
            "write archive");
    }

    public Task<Stream> ExportAsync(string container, CancellationToken cancellationToken = default) =>
        OpenAsync<Stream>(
            container,
            "export container",
            async (engine, id, token) => Watched(engine, "export container", await engine.Containers.ExportAsync(id, token)),
            cancellationToken);

    public Task<CompletedRun> RunToCompletionAsync(ContainerConfig config, RunToCompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var chosen = options ?? _runDefault;
        ArgumentOutOfRangeException.ThrowIfNegative(chosen.MaxOutputBytes, nameof(options));
        if (chosen.Input is not null && !(config.Typed.OpenStdin && config.Typed.StdinOnce))
        {
            throw new ArgumentException("There is input, but the container does not ask for OpenStdin and StdinOnce.", nameof(options));
        }

        return cluster.WorkAsync(
            async (run, token) =>
            {
                var created = await _placer.CreateAsync(run, config, chosen.Placement, token);
                var container = created.Container ?? throw new PlacementException(created.Placement);
                var keep = false;
                try
                {
                    var completed = await CompleteAsync(run, container, config, chosen, token);
                    keep = chosen.Keep;
                    return completed;
                }
                finally
                {
                    if (!keep)
                    {
                        await RemoveNowOrLaterAsync(run, container);
                    }
                }
            },
            cancellationToken,
            "run job");
    }

    private async Task<CompletedRun> CompleteAsync(SwarmCluster.Run run, ClusterContainer container, ContainerConfig config, RunToCompletionOptions options, CancellationToken cancellationToken)
    {
        // Attached and waiting before it starts, nothing of a container is missed, however short its life is.
        var streams = await OpenOnAsync(
            run,
            container,
            "attach to container",
            (engine, id, token) => engine.Containers.AttachAsync(id, new AttachOptions { Input = options.Input is not null }, token),
            cancellationToken);
        await using var streamed = Closing(streams);
        var wait = await OpenOnAsync(
            run,
            container,
            "wait for container",
            (engine, id, token) => engine.Containers.OpenWaitAsync(id, WaitCondition.NextExit, token),
            cancellationToken);
        await using var waited = Closing(wait);
        using var talk = new ProcessTalk(streams, options.Input, options.MaxOutputBytes, cluster.Time, cancellationToken);
        try
        {
            var started = await ContainerPlacer.StartNewAsync(run, container, config, () => StartOnAsync(run, container, cancellationToken));
            var (exit, wasInterrupted) = await _waiter.WaitAsync(run, container, wait, cancellationToken);
            var (output, isComplete) = await FinishOutputAsync(run, container, talk, wasInterrupted, options.MaxOutputBytes, cancellationToken);
            var error = exit.Error is { } text ? CleanText.Of(Redaction.Of(config).Apply(text)) : null;
            return new CompletedRun(started, exit.ExitCode, error, output, isComplete);
        }
        finally
        {
            await talk.EndAsync();
        }
    }

    private async Task<(CollectedOutput Output, bool IsComplete)> FinishOutputAsync(SwarmCluster.Run run, ClusterContainer container, ProcessTalk talk, bool wasInterrupted, int maxBytes, CancellationToken cancellationToken)
    {
        // When the engine was lost meanwhile, the end of the output may be that of the connection, however orderly it looks.
        if (!wasInterrupted)
        {
            var exitSeenAt = cluster.Time.GetTimestamp();
            try
            {
                var output = await talk.Output.WaitAsync(cluster.Options.CallTimeout, cluster.Time, cancellationToken);

                // Nor need it be the process's when that went on for long after: something on the way may have ended the connection.
                if (cluster.Time.GetElapsedTime(talk.OutputEndedAt, exitSeenAt) <= cluster.Options.CallTimeout)
                {
                    return (output, true);
                }
            }
            catch (Exception exception) when (exception is EngineException or TimeoutException)
            {
                // Only the connection of the output was lost.
            }
        }

        await talk.EndAsync();
        if (!talk.IsInputSent)
        {
            // A process that reads the end of half its input may well call that a success.
            throw new EngineUnreachableException(
                run.Engines.Find(container.EngineId).Address,
                "run job",
                "the connection was lost before the container had been given all its input");
        }

        // What the engine keeps of the output is as good, where it keeps all.
        try
        {
            var (log, isWhole) = await ReadLogAsync(run, container, maxBytes, cancellationToken);
            return Continues(talk.SoFar, log) ? (log, isWhole) : (talk.SoFar, false);
        }
        catch (Exception exception) when (exception is SwarmException or JsonException)
        {
            return (talk.SoFar, false);
        }
    }

    private async Task<(CollectedOutput Log, bool IsWhole)> ReadLogAsync(SwarmCluster.Run run, ClusterContainer container, int maxBytes, CancellationToken cancellationToken)
    {
        var isWhole = await run.Calls.CallAsync(
            container,
            "read logs",
            cluster.Options.CallTimeout,
            async (engine, id, token) =>
            {
                var inspection = await engine.Containers.InspectAsync(id, token);
                return LogDriverReader.KeepsAll(inspection.Json.Span);
            },
            cancellationToken);
        var log = await OpenOnAsync(run, container, "read logs", (engine, id, token) => engine.Containers.OpenLogsAsync(id, _wholeLog, token), cancellationToken);
        await using var read = Closing(log);
        using var idle = new IdleClock(cluster.Options.TransferIdleTimeout, cluster.Time, cancellationToken);
        using var given = new HostToken(idle.Token);
        var collector = new OutputCollector(maxBytes);
        try
        {
            while (await log.ReadAsync(given.Token).OrUntilAsync(idle.Token) is { } chunk)
            {
                collector.Add(chunk);
                idle.Restart();
            }
        }
        catch (OperationCanceledException) when (idle.IsOver && !cancellationToken.IsCancellationRequested)
        {
            isWhole = false;
        }

        return (collector.ToOutput(), isWhole);
    }

    // A log that was cut at its beginning, or lacks lines, does not go on from what has been seen.
    private static bool Continues(CollectedOutput seen, CollectedOutput log) =>
        log.TotalBytes >= seen.TotalBytes && Agree(seen.StandardOutputBytes.Span, log.StandardOutputBytes.Span) && Agree(seen.StandardErrorBytes.Span, log.StandardErrorBytes.Span);

    private static bool Agree(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = Math.Min(one.Length, other.Length);
        return one[..length].SequenceEqual(other[..length]);
    }

    // Whoever gave up must not wait for ever for what is left; whoever did not finds the container gone.
    private async Task RemoveNowOrLaterAsync(SwarmCluster.Run run, ClusterContainer container)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, cluster.Time);
        using var whenStopped = run.Work.Stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(_removedBeforeStop), limit);
        try
        {
            await run.Calls.CallAsync(
                container,
                "remove container",
                cluster.Options.CallTimeout,
                (engine, id, token) => engine.Containers.RemoveAsync(id, force: true, removeVolumes: true, token),
                limit.Token);
            await run.Refresher.RefreshAsync(container, run.Work.Stopping);
        }
        catch (ContainerNotFoundException)
        {
            // It removed itself, or somebody else did.
        }
        catch (Exception exception) when (exception is SwarmException or OperationCanceledException)
        {
            RemoveInBackground(run, container);
        }
    }

    private async Task<ClusterExec> OpenExecOnAsync(SwarmCluster.Run run, ClusterContainer container, ExecConfig config, CancellationToken cancellationToken)
    {
        var id = "";
        var streams = await OpenOnAsync(
            run,
            container,
            "start exec",
            async (engine, containerId, token) =>
            {
                return await Redaction.Of(config).GuardAsync(engine.Address, "start exec", async () =>
                {
                    id = await engine.Execs.CreateAsync(containerId, config, token);
                    return await engine.Execs.StartAsync(id, token);
                });
            },
            cancellationToken);
        return new ClusterExec(cluster, run, container.EngineId, id, streams);
    }

    private BoundedDisposal Closing(IAsyncDisposable opened) => new(opened, cluster.Options.CallTimeout, cluster.Time);

    private IdleLimitedStream Watched(IEngine engine, string operation, Stream content) =>
        new IdleLimitedStream(content, engine.Address, operation, cluster.Options.TransferIdleTimeout, cluster.Time);

    private Task<T> AskAsync<T>(string container, string operation, Func<IEngine, string, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        cluster.WorkAsync((run, token) => run.Calls.CallAsync(Find(run, container), operation, cluster.Options.CallTimeout, ask, token), cancellationToken, operation);

    private Task<T> OpenAsync<T>(string container, string operation, Func<IEngine, string, CancellationToken, Task<T>> open, CancellationToken cancellationToken)
        where T : IAsyncDisposable =>
        cluster.WorkAsync((run, token) => OpenOnAsync(run, Find(run, container), operation, open, token), cancellationToken, operation);

    private Task<T> OpenOnAsync<T>(SwarmCluster.Run run, ClusterContainer container, string operation, Func<IEngine, string, CancellationToken, Task<T>> open, CancellationToken cancellationToken)
        where T : IAsyncDisposable =>
        run.Calls.CallAsync(container, operation, cluster.Options.CallTimeout, open, cancellationToken);
}
