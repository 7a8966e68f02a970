using System.Globalization;
using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>The execs of a simulated daemon, with their processes and outputs.</summary>
internal sealed class DaemonExecs(
    DaemonRuntime runtime, DaemonEvents events, DaemonConnections connections, IdSource ids, Func<string, InMemoryContainer> findRunning)
{
    private const int ExitCodeOfWhatCannotRun = 126;
    private const int FirstExecProcessId = 10_000;

    private readonly SortedDictionary<string, InMemoryExec> _execs = new(StringComparer.Ordinal);
    private int _execCount;

    public string Create(string id, ExecConfig config) => runtime.Do(() =>
    {
        if (config.Command.IsDefaultOrEmpty)
        {
            throw DaemonErrorException.BadRequest("No exec command specified");
        }

        var container = findRunning(id);
        EnsureNotPaused(container);
        var exec = new InMemoryExec
        {
            Id = ids.NextId(),
            Container = container,
            Config = config,
            ProcessId = FirstExecProcessId + _execCount++,
            Process = container.Image!.ProcessFor(config.Command),
        };
        _execs.Add(exec.Id, exec);
        events.Publish(container, $"exec_create: {string.Join(' ', config.Command)}", ("execID", exec.Id));
        return exec.Id;
    });

    /// <summary>Starts an exec.</summary>
    /// <returns>The connection to it; <see langword="null"/> when none was asked for.</returns>
    public InMemoryPipe? Start(InMemoryEngineHandle handle, string id, bool isDetached) => runtime.Do(() =>
    {
        var exec = Find(id);
        if (exec.WasStarted)
        {
            throw DaemonErrorException.Conflict(exec.IsRunning ? "the exec is running already" : "the exec has run already");
        }

        EnsureNotPaused(exec.Container);
        InMemoryPipe? pipe = null;
        if (!isDetached)
        {
            pipe = new InMemoryPipe(handle, EngineOperation.StartExec, exec.Config.Terminal, exec.Config.Input)
            {
                IsAttached = true,
                TakesOutput = exec.Config.StandardOutput,
                TakesError = exec.Config.StandardError,
                Received = data => runtime.Do(() => Receive(exec, data)),
                InputClosed = () => runtime.Do(() => CloseInput(exec)),
            };
            exec.Pipe = pipe;
            connections.Keep(pipe, () => exec.Pipe = null);
        }

        exec.WasStarted = true;
        exec.IsRunning = true;
        runtime.Afterwards(() => exec.Started.TrySetResult());
        events.Publish(exec.Container, $"exec_start: {string.Join(' ', exec.Config.Command)}", ("execID", exec.Id));
        Run(exec, isDetached);
        return pipe;
    });

    public ExecState Inspect(string id) => runtime.Do(() =>
    {
        var exec = Find(id);
        return new ExecState
        {
            Id = exec.Id,
            ContainerId = exec.Container.Id,
            IsRunning = exec.IsRunning,
            ExitCode = exec.ExitCode,
            IsTerminal = exec.Config.Terminal,
            ProcessId = exec.WasStarted && exec.Process.StartError is null ? exec.ProcessId : null,
        };
    });

    /// <summary>Changes the size of an exec's terminal.</summary>
    /// <returns>A task that ends once it was started: the daemon does not answer before.</returns>
    public Task Resize(string id) => runtime.Do(() =>
    {
        var exec = Find(id);
        return exec.WasStarted && !exec.IsRunning ? throw DaemonErrorException.NotFound("no such exec") : exec.Started.Task;
    });

    private InMemoryExec Find(string id) =>
        _execs.TryGetValue(id, out var exec) ? exec : throw DaemonErrorException.NotFound($"No such exec instance: {id}");

    private static void EnsureNotPaused(InMemoryContainer container)
    {
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} is paused, unpause the container before exec");
        }
    }

    private void Run(InMemoryExec exec, bool isDetached)
    {
        var process = exec.Process;
        if (process.StartError is { } error)
        {
            // A client that is attached gets the error as output; only one that is not can be told by a status.
            EndedBy(exec, ExitCodeOfWhatCannotRun, error + "\r\n");
            if (isDetached)
            {
                throw DaemonErrorException.BadRequest(error);
            }

            return;
        }

        foreach (var due in process.LaterOutputs)
        {
            exec.Alarms.Add(runtime.Ring(due, _ => WriteDue(exec, due)));
        }

        WriteDue(exec, TimeSpan.Zero);
        var isAtEndOfInput = process.EchoesInput && (isDetached || !exec.Config.Input);
        if ((isAtEndOfInput ? TimeSpan.Zero : process.RunsFor) is not { } runsFor)
        {
            return;
        }

        if (runsFor <= TimeSpan.Zero)
        {
            EndedByItself(exec);
        }
        else
        {
            exec.Alarms.Add(runtime.Ring(runsFor, _ => EndedByItself(exec)));
        }
    }

    private static void WriteDue(InMemoryExec exec, TimeSpan until)
    {
        if (exec.IsRunning)
        {
            exec.Written = exec.Process.WriteDue(exec.Written, until, (source, text) => Emit(exec, source, text));
        }
    }

    private static void Emit(InMemoryExec exec, OutputSource source, string text) => exec.Pipe?.Offer(
        exec.Config.Terminal
            ? new OutputChunk(OutputSource.StandardOutput, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")))
            : new OutputChunk(source, Encoding.UTF8.GetBytes(text)));

    private static void Receive(InMemoryExec exec, ReadOnlyMemory<byte> data)
    {
        if (exec.IsRunning && exec.Process.EchoesInput)
        {
            exec.Pipe?.Offer(new OutputChunk(OutputSource.StandardOutput, data));
        }
    }

    private void CloseInput(InMemoryExec exec)
    {
        if (exec.Process.EchoesInput)
        {
            EndedByItself(exec);
        }
    }

    private void EndedByItself(InMemoryExec exec)
    {
        WriteDue(exec, exec.Process.RunsFor ?? TimeSpan.Zero);
        EndedBy(exec, exec.Process.ExitCode, lastWords: null);
    }

    private void EndedBy(InMemoryExec exec, int exitCode, string? lastWords)
    {
        if (!exec.IsRunning)
        {
            return;
        }

        if (lastWords is not null)
        {
            Emit(exec, OutputSource.StandardOutput, lastWords);
        }

        exec.IsRunning = false;
        exec.ExitCode = exitCode;
        exec.Alarms.ForEach(runtime.CallOff);
        if (exec.Pipe is { } pipe)
        {
            exec.Pipe = null;
            connections.EndLater(pipe);
        }

        events.Publish(exec.Container, "exec_die", ("execID", exec.Id), ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Tells how many execs run in a container. Called under the lock.</summary>
    public int RunningIn(InMemoryContainer container) => _execs.Values.Count(exec => exec.Container == container && exec.IsRunning);

    /// <summary>Forgets all execs: what a daemon knows of them ends with it, whatever becomes of their processes. Called under the lock.</summary>
    public void Forget()
    {
        foreach (var exec in _execs.Values)
        {
            exec.Alarms.ForEach(runtime.CallOff);
            runtime.Afterwards(() => exec.Started.TrySetResult());
        }

        _execs.Clear();
    }

    /// <summary>Ends and forgets the execs of a container that has ended. Called under the lock.</summary>
    public void Forget(InMemoryContainer container)
    {
        foreach (var exec in _execs.Values.Where(exec => exec.Container == container).ToArray())
        {
            EndedBy(exec, Signals.ExitCodeWhenKilled, lastWords: null);
            _execs.Remove(exec.Id);
            runtime.Afterwards(() => exec.Started.TrySetResult());
        }
    }
}
