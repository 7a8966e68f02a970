using System.Net;
using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    private static readonly TimeSpan _statsInterval = TimeSpan.FromSeconds(1);

    public InMemoryWait Wait(InMemoryEngineHandle handle, string id, WaitCondition condition) => Do(() =>
    {
        var container = Find(id);
        var wait = new InMemoryWait(handle);
        if (condition == WaitCondition.NotRunning && !container.IsRunning)
        {
            _runtime.Afterwards(() => wait.Answer(new ContainerExit(container.ExitCode)));
            return wait;
        }

        container.Waits.Add((condition, wait));
        Connections.Keep(wait, () => container.Waits.RemoveAll(each => each.Wait == wait));
        return wait;
    });

    public InMemoryPipe OpenLogs(InMemoryEngineHandle handle, string id, LogOptions options) => Do(() =>
    {
        if (!options.StandardOutput && !options.StandardError)
        {
            throw DaemonErrorException.BadRequest("Bad parameters: you must choose at least one stream");
        }

        var container = Find(id);
        if (container.Host["LogConfig"] is System.Text.Json.Nodes.JsonObject log && Same(log.LooseText("Type"), "none"))
        {
            throw new DaemonErrorException(HttpStatusCode.NotImplemented, "configured logging driver does not support reading");
        }

        var pipe = new InMemoryPipe(handle, EngineOperation.ReadLogs, container.HasTerminal, hasInput: false)
        {
            TakesOutput = options.StandardOutput,
            TakesError = options.StandardError,
            Timestamps = options.Timestamps,
        };
        IEnumerable<InMemoryLogEntry> entries = container.Log
            .Where(entry => (entry.Source == OutputSource.StandardError ? options.StandardError : options.StandardOutput)
                && (options.Since is not { } since || entry.Time >= since)
                && (options.Until is not { } until || entry.Time <= until));
        foreach (var entry in options.Tail is { } tail ? entries.TakeLast(tail) : entries)
        {
            pipe.Offer(entry.ToChunk(options.Timestamps));
        }

        if (options.Follow && container.IsRunning)
        {
            container.Pipes.Add(pipe);
            Connections.Keep(pipe, () => container.Pipes.Remove(pipe));
        }
        else
        {
            _runtime.Afterwards(pipe.End);
        }

        return pipe;
    });

    public InMemoryPipe Attach(InMemoryEngineHandle handle, string id, AttachOptions options) => Do(() =>
    {
        var container = Find(id);
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict($"container {container.Id} is paused, unpause the container before attach");
        }

        if (container.IsRestarting)
        {
            throw DaemonErrorException.Conflict($"container {container.Id} is restarting, wait until the container is running");
        }

        var pipe = new InMemoryPipe(handle, EngineOperation.AttachContainer, container.HasTerminal, options.Input)
        {
            IsAttached = true,
            TakesOutput = options.StandardOutput,
            TakesError = options.StandardError,
        };
        pipe.Received = data => Do(() => Receive(container, data));
        pipe.InputClosed = () => Do(() => CloseInput(container, pipe));
        if (options.Logs)
        {
            foreach (var entry in container.Log)
            {
                pipe.Offer(entry.ToChunk(timestamps: false));
            }
        }

        container.Pipes.Add(pipe);
        Connections.Keep(pipe, () =>
        {
            container.Pipes.Remove(pipe);
            if (_runtime.IsUp && options.Input && container.Config.Flag("StdinOnce"))
            {
                CloseInput(container, pipe);
            }
        });
        Events.Publish(container, "attach");
        return pipe;
    });

    public ContainerStats Stats(string id) => Do(() => ReadStats(Find(id)));

    public InMemoryStats OpenStats(InMemoryEngineHandle handle, string id) => Do(() =>
    {
        var container = Find(id);
        var stats = new InMemoryStats(handle);
        Connections.Keep(stats, () => CallOff(stats.Next));
        Tick();
        return stats;

        void Tick()
        {
            if (Connections.IsOpen(stats))
            {
                stats.Offer(ReadStats(container));
                stats.Next = Ring(_statsInterval, _ => Tick());
            }
        }
    });

    public PathStat Stat(string id, string path) => Do(() => StatOf(Find(id), path));

    public (PathStat Stat, byte[] Archive) Pack(string id, string path) => Do(() =>
    {
        var container = Find(id);
        var stat = StatOf(container, path);
        var archive = FilesOf(container).Pack(path);
        Events.Publish(container, "archive-path");
        return (stat, archive);
    });

    public byte[] Export(string id) => Do(() =>
    {
        var container = Find(id);
        var archive = FilesOf(container).Pack("/");
        Events.Publish(container, "export");
        return archive;
    });

    public void Unpack(string id, string path, byte[] archive, bool mayReplaceDirectories) => Do(() =>
    {
        var container = Find(id);
        if (!StatOf(container, path).IsDirectory)
        {
            throw DaemonErrorException.Internal("extraction point is not a directory");
        }

        try
        {
            foreach (var (written, isNew) in FilesOf(container).Unpack(path, archive, mayReplaceDirectories, Now))
            {
                if (!container.Changes.Exists(change => Same(change.Path, written)))
                {
                    container.Changes.Add(new FileChange(written, isNew ? FileChangeKind.Added : FileChangeKind.Modified));
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw DaemonErrorException.Internal($"Error processing tar file(exit status 1): {error.Message}");
        }

        Events.Publish(container, "extract-to-dir");
    });

    public void WriteOutput(string id, string text, OutputSource source) => Do(() => Emit(FindRunning(id), source, text));

    private void PlanOutput(InMemoryContainer container, InMemoryRun run)
    {
        foreach (var due in container.Process.LaterOutputs)
        {
            run.Writes.Add(Ring(due, _ => WriteDue(container, run, due)));
        }

        WriteDue(container, run, TimeSpan.Zero);
    }

    /// <summary>Gives a process what was written to its input before it was started.</summary>
    /// <returns>Whether it reads to the end of its input at once.</returns>
    private bool TakeEarlyInput(InMemoryContainer container)
    {
        container.EarlyInput.ForEach(data => Emit(container, OutputSource.StandardOutput, data));
        container.EarlyInput.Clear();
        var isClosed = container.IsInputClosedEarly || !container.Config.Flag("OpenStdin");
        container.IsInputClosedEarly = false;
        return isClosed && container.Process.EchoesInput;
    }

    private void WriteDue(InMemoryContainer container, InMemoryRun run, TimeSpan until)
    {
        if (container.Run == run)
        {
            run.Written = container.Process.WriteDue(run.Written, until, (source, text) => Emit(container, source, text));
        }
    }

    // What was to be written by then is, whichever timer rings first.
    private void EndedByItself(InMemoryContainer container, InMemoryRun run)
    {
        WriteDue(container, run, container.Process.RunsFor ?? TimeSpan.Zero);
        if (container.Process.RunsOutOfMemory)
        {
            RanOutOfMemory(container, run);
        }
        else
        {
            Ended(container, run, container.Process.ExitCode);
        }
    }

    private void Emit(InMemoryContainer container, OutputSource source, string text) =>
        Emit(container, source, Encoding.UTF8.GetBytes(container.HasTerminal ? text.ReplaceLineEndings("\r\n") : text));

    private void Emit(InMemoryContainer container, OutputSource source, ReadOnlyMemory<byte> data)
    {
        var kept = container.HasTerminal ? OutputSource.StandardOutput : source;
        List<InMemoryLogEntry> lines = [];
        for (var rest = data; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var length = end < 0 ? rest.Length : end + 1;
            lines.Add(new InMemoryLogEntry(Now, kept, rest[..length]));
            rest = rest[length..];
        }

        container.Log.AddRange(lines);
        foreach (var pipe in container.Pipes)
        {
            if (pipe.IsAttached)
            {
                pipe.Offer(new OutputChunk(kept, data));
            }
            else
            {
                lines.ForEach(line => pipe.Offer(line.ToChunk(pipe.Timestamps)));
            }
        }
    }

    private void Receive(InMemoryContainer container, ReadOnlyMemory<byte> data)
    {
        if (!container.Config.Flag("OpenStdin") || !container.Process.EchoesInput)
        {
            return;
        }

        if (container.Run is null)
        {
            container.EarlyInput.Add(data);
        }
        else
        {
            Emit(container, OutputSource.StandardOutput, data);
        }
    }

    // An input that is to stay open for others outlives the client, whose connection the daemon ends instead.
    private void CloseInput(InMemoryContainer container, InMemoryPipe pipe)
    {
        if (!container.Config.Flag("StdinOnce"))
        {
            container.Pipes.Remove(pipe);
            Connections.EndLater(pipe);
        }
        else if (container.Run is not { } run)
        {
            container.IsInputClosedEarly = true;
        }
        else if (container.Process.EchoesInput)
        {
            EndedByItself(container, run);
        }
    }

    /// <summary>Tells all who wait for a container that it ended, or was removed.</summary>
    private void SeeOff(InMemoryContainer container, bool isRemoved)
    {
        HasEnded?.Invoke(container, isRemoved);
        var exit = new ContainerExit(container.ExitCode);
        foreach (var (condition, wait) in container.Waits.ToArray())
        {
            if (isRemoved || condition != WaitCondition.Removed)
            {
                container.Waits.RemoveAll(each => each.Wait == wait);
                Connections.Remove(wait);
                _runtime.Afterwards(() => wait.Answer(exit));
            }
        }

        container.Pipes.ForEach(Connections.EndLater);
        container.Pipes.Clear();
        Execs.Forget(container);
    }

    private ContainerStats ReadStats(InMemoryContainer container)
    {
        if (!container.HasProcess)
        {
            return new ContainerStats();
        }

        var limit = container.Host.Number("Memory");
        var hasNetwork = !Same(container.NetworkMode, "none");
        return new ContainerStats
        {
            Time = Now,
            CpuNanoseconds = (long)((Now - container.StartedAt).Ticks * TimeSpan.NanosecondsPerTick * container.Process.UsedCpus),
            CpusInUse = container.Process.UsedCpus,
            OnlineCpus = _cpus,
            ThrottledPeriods = 0,
            MemoryBytes = container.Process.UsedMemoryBytes,
            MemoryLimitBytes = limit > 0 ? limit : _memoryBytes,
            NetworkReceivedBytes = hasNetwork ? 0 : null,
            NetworkSentBytes = hasNetwork ? 0 : null,
            BlockReadBytes = 0,
            BlockWrittenBytes = 0,
            Pids = 1 + Execs.RunningIn(container),
        };
    }

    private static InMemoryFileSystem FilesOf(InMemoryContainer container) =>
        container.Files ??= new InMemoryFileSystem(container.Image?.Files ?? [], container.Created);

    private static PathStat StatOf(InMemoryContainer container, string path) =>
        FilesOf(container).Stat(path) ?? throw DaemonErrorException.NotFound($"Could not find the file {path} in container {container.Id}");
}
